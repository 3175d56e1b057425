/** The way out for a computer that its district does not know any more: a new invitation, with all its work. */
import { useState } from "react";
import { useCommand } from "../../backend-context";
import { Button } from "../../components/Button";
import { ProblemBanner } from "../../components/Loaded";
import { Panel } from "../../components/Panel";
import { TextField } from "../../components/TextField";
import { sayDone } from "../../components/Toast";
import type { JoinedShown } from "../../generated/wire";
import { useText } from "../../i18n/useText";

/** The panel. */
export function JoinAnew() {
  const t = useText();
  const rejoin = useCommand<{ address: string; code: string; desk_name: string }, JoinedShown>("rejoin");
  const [invitation, setInvitation] = useState("");
  const send = () => {
    if (rejoin.isPending || invitation.trim() === "") return;
    rejoin.mutate(
      { address: invitation.trim(), code: "", desk_name: "" },
      { onSuccess: (joined) => sayDone(t("sync.join.done", { words: joined.words.join(" · ") })) },
    );
  };
  return (
    <Panel title={t("sync.join.title")}>
      <p className="max-w-prose pb-3 text-table text-soft">{t("sync.join.what")}</p>
      {rejoin.error && <ProblemBanner problem={rejoin.error} />}
      <TextField
        id="join-anew"
        label={t("sync.join.invitation")}
        hint={t("sync.join.hint")}
        value={invitation}
        onChange={setInvitation}
        onEnter={send}
      />
      <div className="pt-3">
        <Button variant="primary" size="large" isPending={rejoin.isPending} onPress={send}>
          {t("sync.join.do")}
        </Button>
      </div>
    </Panel>
  );
}
