/** A new key for the records, after somebody left who could have copied it. */
import { RotateCcwKey } from "lucide-react";
import { useState } from "react";
import { useMay } from "../../access";
import { useCommand } from "../../backend-context";
import { Button } from "../../components/Button";
import { ConfirmDialog } from "../../components/ConfirmDialog";
import { ProblemBanner } from "../../components/Loaded";
import { Panel } from "../../components/Panel";
import { sayDone } from "../../components/Toast";
import { useText } from "../../i18n/useText";

/** The panel, for admins alone. */
export function RekeyPart() {
  const t = useText();
  const may = useMay();
  const rekey = useCommand<Record<string, never>, null>("rekey");
  const [asks, setAsks] = useState(false);
  if (!may("write", "person")) return null;
  const send = () =>
    rekey.mutate({}, { onSettled: () => setAsks(false), onSuccess: () => sayDone(t("settings.rekey.done")) });
  return (
    <Panel title={t("settings.rekey")}>
      <p className="mb-3 max-w-prose text-table text-soft">{t("settings.rekey.what")}</p>
      {rekey.error && <ProblemBanner problem={rekey.error} />}
      <Button icon={<RotateCcwKey className="size-4" aria-hidden="true" />} onPress={() => setAsks(true)}>
        {t("settings.rekey.do")}
      </Button>
      <ConfirmDialog
        title={t("settings.rekey.do")}
        isOpen={asks}
        onClose={() => setAsks(false)}
        onConfirm={send}
        confirm={t("settings.rekey.do")}
        isPending={rekey.isPending}
        danger
      >
        <p>{t("settings.rekey.ask")}</p>
      </ConfirmDialog>
    </Panel>
  );
}
