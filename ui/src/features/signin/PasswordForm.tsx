/** The password of one person; for somebody not shown, the username too. */
import { LogIn } from "lucide-react";
import { type KeyboardEvent, useState } from "react";
import { useCommand } from "../../backend-context";
import { Banner } from "../../components/Banner";
import { Button } from "../../components/Button";
import { Checkbox } from "../../components/Checkbox";
import { focusField } from "../../components/ErrorSummary";
import { ProblemBanner, useProblemWords } from "../../components/Loaded";
import { TextField } from "../../components/TextField";
import type { Tile } from "../../generated/wire";
import { useText } from "../../i18n/useText";
import { OTHER_CERTIFICATE, TrustServer } from "../../trust-server";
import { useWait } from "./useWait";
import { type Wanted, WantedSteps, wantedBy } from "./WantedSteps";

/** What is asked with a sign-in: the last two where the district wants them. */
type SignIn = { username: string; password: string; new_password?: string; code?: string };

/** The form. */
export function PasswordForm({ person }: { person: Tile | null }) {
  const t = useText();
  const words = useProblemWords();
  const signIn = useCommand<SignIn, null>("sign_in");
  const [wanted, setWanted] = useState<Wanted | null>(null);
  const [own, setOwn] = useState<string | null>(null);
  const [username, setUsername] = useState(person?.username ?? "");
  const [password, setPassword] = useState("");
  const [isShown, setShown] = useState(false);
  const [capsLock, setCapsLock] = useState(false);
  const [missing, setMissing] = useState<"username" | "password" | null>(null);
  const [wait_s, waitFor] = useWait();

  const send = () => {
    if (signIn.isPending || wait_s > 0) return;
    const field = username.trim() === "" ? "username" : password === "" ? "password" : null;
    setMissing(field);
    if (field) return focusField(`signin-${field}`);
    signIn.mutate(
      { username: username.trim(), password },
      {
        onError: (problem) => {
          const asked = wantedBy(problem);
          if (asked) return setWanted(asked);
          waitFor(Number(problem.numbers.seconds ?? 0));
          setPassword("");
          focusField("signin-password");
        },
      },
    );
  };
  const lookAtCapsLock = (event: KeyboardEvent) => setCapsLock(event.getModifierState("CapsLock"));
  const problem = signIn.error;
  if (wanted) {
    return (
      <WantedSteps
        wanted={wanted}
        title={person?.name ?? username.trim()}
        username={username.trim()}
        password={password}
        problem={wantedBy(problem) ? null : problem}
        isPending={signIn.isPending}
        onMore={(more) => {
          const new_password = more.new_password ?? own;
          setOwn(new_password);
          const asked = {
            username: username.trim(),
            password,
            ...(new_password === null ? {} : { new_password }),
          };
          signIn.mutate(more.code === undefined ? asked : { ...asked, code: more.code }, {
            onError: (problem) => setWanted(wantedBy(problem) ?? wanted),
          });
        }}
        onBack={() => {
          setWanted(null);
          setOwn(null);
          setPassword("");
          signIn.reset();
        }}
      />
    );
  }
  const isWrong = problem?.code === "wrong_password";
  const isMissing = (field: string) => (missing === field ? t("signin.missing") : undefined);

  return (
    <div className="flex flex-col gap-4" onKeyDownCapture={lookAtCapsLock} onKeyUpCapture={lookAtCapsLock}>
      <h2 className="text-body font-semibold">{person?.name ?? t("signin.other")}</h2>
      {!person && (
        <TextField
          id="signin-username"
          label={t("signin.username")}
          hint={t("signin.username.hint")}
          value={username}
          onChange={setUsername}
          autoComplete="username"
          error={isMissing("username")}
          onEnter={() => focusField("signin-password")}
          autoFocus
        />
      )}
      <TextField
        id="signin-password"
        label={t("signin.password")}
        type={isShown ? "text" : "password"}
        value={password}
        onChange={setPassword}
        autoComplete="current-password"
        error={isMissing("password") ?? (isWrong && password === "" ? words.title(problem) : undefined)}
        hint={capsLock ? t("signin.caps_lock") : undefined}
        onEnter={send}
        autoFocus={person !== null}
      />
      <Checkbox label={t("signin.show")} value={isShown} onChange={setShown} />
      {wait_s > 0 ? (
        <Banner tone="watch" title={t("signin.wait", { seconds: wait_s })}>
          {t("problem.wrong_password.what")}
        </Banner>
      ) : isWrong ? (
        <p className="text-table text-soft">{words.text(problem)}</p>
      ) : (
        problem && problem.code !== "blocked" && <ProblemBanner problem={problem} />
      )}
      {problem?.code === OTHER_CERTIFICATE && (
        <section className="border-b border-line pb-4">
          <TrustServer variant="secondary" onDone={() => signIn.reset()} />
        </section>
      )}
      <Button
        variant="primary"
        size="large"
        isPending={signIn.isPending}
        onPress={send}
        icon={<LogIn className="size-4" aria-hidden="true" />}
      >
        {t("signin.enter")}
      </Button>
    </div>
  );
}
