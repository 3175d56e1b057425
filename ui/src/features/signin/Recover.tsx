/** The way back for a computer whose key was lost: the code of its recovery sheet, without the network. */
import { FileKey2 } from "lucide-react";
import { useState } from "react";
import { useCommand, whenDone } from "../../backend-context";
import { Button } from "../../components/Button";
import { ProblemBanner } from "../../components/Loaded";
import { Panel } from "../../components/Panel";
import { TextField } from "../../components/TextField";
import { sayDone } from "../../components/Toast";
import type { RecoverySheet } from "../../generated/wire";
import { useFormat, useText } from "../../i18n/useText";

/** Problems that end with the sheet. */
export const NEEDS_SHEET: ReadonlySet<string> = new Set([
  "device_secret_missing",
  "device_secret_wrong",
  "no_key_store",
]);

/** Letters of the code, as they are typed with spaces or dashes between the groups. */
const LONGEST = 60;

/** The panel with its form. */
export function Recover({ sheet }: { sheet: RecoverySheet }) {
  const t = useText();
  const format = useFormat();
  const recover = useCommand<{ code: string }, null>("recover");
  const [code, setCode] = useState("");
  const [tried, setTried] = useState(false);
  const send = () => {
    setTried(true);
    if (recover.isPending || code.trim() === "") return;
    whenDone(recover.mutateAsync({ code }), () => sayDone(t("signin.recover.done")));
  };
  return (
    <Panel title={t("signin.recover.use")}>
      <div className="flex max-w-prose flex-col gap-3">
        <p className="text-table text-soft">
          {t("signin.recover.what", { number: sheet.number, made: format.dateTime(sheet.made) })}
        </p>
        {recover.error && <ProblemBanner problem={recover.error} />}
        <TextField
          id="recovery-code"
          label={t("signin.recover.code", { number: sheet.number })}
          hint={t("signin.recover.code.hint")}
          value={code}
          onChange={setCode}
          maxLength={LONGEST}
          onEnter={send}
          error={tried && code.trim() === "" ? t("signin.missing") : undefined}
        />
        <div>
          <Button
            variant="primary"
            size="large"
            icon={<FileKey2 className="size-4" aria-hidden="true" />}
            isPending={recover.isPending}
            onPress={send}
          >
            {t("signin.recover.do")}
          </Button>
        </div>
      </div>
    </Panel>
  );
}
