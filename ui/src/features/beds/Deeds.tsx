/** The dialog of what is being done at a bed. */
import { AdmitDialog } from "../../entity/movement/AdmitDialog";
import { DischargeDialog } from "../../entity/movement/DischargeDialog";
import { HoldDialog } from "../../entity/movement/HoldDialog";
import { SwapDialog } from "../../entity/movement/SwapDialog";
import { TransferDialog } from "../../entity/movement/TransferDialog";
import type { BedBoard, BedTile, PatientLine, WardBand } from "../../generated/wire";
import { SwapWith } from "./SwapWith";

/** What is being done, and the moment of the board it was begun on. */
export type Doing = { as_of: number } & (
  | { what: "admit" | "transfer" | "swap" | "discharge" | "hold"; ward: WardBand; bed: BedTile }
  | { what: "drop"; encounter: string; ward: WardBand; bed: BedTile }
  | { what: "place"; line: PatientLine }
);

/** The dialog. */
export function Deeds({ board, doing, onClose }: { board: BedBoard; doing: Doing; onClose(): void }) {
  const { as_of } = doing;
  if (doing.what === "place") {
    const { encounter, name } = doing.line;
    if (!encounter) return null;
    return <TransferDialog {...{ board, as_of, encounter, name, onClose }} isLeaving={false} />;
  }
  const { ward, bed } = doing;
  const place = `${ward.name} ${bed.label}`;
  const lying = bed.occupant?.patient;
  if (doing.what === "drop") return <Dropped {...{ board, doing, place, onClose }} />;
  if (doing.what === "admit") return <AdmitDialog {...{ board, as_of, onClose }} bed={bed.id} />;
  if (doing.what === "hold") {
    const start = bed.status === "blocked" ? "blocked" : "held";
    return <HoldDialog {...{ board, as_of, place, start, onClose }} bed={bed.id} />;
  }
  if (!lying?.encounter) return null;
  const { encounter, name } = lying;
  if (doing.what === "swap")
    return <SwapWith {...{ board, as_of, onClose }} first={{ encounter, name, place }} />;
  return doing.what === "transfer" ? (
    <TransferDialog {...{ board, as_of, encounter, name, onClose }} isLeaving />
  ) : (
    <DischargeDialog {...{ as_of, encounter, name, onClose }} isInBed />
  );
}

/** A patient dropped on a bed: onto a free one it is a move, onto another patient a swap. */
function Dropped({
  board,
  doing,
  place,
  onClose,
}: {
  board: BedBoard;
  doing: Extract<Doing, { what: "drop" }>;
  place: string;
  onClose(): void;
}) {
  const { as_of, encounter, bed } = doing;
  const from = board.wards
    .flatMap((ward) => ward.beds.map((each) => ({ place: `${ward.name} ${each.label}`, bed: each })))
    .find((each) => each.bed.occupant?.patient.encounter === encounter);
  const waiting = board.waiting.find((line) => line.encounter === encounter);
  const name = from?.bed.occupant?.patient.name ?? waiting?.name ?? "";
  const other = bed.occupant?.patient;
  if (other?.encounter && from) {
    const first = { encounter, name, place: from.place };
    const second = { encounter: other.encounter, name: other.name, place };
    return <SwapDialog {...{ first, second, as_of, onClose }} />;
  }
  return (
    <TransferDialog {...{ board, as_of, encounter, name, onClose }} to={bed.id} isLeaving={Boolean(from)} />
  );
}
