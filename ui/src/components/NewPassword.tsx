/** A new password, typed twice, with a word on how good it is: the desk judges it while it is typed. */
import { useRef, useState } from "react";
import { useBackend } from "../backend-context";
import type { Strength } from "../generated/wire";
import { useText } from "../i18n/useText";
import { Status } from "./Status";
import { TextField } from "./TextField";

/** The fewest characters; the desk refuses less. */
const LEAST = 8;

const LOOK = {
  too_short: { shape: "cross", tone: "problem" },
  too_long: { shape: "cross", tone: "problem" },
  guessable: { shape: "triangle", tone: "watch" },
  fair: { shape: "half", tone: "info" },
  good: { shape: "tick", tone: "ok" },
} as const;

/** What was typed, and what the desk thinks of it. */
export interface Typed {
  password: string;
  again: string;
  /** Nothing while the field is empty, or the desk has not answered. */
  strength: Strength | null;
}

/** A new password on its way; `own` are the names and words that should not be in it. */
export function useNewPassword(own: readonly string[]) {
  const backend = useBackend();
  const latest = useRef("");
  const [typed, setTyped] = useState<Typed>({ password: "", again: "", strength: null });
  const setPassword = (password: string) => {
    latest.current = password;
    setTyped((typed) => ({ ...typed, password, strength: null }));
    if (password === "") return;
    backend.call<Strength>("password_strength", { password, own }).then(
      (strength) => latest.current === password && setTyped((typed) => ({ ...typed, strength })),
      () => undefined,
    );
  };
  const setAgain = (again: string) => setTyped((typed) => ({ ...typed, again }));
  return { typed, setPassword, setAgain };
}

/** What is wrong with it, by field. */
export function useNewPasswordErrors(prefix: string) {
  const t = useText();
  return ({ password, again, strength }: Typed) => {
    const tooShort = password.length < LEAST;
    const isRefused =
      tooShort || strength === "too_short" || strength === "too_long" || strength === "guessable";
    const refused = tooShort ? "too_short" : strength;
    return [
      {
        field: `${prefix}-password`,
        text: isRefused ? t(`problem.password_${refused}`) : "",
      },
      { field: `${prefix}-again`, text: again === password ? "" : t("password.again.differs") },
    ].filter((error) => error.text !== "");
  };
}

/** The two fields. */
export function NewPassword({
  prefix,
  label,
  fields,
  errorOf,
  isShown = false,
  onEnter,
  autoFocus,
}: {
  prefix: string;
  label: string;
  fields: ReturnType<typeof useNewPassword>;
  errorOf(field: string): string | undefined;
  isShown?: boolean;
  onEnter?(): void;
  autoFocus?: boolean;
}) {
  const t = useText();
  const { typed, setPassword, setAgain } = fields;
  const type = isShown ? "text" : "password";
  return (
    <>
      <TextField
        id={`${prefix}-password`}
        label={label}
        hint={t("password.hint", { least: LEAST })}
        type={type}
        value={typed.password}
        onChange={setPassword}
        error={errorOf(`${prefix}-password`)}
        autoComplete="new-password"
        onEnter={onEnter}
        autoFocus={autoFocus}
      />
      <TextField
        id={`${prefix}-again`}
        label={t("password.again")}
        type={type}
        value={typed.again}
        onChange={setAgain}
        error={errorOf(`${prefix}-again`)}
        autoComplete="new-password"
        onEnter={onEnter}
      />
    </>
  );
}

/** How good it is, in a word; its place is kept while there is none. */
export function StrengthWord({ strength }: { strength: Strength | null }) {
  const t = useText();
  return (
    <p aria-live="polite" className="min-h-5">
      {strength && <Status {...LOOK[strength]}>{t(`password.strength.${strength}`)}</Status>}
    </p>
  );
}
