/** Asks why before what stays on record with its reason: the reason is required. What was refused stands in the dialog, with what was typed. */
import { type ReactNode, useState } from "react";
import type { BackendProblem } from "../backend";
import { ConfirmDialog } from "./ConfirmDialog";
import { ProblemBanner } from "./Loaded";
import { TextField } from "./TextField";

export interface ReasonDialogProps {
  title: string;
  /** The verb of the button. */
  confirm: string;
  /** The field of the reason: where it belongs, what it asks, and what is said while it is blank. */
  reason: { id: string; label: string; missing: string; maxLength: number };
  problem: BackendProblem | null;
  isPending: boolean;
  onClose(): void;
  onConfirm(reason: string): void;
  /** What it means. */
  children: ReactNode;
}

/** The question, open as long as it is drawn. */
export function ReasonDialog({ reason, problem, children, onConfirm, ...rest }: ReasonDialogProps) {
  const [typed, setTyped] = useState("");
  const [tried, setTried] = useState(false);
  const isMissing = typed.trim() === "";
  const send = () => {
    setTried(true);
    if (!isMissing && !rest.isPending) onConfirm(typed.trim());
  };
  return (
    <ConfirmDialog {...rest} isOpen danger onConfirm={send}>
      {children}
      {problem && <ProblemBanner problem={problem} />}
      <TextField
        id={reason.id}
        label={reason.label}
        value={typed}
        onChange={setTyped}
        maxLength={reason.maxLength}
        autoFocus
        onEnter={send}
        error={tried && isMissing ? reason.missing : undefined}
      />
    </ConfirmDialog>
  );
}
