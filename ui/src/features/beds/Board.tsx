/** The bands with their tiles, moved over by keys and by dragging, the chosen bed beside them, and the dialogs of what is done. */
import { type KeyboardEvent, useRef, useState } from "react";
import { useMay } from "../../access";
import { useAct } from "../../backend-context";
import { EmptyState } from "../../components/EmptyState";
import { useProblemWords } from "../../components/Loaded";
import { sayDone, sayProblem } from "../../components/Toast";
import type { BedBoard, BedTile, HoldArgs, ReleaseArgs, WardBand } from "../../generated/wire";
import { useFormat, useText } from "../../i18n/useText";
import { BedPanel, DEED_KEYS, type Deed, deedsAt } from "./BedPanel";
import { BedTileView } from "./BedTileView";
import { Deeds, type Doing } from "./Deeds";
import { type Filter, filtered, found, neighbour } from "./grid";
import { WaitingBand } from "./WaitingBand";
import { WardBandView } from "./WardBandView";

/** What is typed without a pause this long belongs together, in milliseconds. */
const PAUSE_MS = 900;

export interface BoardProps {
  board: BedBoard;
  as_of: number;
  filter: Filter;
}

/** The board. */
export function Board({ board, as_of, filter }: BoardProps) {
  const t = useText();
  const format = useFormat();
  const words = useProblemWords();
  const may = useMay();
  const wards = filtered(board, filter);
  const [at, setAt] = useState<string | null>(null);
  const [doing, setDoing] = useState<Doing | null>(null);
  const dragged = useRef<string | null>(null);
  const typed = useRef({ text: "", at: 0 });
  const hold = useAct<HoldArgs>("hold");
  const release = useAct<ReleaseArgs>("release");
  const first = wards[0]?.beds[0]?.id ?? null;
  const focused = wards.some((ward) => ward.beds.some((bed) => bed.id === at)) ? at : first;
  const place = placeOf(board.wards, focused);

  const go = (bed: string) => {
    setAt(bed);
    document.getElementById(`bed-${bed}`)?.focus();
  };
  const said = {
    onSuccess: () => sayDone(t("ui.saved_here", { time: format.time(Date.now()) })),
    onError: (problem: Parameters<typeof words.title>[0]) => {
      const [why] = problem.problems;
      sayProblem(why ? words.line(why) : words.title(problem));
    },
  };
  const deeds = (bed: BedTile) =>
    deedsAt(bed).filter((deed) =>
      may("write", deed === "admit" || deed === "discharge" ? "encounter" : "bed_hold"),
    );
  const deed = (what: Deed, ward: WardBand, bed: BedTile) => {
    if (what === "release") release.mutate({ args: { bed: bed.id }, as_of }, said);
    else if (what === "cleaning") {
      const args = { bed: bed.id, reason: "cleaning", encounter: null, note: null, expires: null };
      hold.mutate({ args, as_of }, said);
    } else setDoing({ what, ward, bed, as_of });
  };
  const drop = (ward: WardBand, bed: BedTile) => {
    const encounter = dragged.current;
    dragged.current = null;
    if (!encounter || encounter === bed.occupant?.patient.encounter || !may("write", "bed_stay")) return;
    setDoing({ what: "drop", encounter, ward, bed, as_of });
  };
  const onKey = (event: KeyboardEvent) => {
    if (!place || event.ctrlKey || event.altKey || event.metaKey) return;
    const next = neighbour(wards, place.bed.id, event.key, columnsOf(place.bed.id));
    const what = deeds(place.bed).find((each) => DEED_KEYS[each] === event.key.toUpperCase());
    const now = Date.now();
    if (next !== place.bed.id) go(next);
    else if (what && now - typed.current.at > PAUSE_MS) deed(what, place.ward, place.bed);
    else if (event.key.length === 1 && event.key !== " ") {
      const text = now - typed.current.at > PAUSE_MS ? event.key : typed.current.text + event.key;
      typed.current = { text, at: now };
      const bed = found(wards, text);
      if (bed) go(bed);
    } else return;
    event.preventDefault();
  };

  return (
    <div className="grid grid-cols-[minmax(0,1fr)_272px] items-start gap-3">
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the keys belong to the tiles, which are buttons */}
      <div className="flex min-w-0 flex-col gap-3" onKeyDown={onKey}>
        {wards.length === 0 && <EmptyState title={t("beds.none")}>{t("beds.none.what")}</EmptyState>}
        {wards.map((ward) => (
          <WardBandView key={ward.id} ward={ward}>
            {ward.beds.map((bed) => (
              <BedTileView
                key={bed.id}
                bed={bed}
                ward={ward.name}
                isFocused={bed.id === focused}
                isChosen={bed.id === at}
                onFocus={() => setAt(bed.id)}
                onOpen={() => setAt(bed.id)}
                onDragPatient={(encounter) => {
                  dragged.current = encounter;
                }}
                onDropOn={() => drop(ward, bed)}
              />
            ))}
          </WardBandView>
        ))}
      </div>
      <aside className="sticky top-0 flex flex-col gap-3">
        {place && (
          <BedPanel
            ward={place.ward}
            bed={place.bed}
            deeds={deeds(place.bed)}
            onDeed={(what) => deed(what, place.ward, place.bed)}
          />
        )}
        <WaitingBand
          waiting={board.waiting}
          onDragPatient={(encounter) => {
            dragged.current = encounter;
          }}
          onMove={(line) => setDoing({ what: "place", line, as_of })}
        />
      </aside>
      {doing && <Deeds board={board} doing={doing} onClose={() => setDoing(null)} />}
    </div>
  );
}

function placeOf(wards: readonly WardBand[], id: string | null): { ward: WardBand; bed: BedTile } | null {
  for (const ward of wards) {
    const bed = ward.beds.find((each) => each.id === id);
    if (bed) return { ward, bed };
  }
  return null;
}

/** How many tiles stand in a row of the band, as it is drawn. */
function columnsOf(bed: string): number {
  const band = document.getElementById(`bed-${bed}`)?.parentElement;
  return band ? getComputedStyle(band).gridTemplateColumns.split(" ").length : 1;
}
