/** Asks for what a way needs before it is taken: why something is wrong, or which bed it was. */
import { useState } from "react";
import { useView } from "../../backend-context";
import { ConfirmDialog } from "../../components/ConfirmDialog";
import { ProblemBanner } from "../../components/Loaded";
import { TextField } from "../../components/TextField";
import { BedPicker } from "../../entity/movement/BedPicker";
import type { BedBoard, RecordShownShort, WayShown } from "../../generated/wire";
import { useText } from "../../i18n/useText";
import { type Deed, needsOf } from "./useWay";

interface WayProps {
  way: WayShown;
  record: RecordShownShort | undefined;
  deed: Deed;
  onClose(): void;
}

/** The dialog. */
export function WayDialog({ way, record, deed, onClose }: WayProps) {
  const t = useText();
  const needs = needsOf(way);
  const [reason, setReason] = useState("");
  const [bed, setBed] = useState<string | null>(null);
  const [tried, setTried] = useState(false);
  const board = useView<BedBoard>("bed_board", null, { enabled: needs === "bed" });
  const isMissing = needs === "bed" ? bed === null : reason.trim() === "";
  const send = () => {
    setTried(true);
    if (!isMissing) deed.take(way, { reason: reason.trim() || null, bed }, onClose);
  };
  const title = `inbox.ask.${way.what}`;
  return (
    <ConfirmDialog
      title={t(t.has(`${title}.${way.kind}`) ? `${title}.${way.kind}` : title)}
      isOpen
      onClose={onClose}
      onConfirm={send}
      confirm={t(needs === "bed" ? "inbox.ask.bed" : "inbox.void")}
      danger={needs === "reason"}
      isPending={deed.isPending}
    >
      {record && way.what !== "keep_entry" && record.caption && (
        <p className="font-semibold">{[record.caption, record.bed].filter(Boolean).join(" · ")}</p>
      )}
      <p>{t(t.has(`${title}.what`) ? `${title}.what` : "inbox.void.what")}</p>
      {deed.error && <ProblemBanner problem={deed.error} />}
      {needs === "bed"
        ? board.data && (
            <BedPicker
              board={board.data}
              value={bed}
              onChange={setBed}
              autoFocus
              error={tried && isMissing ? t("inbox.ask.bed.missing") : undefined}
            />
          )
        : needs === "reason" && (
            <TextField
              id={`${way.kind}.void_reason`}
              label={t("inbox.why")}
              value={reason}
              onChange={setReason}
              maxLength={200}
              autoFocus
              onEnter={send}
              error={tried && isMissing ? t("inbox.why.missing") : undefined}
            />
          )}
    </ConfirmDialog>
  );
}
