/** The second factor: six figures from an app on the person's telephone, asked once on each computer; and how it is set up. */
import { type ReactNode, useState } from "react";
import type { BackendProblem } from "../backend";
import { useCommand } from "../backend-context";
import type { FactorShown } from "../generated/wire";
import { useText } from "../i18n/useText";
import { Button } from "./Button";
import { ProblemBanner, useProblemWords } from "./Loaded";
import { QrCode } from "./QrCode";
import { TextField } from "./TextField";

/** The district's words for what is wanted beside the right password. */
export type FactorWanted = "second_factor" | "second_factor_enrol";

/** Whether a refusal asks for a second factor. */
export function factorWanted(problem: BackendProblem | null): FactorWanted | null {
  const code = problem?.code;
  return code === "second_factor" || code === "second_factor_enrol" ? code : null;
}

export interface SecondFactorProps {
  wanted: FactorWanted;
  /** Whose it is, with the password that was right. */
  username: string;
  password: string;
  /** Sends what was typed, together with what was asked before. */
  onCode(code: string): void;
  /** What became of the last code. */
  problem: BackendProblem | null;
  isPending: boolean;
  onBack(): void;
}

/** Asks for the code; sets the factor up before, where there is none. */
export function SecondFactor(props: SecondFactorProps) {
  const offer = useCommand<{ username: string; password: string }, FactorShown>("offer_second_factor");
  const [step, setStep] = useState<"why" | "scan" | "paper" | "code">("why");
  if (props.wanted === "second_factor" || step === "code") return <CodeStep {...props} />;
  const { username, password } = props;
  const begin = () => offer.mutate({ username, password }, { onSuccess: () => setStep("scan") });
  if (step === "why" || !offer.data) return <WhyStep {...props} offer={offer} onNext={begin} />;
  return step === "scan" ? (
    <ScanStep {...props} shown={offer.data} onNext={() => setStep("paper")} />
  ) : (
    <PaperStep {...props} codes={offer.data.recovery_codes} onNext={() => setStep("code")} />
  );
}

function Frame(props: {
  children: ReactNode;
  next: string;
  isPending?: boolean;
  onNext(): void;
  onBack(): void;
}) {
  const t = useText();
  return (
    <div className="flex flex-col gap-4">
      {props.children}
      <div className="flex flex-wrap gap-2">
        <Button variant="primary" size="large" isPending={props.isPending} onPress={props.onNext}>
          {props.next}
        </Button>
        <Button size="large" onPress={props.onBack}>
          {t("ui.back")}
        </Button>
      </div>
    </div>
  );
}

function WhyStep({
  offer,
  onNext,
  onBack,
}: {
  offer: { isPending: boolean; error: BackendProblem | null };
  onNext(): void;
  onBack(): void;
}) {
  const t = useText();
  return (
    <Frame next={t("factor.begin")} isPending={offer.isPending} onNext={onNext} onBack={onBack}>
      <p className="font-semibold">{t("factor.title")}</p>
      <p>{t("factor.why")}</p>
      <p className="text-table text-soft">{t("factor.need")}</p>
      {offer.error && <ProblemBanner problem={offer.error} />}
    </Frame>
  );
}

function ScanStep({ shown, onNext, onBack }: { shown: FactorShown; onNext(): void; onBack(): void }) {
  const t = useText();
  return (
    <Frame next={t("ui.continue")} onNext={onNext} onBack={onBack}>
      <p>{t("factor.scan")}</p>
      <QrCode code={shown.qr} label={t("factor.qr")} />
      <p className="text-table text-soft">
        {t("factor.key")}{" "}
        <span lang="en" translate="no" className="font-mono text-ink select-all">
          {shown.secret}
        </span>
      </p>
    </Frame>
  );
}

function PaperStep({ codes, onNext, onBack }: { codes: readonly string[]; onNext(): void; onBack(): void }) {
  const t = useText();
  return (
    <Frame next={t("factor.paper.done")} onNext={onNext} onBack={onBack}>
      <p>{t("factor.paper")}</p>
      <ol lang="en" translate="no" className="grid grid-cols-2 gap-x-4 gap-y-1 font-mono text-table">
        {codes.map((code) => (
          <li key={code} className="whitespace-nowrap select-all">
            {code}
          </li>
        ))}
      </ol>
    </Frame>
  );
}

function CodeStep({ onCode, onBack, problem, isPending }: SecondFactorProps) {
  const t = useText();
  const words = useProblemWords();
  const [code, setCode] = useState("");
  const send = () => {
    if (isPending || code.trim() === "") return;
    onCode(code.trim());
    setCode("");
  };
  const isWrong = problem?.code === "wrong_code";
  return (
    <Frame next={t("factor.confirm")} isPending={isPending} onNext={send} onBack={onBack}>
      <p>{t("factor.ask")}</p>
      {problem && !isWrong && factorWanted(problem) === null && <ProblemBanner problem={problem} />}
      <TextField
        id="factor-code"
        label={t("factor.code")}
        hint={t("factor.code.hint")}
        value={code}
        onChange={setCode}
        error={problem && isWrong && code === "" ? words.title(problem) : undefined}
        autoComplete="one-time-code"
        onEnter={send}
        autoFocus
      />
    </Frame>
  );
}
