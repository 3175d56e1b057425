/** The way out for a computer whose records were copied or put back: a new identity, confirmed with a password. */
import { useState } from "react";
import { useCommand } from "../../backend-context";
import { Button } from "../../components/Button";
import { Dialog } from "../../components/Dialog";
import { ProblemBanner } from "../../components/Loaded";
import { Panel } from "../../components/Panel";
import { TextField } from "../../components/TextField";
import { sayDone } from "../../components/Toast";
import { useText } from "../../i18n/useText";
import { useSession } from "../../session";

/** Problems that end with a new identity. */
export const NEEDS_IDENTITY: ReadonlySet<string> = new Set([
  "desk_forked",
  "desk_rolled_back",
  "desk_replaced",
  "database_missing",
]);

/** The panel. */
export function NewIdentity() {
  const t = useText();
  const who = useSession().data?.who;
  const renew = useCommand<{ username: string; password: string }, null>("renew");
  const [isOpen, setOpen] = useState(false);
  const [username, setUsername] = useState(who?.username ?? "");
  const [password, setPassword] = useState("");
  const close = () => {
    setOpen(false);
    setPassword("");
  };
  const send = () => {
    if (renew.isPending || username.trim() === "" || password === "") return;
    renew.mutate(
      { username: username.trim(), password },
      {
        onError: () => setPassword(""),
        onSuccess: () => {
          close();
          sayDone(t("sync.identity.done"));
        },
      },
    );
  };
  return (
    <Panel title={t("sync.identity.title")}>
      <p className="max-w-prose text-table text-soft">{t("sync.identity.what")}</p>
      <div className="pt-3">
        <Button variant="primary" size="large" onPress={() => setOpen(true)}>
          {t("sync.identity.give")}
        </Button>
      </div>
      <Dialog
        title={t("sync.identity.give")}
        isOpen={isOpen}
        onClose={close}
        size="small"
        actions={
          <>
            <Button variant="primary" isPending={renew.isPending} onPress={send}>
              {t("sync.identity.give")}
            </Button>
            <Button onPress={close}>{t("ui.cancel")}</Button>
          </>
        }
      >
        <p>{t("sync.identity.ask")}</p>
        {renew.error && <ProblemBanner problem={renew.error} />}
        <TextField
          id="identity-username"
          label={t("sync.identity.username")}
          value={username}
          onChange={setUsername}
        />
        <TextField
          id="identity-password"
          label={t("sync.identity.password")}
          type="password"
          value={password}
          onChange={setPassword}
          onEnter={send}
        />
      </Dialog>
    </Panel>
  );
}
