/** Asks before what cannot be taken back. What can be undone is done at once and offers Undo instead. */
import { type ReactNode, useState } from "react";
import { useText } from "../i18n/useText";
import { Button } from "./Button";
import { Dialog } from "./Dialog";
import { TextField } from "./TextField";

export interface ConfirmDialogProps {
  title: string;
  isOpen: boolean;
  onClose(): void;
  onConfirm(): void;
  /** The verb of the button: "Discharge", never "OK". */
  confirm: string;
  danger?: boolean;
  isPending?: boolean;
  /** A word that must be typed first. */
  typed?: string;
  /** Wider for more to read and choose than a sentence. */
  size?: "small" | "medium";
  children?: ReactNode;
}

/** A question with two answers. */
export function ConfirmDialog(props: ConfirmDialogProps) {
  const t = useText();
  const [word, setWord] = useState("");
  const [tried, setTried] = useState(false);
  const matches = !props.typed || word.trim() === props.typed;
  const close = () => {
    setWord("");
    setTried(false);
    props.onClose();
  };
  return (
    <Dialog
      title={props.title}
      isOpen={props.isOpen}
      onClose={close}
      size={props.size ?? "small"}
      role="alertdialog"
      actions={
        <>
          <Button
            variant={props.danger ? "danger" : "primary"}
            isPending={props.isPending}
            onPress={() => (matches ? props.onConfirm() : setTried(true))}
          >
            {props.confirm}
          </Button>
          <Button onPress={close}>{t("ui.cancel")}</Button>
        </>
      }
    >
      <div className="flex flex-col gap-3">
        {props.children}
        {props.typed && (
          <TextField
            label={t("ui.confirm.type", { word: props.typed })}
            value={word}
            onChange={setWord}
            error={tried && !matches ? t("ui.confirm.mismatch", { word: props.typed }) : undefined}
          />
        )}
      </div>
    </Dialog>
  );
}
