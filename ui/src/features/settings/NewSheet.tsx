/** Making a recovery sheet: print it, type one group back from the paper, and it counts. */
import { Printer } from "lucide-react";
import { useState } from "react";
import { useCommand, whenDone } from "../../backend-context";
import { Button } from "../../components/Button";
import { Dialog } from "../../components/Dialog";
import { ProblemBanner } from "../../components/Loaded";
import { TextField } from "../../components/TextField";
import { sayDone } from "../../components/Toast";
import type { NewSheet as Begun } from "../../generated/wire";
import { useText } from "../../i18n/useText";

type Nothing = Record<string, never>;

/** The dialog, open as long as it is drawn. */
export function NewSheet({ sheet, onClose }: { sheet: Begun; onClose(): void }) {
  const t = useText();
  const open = useCommand<Nothing, null>("open_sheet");
  const keep = useCommand<{ group: string }, null>("keep_sheet");
  const drop = useCommand<Nothing, null>("drop_sheet");
  const [typed, setTyped] = useState("");
  const [tried, setTried] = useState(false);
  const close = () => {
    drop.mutate({});
    onClose();
  };
  const send = () => {
    setTried(true);
    if (keep.isPending || typed.trim() === "") return;
    whenDone(keep.mutateAsync({ group: typed }), () => {
      sayDone(t("settings.recovery.done", { number: sheet.number }));
      onClose();
    });
  };
  return (
    <Dialog
      title={t("settings.recovery.make")}
      isOpen
      onClose={close}
      actions={
        <>
          <Button variant="primary" isPending={keep.isPending} onPress={send}>
            {t("settings.recovery.keep")}
          </Button>
          <Button onPress={close}>{t("ui.cancel")}</Button>
        </>
      }
    >
      <div className="flex flex-col gap-3">
        <p className="text-table text-soft">{t("settings.recovery.print.what")}</p>
        <ul
          aria-label={t("settings.recovery.code")}
          lang="en"
          className="grid grid-cols-4 gap-x-6 gap-y-1 rounded-control border border-line bg-sunken p-3 font-mono text-lg"
        >
          {sheet.groups.map((group) => (
            <li key={group}>{group}</li>
          ))}
        </ul>
        <div>
          <Button
            icon={<Printer className="size-4" aria-hidden="true" />}
            isPending={open.isPending}
            onPress={() => open.mutate({})}
          >
            {t("settings.recovery.print")}
          </Button>
        </div>
        {open.error && <ProblemBanner problem={open.error} />}
        <p className="text-small text-soft [overflow-wrap:anywhere]">
          {t("settings.recovery.file", { path: sheet.path })}
        </p>
        {keep.error && <ProblemBanner problem={keep.error} />}
        <TextField
          id="sheet-group"
          label={t("settings.recovery.group", { group: sheet.asked })}
          hint={t("settings.recovery.group.hint")}
          value={typed}
          onChange={setTyped}
          maxLength={12}
          onEnter={send}
          error={tried && typed.trim() === "" ? t("settings.recovery.group.missing") : undefined}
        />
      </div>
    </Dialog>
  );
}
