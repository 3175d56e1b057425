/** Asks for what a way needs before it is taken: why something is wrong, or which bed it was. */
import { useState } from "react";
import { useView } from "../../backend-context";
import { ConfirmDialog } from "../../components/ConfirmDialog";
import { ProblemBanner } from "../../components/Loaded";
import { ReasonDialog } from "../../components/ReasonDialog";
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
export function WayDialog(props: WayProps) {
  return needsOf(props.way) === "bed" ? <WhichBed {...props} /> : <WhyWrong {...props} />;
}

function WhyWrong({ way, record, deed, onClose }: WayProps) {
  const t = useText();
  return (
    <ReasonDialog
      title={useTitle(way)}
      confirm={t("inbox.void")}
      reason={{
        id: `${way.kind}.void_reason`,
        label: t("inbox.why"),
        missing: t("inbox.why.missing"),
        maxLength: 200,
      }}
      problem={deed.error}
      isPending={deed.isPending}
      onClose={onClose}
      onConfirm={(reason) => deed.take(way, { reason, bed: null }, onClose)}
    >
      <What way={way} record={record} />
    </ReasonDialog>
  );
}

function WhichBed({ way, record, deed, onClose }: WayProps) {
  const t = useText();
  const [bed, setBed] = useState<string | null>(null);
  const [tried, setTried] = useState(false);
  const board = useView<BedBoard>("bed_board");
  const send = () => {
    setTried(true);
    if (bed !== null) deed.take(way, { reason: null, bed }, onClose);
  };
  return (
    <ConfirmDialog
      title={useTitle(way)}
      isOpen
      onClose={onClose}
      onConfirm={send}
      confirm={t("inbox.ask.bed")}
      isPending={deed.isPending}
    >
      <What way={way} record={record} />
      {deed.error && <ProblemBanner problem={deed.error} />}
      {board.data && (
        <BedPicker
          board={board.data}
          value={bed}
          onChange={setBed}
          autoFocus
          error={tried && bed === null ? t("inbox.ask.bed.missing") : undefined}
        />
      )}
    </ConfirmDialog>
  );
}

function useTitle(way: WayShown): string {
  const t = useText();
  const title = `inbox.ask.${way.what}`;
  return t(t.has(`${title}.${way.kind}`) ? `${title}.${way.kind}` : title);
}

/** Whom it is about, and what it means. */
function What({ way, record }: Pick<WayProps, "way" | "record">) {
  const t = useText();
  const means = `inbox.ask.${way.what}.what`;
  return (
    <>
      {record && way.what !== "keep_entry" && record.caption && (
        <p className="font-semibold">{[record.caption, record.bed].filter(Boolean).join(" · ")}</p>
      )}
      <p>{t(t.has(means) ? means : "inbox.void.what")}</p>
    </>
  );
}
