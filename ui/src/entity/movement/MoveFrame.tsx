/** The frame of every movement's dialog: what is wrong on top, the form, and its two buttons. */
import { type ReactNode, useId } from "react";
import { Button } from "../../components/Button";
import { Dialog } from "../../components/Dialog";
import { ErrorSummary } from "../../components/ErrorSummary";
import { ProblemBanner, useProblemWords } from "../../components/Loaded";
import { useText } from "../../i18n/useText";
import { Doubts } from "../Doubts";
import type { useMove } from "./useMove";

export interface MoveFrameProps {
  title: string;
  /** Who or what is moved. */
  about?: string;
  move: ReturnType<typeof useMove<never>> | ReturnType<typeof useMove<unknown>>;
  /** The word of the primary button. */
  confirm: string;
  onSend(): void;
  onClose(): void;
  children?: ReactNode;
}

/** The frame. */
export function MoveFrame({ title, about, move, confirm, onSend, onClose, children }: MoveFrameProps) {
  const t = useText();
  const words = useProblemWords();
  const form = useId();
  const errors = move.open.map((problem) => ({
    field: `${problem.kind}.${problem.field}`,
    text: words.line(problem),
  }));
  const actions = (
    <>
      <Button
        type="submit"
        form={form}
        variant="primary"
        size="large"
        isPending={move.isPending}
        data-primary
      >
        {confirm}
      </Button>
      <Button size="large" onPress={onClose}>
        {t("ui.cancel")}
      </Button>
    </>
  );
  return (
    <Dialog title={title} isOpen onClose={onClose} actions={actions}>
      <form
        id={form}
        noValidate
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          onSend();
        }}
      >
        {about && <p className="font-semibold">{about}</p>}
        <ErrorSummary errors={errors} attempt={move.problems.length} />
        {move.problem && move.problem.code !== "problems" && <ProblemBanner problem={move.problem} />}
        <Doubts
          problems={move.problems}
          confirmed={move.confirmed}
          onConfirm={move.setConfirmed}
          say={(what) => t("movement.confirm", { what })}
        />
        {children}
      </form>
    </Dialog>
  );
}
