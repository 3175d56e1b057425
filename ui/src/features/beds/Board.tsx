/** The bands with their tiles, moved over by keys and by dragging, the chosen bed beside them, and the dialogs of what is done. */
import { useRef, useState } from "react";
import { useMay } from "../../access";
import type { BackendProblem } from "../../backend";
import { useAct } from "../../backend-context";
import { EmptyState } from "../../components/EmptyState";
import { useProblemWords } from "../../components/Loaded";
import { sayProblem } from "../../components/Toast";
import { shortCategory } from "../../entity/category";
import { useSaySaved } from "../../entity/useSaySaved";
import { CODES } from "../../generated/entities";
import type { BedBoard, BedTile, HoldArgs, ReleaseArgs, Saved, WardBand } from "../../generated/wire";
import { useText } from "../../i18n/useText";
import { BedPanel, type Deed, deedsAt, focusPanel } from "./BedPanel";
import { BedTileView, CategoryMark } from "./BedTileView";
import { Deeds, type Doing } from "./Deeds";
import { type Filter, filtered } from "./grid";
import { useBoardKeys } from "./useBoardKeys";
import { WaitingBand } from "./WaitingBand";
import { WardBandView } from "./WardBandView";

export interface BoardProps {
  board: BedBoard;
  as_of: number;
  filter: Filter;
}

/** The board. */
export function Board({ board, as_of, filter }: BoardProps) {
  const t = useText();
  const saySaved = useSaySaved();
  const words = useProblemWords();
  const may = useMay();
  const wards = filtered(board, filter);
  const [at, setAt] = useState<string | null>(null);
  const [doing, setDoing] = useState<Doing | null>(null);
  const dragged = useRef<string | null>(null);
  const hold = useAct<HoldArgs>("hold");
  const release = useAct<ReleaseArgs>("release");
  const first = wards[0]?.beds[0]?.id ?? null;
  const focused = wards.some((ward) => ward.beds.some((bed) => bed.id === at)) ? at : first;
  const place = placeOf(board.wards, focused);

  const go = (bed: string) => {
    setAt(bed);
    document.getElementById(`bed-${bed}`)?.focus();
  };
  const said = (done: "released" | "cleaning", ward: WardBand, bed: BedTile) => ({
    onSuccess: (saved: Saved) =>
      saySaved(saved.action, t(`beds.done.${done}`, { bed: `${ward.name} ${bed.label}` })),
    onError: (problem: BackendProblem) => sayProblem(words.short(problem)),
  });
  const deeds = (bed: BedTile) =>
    deedsAt(bed).filter((deed) =>
      may("write", deed === "admit" || deed === "discharge" ? "encounter" : "bed_hold"),
    );
  const deed = (what: Deed, ward: WardBand, bed: BedTile) => {
    if (what === "release") {
      release.mutate({ args: { bed: bed.id }, as_of }, said("released", ward, bed));
      go(bed.id);
    } else if (what === "cleaning") {
      const args = { bed: bed.id, reason: "cleaning", encounter: null, note: null, expires: null };
      hold.mutate({ args, as_of }, said("cleaning", ward, bed));
      go(bed.id);
    } else setDoing({ what, ward, bed, as_of });
  };
  const drop = (ward: WardBand, bed: BedTile) => {
    const encounter = dragged.current;
    dragged.current = null;
    if (!encounter || encounter === bed.occupant?.patient.encounter || !may("write", "bed_stay")) return;
    setDoing({ what: "drop", encounter, ward, bed, as_of });
  };
  const { finding, onKey } = useBoardKeys({
    wards,
    at: focused,
    go,
    open() {
      setAt(focused);
      focusPanel();
    },
  });

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
        <p role="status" className={finding ? "panel px-4 py-2 text-table" : "sr-only"}>
          {finding && t(finding.isFound ? "beds.finding" : "beds.finding.none", { text: finding.text })}
        </p>
        {place && (
          <BedPanel
            ward={place.ward}
            bed={place.bed}
            deeds={deeds(place.bed)}
            onDeed={(what) => deed(what, place.ward, place.bed)}
            onLeave={() => go(place.bed.id)}
          />
        )}
        <WaitingBand
          waiting={board.waiting}
          onDragPatient={(encounter) => {
            dragged.current = encounter;
          }}
          onMove={(line) => setDoing({ what: "place", line, as_of })}
        />
        <dl className="flex flex-wrap items-center gap-x-3 gap-y-1 px-1 text-small text-soft">
          <dt className="w-full font-medium">{t("beds.category.legend")}</dt>
          {CODES.category.map(({ word }) => (
            <dd key={word} className="flex items-center gap-1">
              <CategoryMark word={word} />
              <span aria-hidden="true">{shortCategory(t, word)}</span>
            </dd>
          ))}
        </dl>
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
