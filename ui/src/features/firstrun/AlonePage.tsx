/** A computer of its own with the sample hospital, and its first person. */
import { useState } from "react";
import { useCommand } from "../../backend-context";
import { Banner } from "../../components/Banner";
import { ErrorSummary } from "../../components/ErrorSummary";
import {
  NewPassword,
  StrengthWord,
  useNewPassword,
  useNewPasswordErrors,
} from "../../components/NewPassword";
import { TextField } from "../../components/TextField";
import { useFormErrors } from "../../components/useFormErrors";
import { useText } from "../../i18n/useText";
import { SetupProblem } from "./SetupProblem";
import { StepFrame } from "./StepFrame";

/** The third page, for standing alone. */
export function AlonePage({ onBack }: { onBack(): void }) {
  const t = useText();
  const begin = useCommand<{ name: string; username: string; password: string }, null>("stand_alone");
  const [name, setName] = useState("");
  const [username, setUsername] = useState("");
  const fields = useNewPassword([name, username]);
  const errorsOf = useNewPasswordErrors("alone");
  const { errors, attempt, errorOf, isRight } = useFormErrors();

  const send = () => {
    const found = [
      { field: "alone-name", text: name.trim() ? "" : t("firstrun.alone.name.missing") },
      {
        field: "alone-username",
        text: /^\S{3,}$/.test(username.trim()) ? "" : t("firstrun.alone.username.wrong"),
      },
      ...errorsOf(fields.typed),
    ];
    const { password } = fields.typed;
    if (isRight(found)) begin.mutate({ name: name.trim(), username: username.trim(), password });
  };

  return (
    <StepFrame
      step={3}
      title={t("firstrun.alone")}
      detail={t("firstrun.alone.detail")}
      next={t("firstrun.alone.do")}
      onNext={send}
      onBack={onBack}
      isPending={begin.isPending}
      pending={t("firstrun.alone.pending")}
    >
      <Banner tone="watch" title={t("firstrun.alone.training")} />
      <ErrorSummary errors={errors} attempt={attempt} />
      {begin.error && errors.length === 0 && <SetupProblem problem={begin.error} />}
      <div className="grid grid-cols-2 gap-4">
        <TextField
          id="alone-name"
          label={t("firstrun.alone.name")}
          value={name}
          onChange={setName}
          error={errorOf("alone-name")}
          autoFocus
        />
        <TextField
          id="alone-username"
          label={t("common.username")}
          value={username}
          onChange={setUsername}
          error={errorOf("alone-username")}
          autoComplete="username"
        />
        <NewPassword prefix="alone" label={t("common.password")} fields={fields} errorOf={errorOf} />
      </div>
      <StrengthWord strength={fields.typed.strength} />
    </StepFrame>
  );
}
