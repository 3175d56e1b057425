/** The way back for a computer that missed how its server came by another certificate: five words, read at the server. */
import { useState } from "react";
import { useCommand, whenDone } from "./backend-context";
import { Button } from "./components/Button";
import { focusField } from "./components/ErrorSummary";
import { ProblemBanner } from "./components/Loaded";
import { TextField } from "./components/TextField";
import { sayDone } from "./components/Toast";
import { useText } from "./i18n/useText";

/** The code of the problem that may end with it. */
export const OTHER_CERTIFICATE = "certificate_changed";

/** What it is about and the words, without a frame. */
export function TrustServer({ variant, onDone }: { variant: "primary" | "secondary"; onDone?: () => void }) {
  const t = useText();
  const trust = useCommand<{ words: string }, null>("trust_certificate");
  const [words, setWords] = useState("");
  const [tried, setTried] = useState(false);
  const isMissing = words.trim() === "";
  const send = () => {
    setTried(true);
    if (trust.isPending) return;
    if (isMissing) return focusField("trust-words");
    whenDone(trust.mutateAsync({ words: words.trim() }), () => {
      sayDone(t("trust.done"));
      onDone?.();
    });
  };
  return (
    <div className="flex max-w-2xl flex-col gap-3">
      <p className="text-table text-soft">{t("trust.what")}</p>
      {trust.error && <ProblemBanner problem={trust.error} />}
      <TextField
        id="trust-words"
        label={t("trust.words")}
        hint={t("trust.hint")}
        value={words}
        onChange={setWords}
        onEnter={send}
        autoComplete="off"
        error={tried && isMissing ? t("trust.missing") : undefined}
      />
      <div>
        <Button variant={variant} size="large" isPending={trust.isPending} onPress={send}>
          {t("trust.do")}
        </Button>
      </div>
    </div>
  );
}
