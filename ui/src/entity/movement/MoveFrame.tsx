/** The frame of every movement's dialog: what is wrong on top, the form, and its two buttons. */
import { type ReactNode, useId } from "react";
import { Button } from "../../components/Button";
import { Dialog } from "../../components/Dialog";
import { useText } from "../../i18n/useText";
import { FormProblems } from "../FormProblems";
import type { Move } from "./useMove";

export interface MoveFrameProps {
  title: string;
  /** Who or what is moved. */
  about?: string;
  move: Move;
  /** The word of the primary button. */
  confirm: string;
  /** Nothing has to be typed: the primary button has the focus. */
  isComplete?: boolean;
  children?: ReactNode;
}

/** The frame; nothing until it is known what was typed before. */
export function MoveFrame({ title, about, move, confirm, isComplete, children }: MoveFrameProps) {
  const t = useText();
  const form = useId();
  if (!move.isReady) return null;
  const actions = (
    <>
      <Button
        type="submit"
        form={form}
        variant="primary"
        size="large"
        isPending={move.isPending}
        autoFocus={isComplete}
        data-primary
      >
        {confirm}
      </Button>
      <Button size="large" onPress={move.leave}>
        {t("ui.cancel")}
      </Button>
    </>
  );
  return (
    <Dialog title={title} isOpen onClose={move.leave} actions={actions}>
      <form
        id={form}
        noValidate
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          move.send();
        }}
        onKeyDown={(event) => {
          if (event.key === "Enter" && event.ctrlKey) move.send();
        }}
      >
        {about && <p className="font-semibold">{about}</p>}
        {move.isBack && <p className="text-table text-soft">{t("form.brought_back")}</p>}
        <FormProblems form={move} />
        {children}
      </form>
    </Dialog>
  );
}
