/** The dialog around a record's form: problems on top, the fields, its buttons always in sight; it is not left with something typed unasked. */

import { type ReactNode, useId, useState } from "react";
import { Button } from "../components/Button";
import { Dialog } from "../components/Dialog";
import { useText } from "../i18n/useText";
import { FormProblems } from "./FormProblems";
import { AskLeaving } from "./unsaved";
import type { RecordForm } from "./useRecordForm";

export interface RecordFrameProps {
  title: string;
  form: RecordForm;
  size?: "medium" | "large";
  /** The word of the button that saves. */
  save?: string;
  /** Stands above the fields and does not scroll with them. */
  head?: ReactNode;
  onClose(): void;
  children: ReactNode;
}

/** The frame. */
export function RecordFrame({ title, form, size, save, head, onClose, children }: RecordFrameProps) {
  const t = useText();
  const id = useId();
  const [isLeaving, setLeaving] = useState(false);
  const leave = () => (form.isTyped ? setLeaving(true) : onClose());
  return (
    <Dialog
      title={title}
      size={size}
      isOpen
      onClose={leave}
      actions={
        <>
          <Button
            type="submit"
            form={id}
            variant="primary"
            size="large"
            isPending={form.isPending}
            data-primary
          >
            {save ?? t("ui.save")}
          </Button>
          <Button size="large" onPress={leave}>
            {t("ui.cancel")}
          </Button>
        </>
      }
      head={head}
    >
      <form
        id={id}
        noValidate
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          form.send();
        }}
        onKeyDown={(event) => {
          if (event.key === "Enter" && event.ctrlKey) form.send();
        }}
      >
        <FormProblems form={form} />
        {children}
      </form>
      <AskLeaving
        isOpen={isLeaving}
        onGoOn={() => setLeaving(false)}
        onKeep={onClose}
        onThrowAway={() => {
          form.throwAway();
          onClose();
        }}
      />
    </Dialog>
  );
}
