/** The way out for a computer that its district does not know any more: a new invitation, with all its work. */
import { useState } from "react";
import { useCommand, whenDone } from "../../backend-context";
import { Button } from "../../components/Button";
import { ProblemBanner } from "../../components/Loaded";
import { Panel } from "../../components/Panel";
import { TextField } from "../../components/TextField";
import { sayDone } from "../../components/Toast";
import type { JoinedShown } from "../../generated/wire";
import { useText } from "../../i18n/useText";

/** The code of the problem that ends with it. */
export const UNKNOWN_THERE = "desk_not_accepted";

/** The panel. */
export function JoinAnew({ autoFocus }: { autoFocus?: boolean }) {
  const t = useText();
  const rejoin = useCommand<{ address: string; code: string; desk_name: string }, JoinedShown>("rejoin");
  const [invitation, setInvitation] = useState("");
  const [tried, setTried] = useState(false);
  const isMissing = invitation.trim() === "";
  const send = () => {
    setTried(true);
    if (rejoin.isPending || isMissing) return;
    const joined = rejoin.mutateAsync({ address: invitation.trim(), code: "", desk_name: "" });
    whenDone(joined, ({ words }) => sayDone(t("sync.join.done", { words: words.join(" · ") })));
  };
  return (
    <Panel title={t("sync.join.title")}>
      <div className="flex max-w-2xl flex-col gap-3">
        <p className="text-table text-soft">{t("sync.join.what")}</p>
        {rejoin.error && <ProblemBanner problem={rejoin.error} />}
        <TextField
          id="join-anew"
          label={t("sync.join.invitation")}
          hint={t("sync.join.hint")}
          value={invitation}
          onChange={setInvitation}
          onEnter={send}
          autoFocus={autoFocus}
          error={tried && isMissing ? t("sync.join.missing") : undefined}
        />
        <div>
          <Button variant="primary" size="large" isPending={rejoin.isPending} onPress={send}>
            {t("sync.join.do")}
          </Button>
        </div>
      </div>
    </Panel>
  );
}
