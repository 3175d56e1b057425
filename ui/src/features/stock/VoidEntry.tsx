/** Marks an entry as entered in error, with the reason. */
import { useSave } from "../../backend-context";
import { ReasonDialog } from "../../components/ReasonDialog";
import { useSaySaved } from "../../entity/useSaySaved";
import { useText } from "../../i18n/useText";
import { voidOf } from "./movement";

/** The question. */
export function VoidEntry({ entry, as_of, onClose }: { entry: string; as_of: number; onClose(): void }) {
  const t = useText();
  const save = useSave();
  const saySaved = useSaySaved();
  const send = (reason: string) =>
    save.mutate(
      { drafts: [voidOf(entry, reason)], as_of, confirmed: [] },
      {
        onSuccess: (saved) => {
          saySaved(saved.action);
          onClose();
        },
      },
    );
  return (
    <ReasonDialog
      title={t("stock.void.title")}
      confirm={t("stock.void")}
      reason={{
        id: "stock_entry.void_reason",
        label: t("stock.why"),
        missing: t("stock.why.missing"),
        maxLength: 200,
      }}
      problem={save.error}
      isPending={save.isPending}
      onClose={onClose}
      onConfirm={send}
    >
      <p>{t("stock.void.what")}</p>
    </ReasonDialog>
  );
}
