/** The way out for a computer whose records were copied or put back: a new identity, confirmed with a password. */
import { useState } from "react";
import { useCommand, whenDone } from "../../backend-context";
import { Button } from "../../components/Button";
import { Dialog } from "../../components/Dialog";
import { ProblemBanner } from "../../components/Loaded";
import { Panel } from "../../components/Panel";
import { TextField } from "../../components/TextField";
import { sayDone } from "../../components/Toast";
import { useText } from "../../i18n/useText";
import { useSession } from "../../session";
import { UNKNOWN_THERE } from "./JoinAnew";

/** Problems that end with a new identity. */
export const NEEDS_IDENTITY: ReadonlySet<string> = new Set([
  "desk_forked",
  "desk_rolled_back",
  "desk_replaced",
  "database_missing",
]);

/** The panel. `onUnknown` is called when the district knows nothing of this computer: it has to join anew. */
export function NewIdentity({ onUnknown }: { onUnknown?(): void }) {
  const t = useText();
  const who = useSession().data?.who;
  const renew = useCommand<{ username: string; password: string }, null>("renew");
  const [isOpen, setOpen] = useState(false);
  const [username, setUsername] = useState(who?.username ?? "");
  const [password, setPassword] = useState("");
  const [tried, setTried] = useState(false);
  const missing = (typed: string, field: string) =>
    tried && typed.trim() === "" && !renew.error ? t(`sync.identity.${field}.missing`) : undefined;
  const close = () => {
    setOpen(false);
    setPassword("");
    setTried(false);
    renew.reset();
  };
  const send = () => {
    setTried(true);
    if (renew.isPending || username.trim() === "" || password === "") return;
    const renewed = renew.mutateAsync(
      { username: username.trim(), password },
      {
        onError: ({ code }) => {
          setPassword("");
          if (code === UNKNOWN_THERE) onUnknown?.();
        },
      },
    );
    whenDone(renewed, () => {
      close();
      sayDone(t("sync.identity.done"));
    });
  };
  return (
    <Panel title={t("sync.identity.title")}>
      <p className="max-w-2xl text-table text-soft">{t("sync.identity.what")}</p>
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
        <div className="flex flex-col gap-3">
          <p>{t("sync.identity.ask")}</p>
          {renew.error && <ProblemBanner problem={renew.error} />}
          <TextField
            id="identity-username"
            label={t("sync.identity.username")}
            value={username}
            onChange={setUsername}
            autoFocus={username === ""}
            error={missing(username, "username")}
          />
          <TextField
            id="identity-password"
            label={t("sync.identity.password")}
            type="password"
            value={password}
            onChange={setPassword}
            autoFocus={username !== ""}
            onEnter={send}
            error={missing(password, "password")}
          />
        </div>
      </Dialog>
    </Panel>
  );
}
