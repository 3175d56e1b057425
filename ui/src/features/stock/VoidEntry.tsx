/** Marks an entry as entered in error, with the reason. */
import { useState } from "react";
import { useSave } from "../../backend-context";
import { ConfirmDialog } from "../../components/ConfirmDialog";
import { ProblemBanner } from "../../components/Loaded";
import { TextField } from "../../components/TextField";
import { useSaySaved } from "../../entity/useSaySaved";
import { useText } from "../../i18n/useText";
import { voidOf } from "./movement";

/** The question. */
export function VoidEntry({ entry, as_of, onClose }: { entry: string; as_of: number; onClose(): void }) {
  const t = useText();
  const save = useSave();
  const saySaved = useSaySaved();
  const [reason, setReason] = useState("");
  const [tried, setTried] = useState(false);
  const send = () => {
    setTried(true);
    if (reason.trim() === "") return;
    save.mutate(
      { drafts: [voidOf(entry, reason)], as_of, confirmed: [] },
      {
        onSuccess: (saved) => {
          saySaved(saved.action);
          onClose();
        },
      },
    );
  };
  return (
    <ConfirmDialog
      title={t("stock.void.title")}
      isOpen
      onClose={onClose}
      onConfirm={send}
      confirm={t("stock.void")}
      danger
      isPending={save.isPending}
    >
      <p>{t("stock.void.what")}</p>
      {save.error && <ProblemBanner problem={save.error} />}
      <TextField
        id="stock_entry.void_reason"
        label={t("stock.why")}
        value={reason}
        onChange={setReason}
        maxLength={200}
        autoFocus
        onEnter={send}
        error={tried && reason.trim() === "" ? t("stock.why.missing") : undefined}
      />
    </ConfirmDialog>
  );
}
