/** A computer of its own with the sample hospital, and its first person. */
import { useState } from "react";
import { useCommand } from "../../backend-context";
import { Banner } from "../../components/Banner";
import { ErrorSummary, type FormError } from "../../components/ErrorSummary";
import { Status } from "../../components/Status";
import { TextField } from "../../components/TextField";
import { useText } from "../../i18n/useText";
import { SetupProblem } from "./SetupProblem";
import { StepFrame } from "./StepFrame";
import { LEAST, type Strength, strengthOf } from "./strength";

const STRENGTH_LOOK = {
  short: { shape: "cross", tone: "problem" },
  weak: { shape: "triangle", tone: "watch" },
  fair: { shape: "half", tone: "info" },
  good: { shape: "tick", tone: "ok" },
} as const;

/** The third page, for standing alone. */
export function AlonePage({ onBack }: { onBack(): void }) {
  const t = useText();
  const begin = useCommand<{ name: string; username: string; password: string }, null>("stand_alone");
  const [name, setName] = useState("");
  const [username, setUsername] = useState("");
  const [password, setPassword] = useState("");
  const [again, setAgain] = useState("");
  const [errors, setErrors] = useState<FormError[]>([]);
  const [attempt, setAttempt] = useState(0);
  const strength = strengthOf(password, [name, username]);

  const send = () => {
    const found = [
      { field: "alone-name", text: name.trim() ? "" : t("firstrun.alone.name.missing") },
      {
        field: "alone-username",
        text: /^\S{3,}$/.test(username.trim()) ? "" : t("firstrun.alone.username.wrong"),
      },
      {
        field: "alone-password",
        text: strength === "short" ? t("firstrun.alone.password.short", { least: LEAST }) : "",
      },
      { field: "alone-again", text: again === password ? "" : t("firstrun.alone.again.differs") },
    ].filter((error) => error.text !== "");
    setErrors(found);
    setAttempt(attempt + 1);
    if (found.length === 0) begin.mutate({ name: name.trim(), username: username.trim(), password });
  };
  const errorOf = (field: string) => errors.find((error) => error.field === field)?.text;

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
        <TextField
          id="alone-password"
          label={t("common.password")}
          hint={t("firstrun.alone.password.hint", { least: LEAST })}
          type="password"
          value={password}
          onChange={setPassword}
          error={errorOf("alone-password")}
          autoComplete="new-password"
        />
        <TextField
          id="alone-again"
          label={t("firstrun.alone.again")}
          type="password"
          value={again}
          onChange={setAgain}
          error={errorOf("alone-again")}
          autoComplete="new-password"
        />
      </div>
      <p aria-live="polite" className="min-h-5">
        {password !== "" && <StrengthWord strength={strength} />}
      </p>
    </StepFrame>
  );
}

function StrengthWord({ strength }: { strength: Strength }) {
  const t = useText();
  return <Status {...STRENGTH_LOOK[strength]}>{t(`firstrun.strength.${strength}`)}</Status>;
}
