/** What the district wants beside a right password: one of the person's own, a code of their second factor. */
import type { BackendProblem } from "../../backend";
import { type FactorWanted, factorWanted, SecondFactor } from "../../components/SecondFactor";
import { OwnPassword } from "./OwnPassword";

export type Wanted = "password_must_change" | FactorWanted;

/** What a refusal asks for, if it asks for something. */
export function wantedBy(problem: BackendProblem | null): Wanted | null {
  return problem?.code === "password_must_change" ? problem.code : factorWanted(problem);
}

export interface WantedStepsProps {
  wanted: Wanted;
  /** How the person is called on the page. */
  title: string;
  username: string;
  password: string;
  problem: BackendProblem | null;
  isPending: boolean;
  onMore(more: { new_password?: string; code?: string }): void;
  onBack(): void;
}

/** The step that is wanted now. */
export function WantedSteps({ wanted, title, onMore, ...rest }: WantedStepsProps) {
  if (wanted === "password_must_change") {
    return <OwnPassword title={title} onChosen={(new_password) => onMore({ new_password })} {...rest} />;
  }
  return (
    <div className="flex flex-col gap-4">
      <h2 className="text-body font-semibold">{title}</h2>
      <SecondFactor wanted={wanted} onCode={(code) => onMore({ code })} {...rest} />
    </div>
  );
}
