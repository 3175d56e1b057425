/** The audit log: who came and went, who looked at whom, what left the computers; by person, patient, day and sort of event. */
import { useState } from "react";
import { useView } from "../../backend-context";
import { Button } from "../../components/Button";
import { EmptyState } from "../../components/EmptyState";
import { Loaded } from "../../components/Loaded";
import { PageHeader } from "../../components/PageHeader";
import { AuditTable } from "../../entity/AuditTable";
import type { AuditLog, AuditPlace } from "../../generated/wire";
import { useText } from "../../i18n/useText";
import { Filters, NOTHING_CHOSEN, type Wanted } from "./Filters";

const KINDS = ["audit_event"];

/** The page. */
export function AuditPage() {
  const t = useText();
  const [wanted, setWanted] = useState<Wanted>(NOTHING_CHOSEN);
  /** Where the pages before this one, and this one, begin; the first begins nowhere. */
  const [places, setPlaces] = useState<readonly (AuditPlace | null)[]>([null]);
  const after = places.at(-1) ?? null;
  const log = useView<AuditLog>("audit_log", { ...wanted, after }, { kinds: KINDS, keepPrevious: true });
  const isFiltered = Object.values(wanted).some((each) => each !== null);
  const choose = (next: Wanted) => {
    setWanted(next);
    setPlaces([null]);
  };
  const newer = () => setPlaces(places.slice(0, -1));
  return (
    <div className="flex flex-col gap-4">
      <PageHeader title={t("audit.title")} detail={t("audit.what")} />
      <Filters wanted={wanted} people={log.data?.people ?? []} onChange={choose} />
      <Loaded view={log}>
        {({ lines, next }) => (
          <>
            {lines.length === 0 ? (
              <EmptyState
                title={t(isFiltered ? "audit.none_such" : "audit.none")}
                action={
                  isFiltered && <Button onPress={() => choose(NOTHING_CHOSEN)}>{t("audit.all")}</Button>
                }
              >
                {t(isFiltered ? "audit.none_such.what" : "audit.none.what")}
              </EmptyState>
            ) : (
              <AuditTable caption={t("audit.title")} lines={lines} />
            )}
            <div className="flex gap-2">
              {places.length > 1 && <Button onPress={newer}>{t("audit.newer")}</Button>}
              {next && (
                <Button isPending={log.isPlaceholderData} onPress={() => setPlaces([...places, next])}>
                  {t("audit.older")}
                </Button>
              )}
            </div>
          </>
        )}
      </Loaded>
    </div>
  );
}
