/** The recovery sheet of this computer: which one counts, and making a new one. */
import { FileKey2 } from "lucide-react";
import { useState } from "react";
import { useMay } from "../../access";
import { useCommand } from "../../backend-context";
import { Banner } from "../../components/Banner";
import { Button } from "../../components/Button";
import { ProblemBanner } from "../../components/Loaded";
import { Panel } from "../../components/Panel";
import { useRecords } from "../../entity/records";
import type { NewSheet as Begun, DeskStatus } from "../../generated/wire";
import { useFormat, useText } from "../../i18n/useText";
import { NewSheet } from "./NewSheet";

/** The panel. */
export function RecoveryPart({ status }: { status: DeskStatus }) {
  const t = useText();
  const format = useFormat();
  const may = useMay();
  const people = useRecords("person").data?.data;
  const begin = useCommand<Record<string, never>, Begun>("begin_sheet");
  const [begun, setBegun] = useState<Begun | null>(null);
  const sheet = status.recovery;
  const maker = people?.find((person) => person.id === sheet?.made_by)?.name;
  return (
    <Panel title={t("settings.recovery")}>
      <p className="mb-3 max-w-prose text-table text-soft">{t("settings.recovery.what")}</p>
      {sheet === null ? (
        <Banner tone="watch" title={t("settings.recovery.none")}>
          {t("settings.recovery.none.what")}
        </Banner>
      ) : (
        <p className="max-w-prose text-table">
          {t("settings.recovery.counts", {
            number: sheet.number,
            made: format.dateTime(sheet.made),
            by: typeof maker === "string" ? maker : t("common.not_recorded"),
          })}
        </p>
      )}
      {sheet?.used && (
        <div className="pt-3">
          <Banner tone="watch" title={t("settings.recovery.used", { used: format.dateTime(sheet.used) })}>
            {t("settings.recovery.used.what")}
          </Banner>
        </div>
      )}
      {may("write", "person") && (
        <div className="pt-3">
          <Button
            icon={<FileKey2 className="size-4" aria-hidden="true" />}
            isPending={begin.isPending}
            onPress={() => begin.mutate({}, { onSuccess: setBegun })}
          >
            {t("settings.recovery.make")}
          </Button>
        </div>
      )}
      {begin.error && <ProblemBanner problem={begin.error} />}
      {begun && <NewSheet sheet={begun} onClose={() => setBegun(null)} />}
    </Panel>
  );
}
