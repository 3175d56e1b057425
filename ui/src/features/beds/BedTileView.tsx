/** One bed on the board: label, state by sign and word, and who lies there. Draggable when somebody does. */
import { clsx } from "clsx";
import { ShieldAlert, TriangleAlert } from "lucide-react";
import type { DragEvent } from "react";
import { Shape } from "../../components/Shape";
import { TONE_BOX, TONE_INK } from "../../components/Tone";
import { shortCategory } from "../../entity/category";
import { useScoreWords } from "../../entity/useScoreWords";
import type { BedTile } from "../../generated/wire";
import { useText } from "../../i18n/useText";
import { STATUS_LOOK, stripeOf, toneOf } from "./look";

export interface BedTileViewProps {
  bed: BedTile;
  ward: string;
  isFocused: boolean;
  isChosen: boolean;
  onFocus(): void;
  onOpen(): void;
  onDragPatient(encounter: string): void;
  onDropOn(): void;
}

/** The tile; it is a cell of the board's grid. */
export function BedTileView(props: BedTileViewProps) {
  const { bed, ward, isFocused, isChosen } = props;
  const t = useText();
  const look = STATUS_LOOK[bed.status];
  const patient = bed.occupant?.patient;
  const encounter = patient?.encounter;
  const drag = (event: DragEvent) => {
    if (!encounter) return;
    event.dataTransfer.setData("text/plain", bed.label);
    event.dataTransfer.effectAllowed = "move";
    props.onDragPatient(encounter);
  };
  return (
    <button
      type="button"
      id={`bed-${bed.id}`}
      data-bed={bed.label}
      data-ward={ward}
      data-status={bed.status}
      aria-pressed={isChosen}
      tabIndex={isFocused ? 0 : -1}
      draggable={Boolean(encounter)}
      onFocus={props.onFocus}
      onClick={props.onOpen}
      onDragStart={drag}
      onDragOver={(event) => event.preventDefault()}
      onDrop={(event) => {
        event.preventDefault();
        props.onDropOn();
      }}
      className={clsx(
        "flex h-[76px] min-w-0 cursor-pointer flex-col gap-0.5 rounded-control border border-l-4 bg-panel px-2 py-1.5 text-left hover:border-y-ink hover:border-r-ink",
        isChosen ? "border-y-accent border-r-accent bg-accent-tint" : "border-y-edge/60 border-r-edge/60",
        patient ? stripeOf(patient.category) : "border-l-line",
      )}
    >
      <span className="flex w-full items-center justify-between gap-1 text-small">
        <span className="flex items-center gap-1.5">
          <span className="font-semibold tabular-nums">{bed.label}</span>
          {patient?.category && <CategoryMark word={patient.category} />}
        </span>
        <span className={clsx("flex min-w-0 items-center gap-1", TONE_INK[look.tone])}>
          <Shape name={look.shape} size={10} />
          <span className="truncate">{t(`beds.status.${bed.status}`)}</span>
        </span>
      </span>
      {patient ? <Lying bed={bed} /> : <Empty bed={bed} />}
    </button>
  );
}

/** A category by its first letters: never by the colour of the stripe alone. */
export function CategoryMark({ word }: { word: string }) {
  const t = useText();
  const label = shortCategory(t, word);
  return (
    <span title={label} className="rounded-sm border border-edge px-1 text-[11px] leading-4 font-semibold">
      <span aria-hidden="true">{t(`beds.category.${word}`)}</span>
      <span className="sr-only">{label}</span>
    </span>
  );
}

function Lying({ bed }: { bed: BedTile }) {
  const t = useText();
  const scoreWords = useScoreWords();
  const patient = bed.occupant?.patient;
  if (!patient) return null;
  const score = scoreWords(patient);
  return (
    <>
      <span className="w-full truncate text-table leading-5 font-semibold" title={patient.name}>
        {patient.name}
      </span>
      <span className="flex w-full items-center gap-1.5 text-small text-soft">
        <span className="truncate">
          {[
            patient.sex && t(`beds.sex.${patient.sex}`),
            patient.age_years !== null && t("beds.years", { years: patient.age_years }),
            t("beds.days", { days: bed.occupant?.days ?? 0 }),
          ]
            .filter(Boolean)
            .join(" · ")}
        </span>
        <span className="flex-1" />
        {patient.isolation && (
          <ShieldAlert className="size-3.5 shrink-0 text-watch" aria-label={t("beds.isolation")} />
        )}
        {bed.clash && (
          <TriangleAlert className="size-3.5 shrink-0 text-problem" aria-label={t("beds.clash")} />
        )}
        <span
          title={score.sentence}
          className={clsx(
            "shrink-0 rounded-sm border px-1 font-semibold tabular-nums",
            TONE_BOX[toneOf(patient.news2)],
          )}
        >
          <span aria-hidden="true">{score.figure}</span>
          <span className="sr-only">{score.sentence}</span>
        </span>
      </span>
    </>
  );
}

function Empty({ bed }: { bed: BedTile }) {
  const t = useText();
  return (
    <>
      <span className="line-clamp-2 w-full text-small text-soft">{t(`code.bed_type.${bed.bed_type}`)}</span>
      {bed.hold && (
        <span className="w-full truncate text-small text-soft">{bed.hold.patient_name ?? bed.hold.note}</span>
      )}
    </>
  );
}
