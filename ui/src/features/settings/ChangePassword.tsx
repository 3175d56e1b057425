/** The person signed in gives themselves another password. */
import { useState } from "react";
import { useCommand, whenDone } from "../../backend-context";
import { Button } from "../../components/Button";
import { Checkbox } from "../../components/Checkbox";
import { Dialog } from "../../components/Dialog";
import { ErrorSummary } from "../../components/ErrorSummary";
import { ProblemBanner } from "../../components/Loaded";
import {
  NewPassword,
  StrengthWord,
  useNewPassword,
  useNewPasswordErrors,
} from "../../components/NewPassword";
import { TextField } from "../../components/TextField";
import { sayDone } from "../../components/Toast";
import { useFormErrors } from "../../components/useFormErrors";
import { useText } from "../../i18n/useText";
import { useSession } from "../../session";

/** The dialog, open as long as it is drawn. */
export function ChangePassword({ onClose }: { onClose(): void }) {
  const t = useText();
  const who = useSession().data?.who;
  const change = useCommand<{ password: string; new_password: string }, null>("change_password");
  const [present, setPresent] = useState("");
  const fields = useNewPassword([who?.name ?? "", who?.username ?? "", present]);
  const errorsOf = useNewPasswordErrors("change");
  const [isShown, setShown] = useState(false);
  const { errors, attempt, errorOf, isRight } = useFormErrors();

  const send = () => {
    if (change.isPending) return;
    const missing = { field: "change-present", text: present === "" ? t("password.missing") : "" };
    if (!isRight([missing, ...errorsOf(fields.typed)])) return;
    whenDone(change.mutateAsync({ password: present, new_password: fields.typed.password }), () => {
      sayDone(t("password.changed"));
      onClose();
    });
  };
  // What was asked cannot be taken back, and what became of it is to be seen.
  const close = () => !change.isPending && onClose();
  return (
    <Dialog
      title={t("password.change")}
      isOpen
      onClose={close}
      size="small"
      actions={
        <>
          <Button variant="primary" isPending={change.isPending} onPress={send}>
            {t("password.change.do")}
          </Button>
          <Button onPress={close}>{t("ui.cancel")}</Button>
        </>
      }
    >
      <div className="flex flex-col gap-3">
        <p className="text-table text-soft">{t("password.change.what")}</p>
        <ErrorSummary errors={errors} attempt={attempt} />
        {change.error && errors.length === 0 && <ProblemBanner problem={change.error} />}
        <TextField
          id="change-present"
          label={t("password.present")}
          type={isShown ? "text" : "password"}
          value={present}
          onChange={setPresent}
          error={errorOf("change-present")}
          autoComplete="current-password"
          onEnter={send}
          autoFocus
        />
        <NewPassword
          prefix="change"
          label={t("password.new")}
          fields={fields}
          errorOf={errorOf}
          isShown={isShown}
          onEnter={send}
        />
        <StrengthWord strength={fields.typed.strength} />
        <Checkbox label={t("password.show")} value={isShown} onChange={setShown} />
      </div>
    </Dialog>
  );
}
