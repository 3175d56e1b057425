/** First run: how do I get this computer working? One thing a page. */
import { Navigate } from "@tanstack/react-router";
import { useState } from "react";
import { useCommand } from "../../backend-context";
import { Loaded } from "../../components/Loaded";
import type { JoinedShown } from "../../generated/wire";
import { useSession } from "../../session";
import { AlonePage } from "./AlonePage";
import { JoinedPage } from "./JoinedPage";
import { type JoinArgs, JoinPage } from "./JoinPage";
import { LanguagePage } from "./LanguagePage";
import { WayPage } from "./WayPage";

type Step = "language" | "way" | "join" | "alone";

/** The pages in their order. */
export function FirstRunPage() {
  const [step, setStep] = useState<Step>("language");
  const [isCompared, setCompared] = useState(false);
  const join = useCommand<JoinArgs, JoinedShown>("join");
  return (
    <Loaded view={useSession()}>
      {(status) => {
        if (join.data && !isCompared) {
          return <JoinedPage joined={join.data} onNext={() => setCompared(true)} />;
        }
        if (status.phase !== "first_run" && !join.isPending) return <Navigate to="/" replace />;
        switch (step) {
          case "language":
            return <LanguagePage onNext={() => setStep("way")} />;
          case "way":
            return <WayPage onNext={setStep} onBack={() => setStep("language")} />;
          case "join":
            return <JoinPage join={join} onBack={() => setStep("way")} />;
          case "alone":
            return <AlonePage onBack={() => setStep("way")} />;
        }
      }}
    </Loaded>
  );
}
