/** The chosen bed in full, with everything that can be done there. What opens a form has a letter while the focus is in here; what is written at once has none. */
import { useNavigate } from "@tanstack/react-router";
import type { KeyboardEvent, ReactNode } from "react";
import { Button } from "../../components/Button";
import { Status } from "../../components/Status";
import { TextLink } from "../../components/TextLink";
import { type ScoreWords, useScoreWords } from "../../entity/useScoreWords";
import type { BedTile, WardBand } from "../../generated/wire";
import { useFormat, useText } from "../../i18n/useText";
import { STATUS_LOOK } from "./look";

/** What can be done at a bed. */
export type Deed = "admit" | "transfer" | "swap" | "discharge" | "hold" | "cleaning" | "release";

export interface BedPanelProps {
  ward: WardBand;
  bed: BedTile;
  deeds: readonly Deed[];
  onDeed(deed: Deed): void;
  /** Escape: back to the board. */
  onLeave(): void;
}

/** The letters of the deeds that open a form. To free a bed or mark it for cleaning is written at once, so those are buttons alone. */
const DEED_KEYS: Partial<Record<Deed, string>> = {
  admit: "A",
  transfer: "M",
  swap: "S",
  discharge: "D",
  hold: "H",
};

/** The id of the panel. */
const PANEL = "bed-panel";

/** Puts the focus on what stands first in the panel: the patient, or the first deed. */
export function focusPanel() {
  document.getElementById(PANEL)?.querySelector<HTMLElement>("a[href], button")?.focus();
}

/** What can be done at a bed in its state. */
export function deedsAt(bed: BedTile): Deed[] {
  if (bed.status === "occupied") return ["transfer", "discharge", "swap"];
  if (bed.status === "free") return ["admit", "hold", "cleaning"];
  return bed.status === "held" ? ["admit", "release", "hold"] : ["release", "hold"];
}

/** The panel. */
export function BedPanel({ ward, bed, deeds, onDeed, onLeave }: BedPanelProps) {
  const t = useText();
  const format = useFormat();
  const navigate = useNavigate();
  const scoreWords = useScoreWords();
  const look = STATUS_LOOK[bed.status];
  const patient = bed.occupant?.patient;
  const facts: [string, ReactNode][] = patient
    ? [
        [t("field.encounter.category"), patient.category && t(`code.category.${patient.category}`)],
        [t("beds.since"), bed.occupant ? format.dateTime(bed.occupant.since) : null],
        ["NEWS2", <Score key="score" words={scoreWords(patient)} />],
        [t("field.encounter.number"), patient.identifier],
        [t("field.patient.phone"), patient.phone],
      ]
    : [
        [t("field.bed.bed_type"), t(`code.bed_type.${bed.bed_type}`)],
        [t("field.bed_hold.note"), bed.hold?.note ?? null],
        [t("field.bed_hold.expires"), bed.hold?.expires ? format.dateTime(bed.hold.expires) : null],
      ];
  const onKey = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const deed = deeds.find((each) => DEED_KEYS[each] === letterOf(event));
    if (event.key === "Escape") onLeave();
    else if (deed) onDeed(deed);
    else return;
    event.preventDefault();
  };
  return (
    <section
      id={PANEL}
      onKeyDown={onKey}
      className="panel flex flex-col gap-3 p-4"
      aria-label={t("beds.panel", { bed: `${ward.name} ${bed.label}` })}
    >
      <header className="flex items-center justify-between gap-2">
        <h2 className="text-body font-semibold">
          {ward.name} {bed.label}
        </h2>
        <Status shape={look.shape} tone={look.tone}>
          {t(`beds.status.${bed.status}`)}
        </Status>
      </header>
      {patient && (
        <p>
          <TextLink href={`/patients/${patient.patient}`}>{patient.name}</TextLink>
          <span className="block text-table text-soft">
            {[
              patient.sex && t(`code.gender.${patient.sex}`),
              patient.age_years !== null && t("movement.years", { years: patient.age_years }),
            ]
              .filter(Boolean)
              .join(" · ")}
          </span>
        </p>
      )}
      {bed.clash && (
        <Button variant="danger" onPress={() => navigate({ to: "/inbox" })}>
          {t("beds.clash")}
        </Button>
      )}
      <dl className="grid grid-cols-[auto_1fr] gap-x-3 gap-y-1 text-table">
        {facts.map(([label, value]) => (
          <div key={label} className="contents">
            <dt className="text-soft">{label}</dt>
            <dd className="min-w-0 break-words">{value ?? t("common.not_recorded")}</dd>
          </div>
        ))}
      </dl>
      <div className="flex flex-col gap-2">
        {deeds.map((deed, index) => (
          <Button
            key={deed}
            variant={index === 0 ? "primary" : "secondary"}
            keys={DEED_KEYS[deed]}
            onPress={() => onDeed(deed)}
            data-deed={deed}
          >
            {t(`beds.deed.${deed}`)}
          </Button>
        ))}
      </div>
    </section>
  );
}

/** The Latin letter of a key, also on a keyboard that writes Malayalam. */
function letterOf(event: KeyboardEvent): string {
  return /^[a-z]$/i.test(event.key) ? event.key.toUpperCase() : event.code.replace(/^Key/, "");
}

/** The number with its time, or why there is none. */
function Score({ words }: { words: ScoreWords }) {
  if (words.figure === "–") return words.sentence;
  return (
    <>
      <b className="font-semibold">{words.figure}</b>{" "}
      <span className="whitespace-nowrap text-soft">({words.at})</span>
    </>
  );
}
