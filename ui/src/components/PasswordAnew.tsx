/** What is done at the district needs to know who is there: where the server asks, the person types their password again, and goes on. */
import { useState } from "react";
import type { BackendProblem } from "../backend";
import { useCommand, whenDone } from "../backend-context";
import { useText } from "../i18n/useText";
import { useSession } from "../session";
import { Button } from "./Button";
import { ProblemBanner, useProblemWords } from "./Loaded";
import { type FactorWanted, factorWanted, SecondFactor } from "./SecondFactor";
import { TextField } from "./TextField";

/** Why something was refused at the district: in words, or as the question for the password. */
export function DistrictProblem({ problem, onConfirmed }: { problem: BackendProblem; onConfirmed(): void }) {
  if (problem.code !== "session_ended") return <ProblemBanner problem={problem} />;
  return <PasswordAnew onConfirmed={onConfirmed} />;
}

/** The question. */
export function PasswordAnew({ what, onConfirmed }: { what?: string; onConfirmed(): void }) {
  const t = useText();
  const words = useProblemWords();
  const who = useSession().data?.who;
  const confirm = useCommand<{ password: string; code?: string }, null>("confirm_password");
  const [password, setPassword] = useState("");
  const [wanted, setWanted] = useState<FactorWanted | null>(null);
  const ask = (code?: string) => {
    const asked = confirm.mutateAsync(code === undefined ? { password } : { password, code });
    whenDone(asked, onConfirmed);
    asked.catch((problem: BackendProblem) => {
      const factor = factorWanted(problem);
      if (factor) setWanted(factor);
      else if (code === undefined) setPassword("");
    });
  };
  const send = () => {
    if (!confirm.isPending && password !== "") ask();
  };
  const isWrong = confirm.error?.code === "wrong_password";
  if (wanted) {
    return (
      <section className="rounded-panel border border-edge p-3">
        <SecondFactor
          wanted={wanted}
          username={who?.username ?? ""}
          password={password}
          onCode={ask}
          problem={confirm.error}
          isPending={confirm.isPending}
          onBack={() => {
            setWanted(null);
            setPassword("");
            confirm.reset();
          }}
        />
      </section>
    );
  }
  return (
    <section className="flex flex-col gap-3 rounded-panel border border-edge p-3">
      <p className="text-table text-soft">{what ?? t("password.anew.what")}</p>
      {confirm.error && !isWrong && <ProblemBanner problem={confirm.error} />}
      <TextField
        id="password-anew"
        label={t("password.anew")}
        type="password"
        value={password}
        onChange={setPassword}
        error={isWrong && password === "" && confirm.error ? words.title(confirm.error) : undefined}
        autoComplete="current-password"
        onEnter={send}
        autoFocus
      />
      <div>
        <Button isPending={confirm.isPending} onPress={send}>
          {t("password.anew.do")}
        </Button>
      </div>
    </section>
  );
}
