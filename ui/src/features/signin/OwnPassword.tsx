/** Who came in with a password that somebody gave them chooses one of their own, before anything else. */
import { useState } from "react";
import type { BackendProblem } from "../../backend";
import { Button } from "../../components/Button";
import { Checkbox } from "../../components/Checkbox";
import { ErrorSummary } from "../../components/ErrorSummary";
import { ProblemBanner } from "../../components/Loaded";
import {
  NewPassword,
  StrengthWord,
  useNewPassword,
  useNewPasswordErrors,
} from "../../components/NewPassword";
import { useFormErrors } from "../../components/useFormErrors";
import { useText } from "../../i18n/useText";

export interface OwnPasswordProps {
  /** How the person is called on the page. */
  title: string;
  username: string;
  /** The password that was given. */
  password: string;
  onChosen(password: string): void;
  /** Why the one that was chosen is not taken. */
  problem: BackendProblem | null;
  isPending: boolean;
  onBack(): void;
}

/** The form. */
export function OwnPassword(props: OwnPasswordProps) {
  const { title, username, password, problem, isPending } = props;
  const t = useText();
  const fields = useNewPassword([title, username, password]);
  const errorsOf = useNewPasswordErrors("own");
  const [isShown, setShown] = useState(false);
  const { errors, attempt, errorOf, isRight } = useFormErrors();
  const send = () => {
    if (isPending) return;
    if (isRight(errorsOf(fields.typed))) props.onChosen(fields.typed.password);
  };
  return (
    <div className="flex flex-col gap-4">
      <h2 className="text-body font-semibold">{title}</h2>
      <p>{t("signin.own.what")}</p>
      <ErrorSummary errors={errors} attempt={attempt} />
      {problem && errors.length === 0 && <ProblemBanner problem={problem} />}
      <NewPassword
        prefix="own"
        label={t("password.new")}
        fields={fields}
        errorOf={errorOf}
        isShown={isShown}
        onEnter={send}
        autoFocus
      />
      <StrengthWord strength={fields.typed.strength} />
      <Checkbox label={t("password.show")} value={isShown} onChange={setShown} />
      <div className="flex flex-wrap gap-2">
        <Button variant="primary" size="large" isPending={isPending} onPress={send}>
          {t("signin.own.enter")}
        </Button>
        <Button size="large" onPress={props.onBack}>
          {t("ui.back")}
        </Button>
      </div>
    </div>
  );
}
