/** An admin gives somebody a password: told once, good for three days and for nothing but one of the person's own. */
import { useCommand } from "../../backend-context";
import { Button } from "../../components/Button";
import { Dialog } from "../../components/Dialog";
import { Fact } from "../../components/Fact";
import { DistrictProblem } from "../../components/PasswordAnew";
import type { GivenShown } from "../../generated/wire";
import { useFormat, useText } from "../../i18n/useText";

/** The dialog, open as long as it is drawn. */
export function GivePassword({ person, onClose }: { person: { id: string; name: string }; onClose(): void }) {
  const t = useText();
  const give = useCommand<{ person: string }, GivenShown>("give_password");
  const send = () => {
    if (!give.isPending) give.mutate({ person: person.id });
  };
  // What was asked cannot be taken back, and what was given is to be seen.
  const close = () => !give.isPending && onClose();
  return (
    <Dialog
      title={t("settings.password.title", { name: person.name })}
      isOpen
      onClose={close}
      size="small"
      actions={
        give.data ? (
          <Button variant="primary" onPress={close}>
            {t("settings.password.done")}
          </Button>
        ) : (
          <>
            <Button variant="primary" isPending={give.isPending} onPress={send}>
              {t("settings.password.do")}
            </Button>
            <Button onPress={close}>{t("ui.cancel")}</Button>
          </>
        )
      }
    >
      {give.data ? (
        <Given given={give.data} />
      ) : (
        <div className="flex flex-col gap-3">
          <p>{t("settings.password.what", { name: person.name })}</p>
          <p className="text-table text-soft">{t("settings.password.what.old")}</p>
          {give.error && <DistrictProblem problem={give.error} onConfirmed={send} />}
        </div>
      )}
    </Dialog>
  );
}

/** What was given, as it is written down for the person. */
function Given({ given }: { given: GivenShown }) {
  const t = useText();
  const format = useFormat();
  return (
    <div className="flex flex-col gap-3" aria-live="polite">
      <p>{t("settings.password.once")}</p>
      <dl className="grid grid-cols-[max-content_1fr] gap-x-6 gap-y-2 text-table">
        <Fact label={t("common.username")}>{given.username}</Fact>
        <Fact label={t("settings.password.given")}>
          <span lang="en" translate="no" className="font-mono text-body font-semibold select-all">
            {given.password}
          </span>
        </Fact>
        <Fact label={t("settings.password.until")}>{format.dateTime(given.not_after)}</Fact>
      </dl>
    </div>
  );
}
