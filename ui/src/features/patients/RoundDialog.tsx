/** One round, by keyboard alone: the last value under each field, the score as it would be, the time it was observed. */

import { clsx } from "clsx";
import { useState } from "react";
import { useMay } from "../../access";
import { useView } from "../../backend-context";
import { type Moment, momentOf } from "../../entity/movement/moment";
import { useClock } from "../../entity/movement/useClock";
import { When } from "../../entity/movement/When";
import { RecordSections } from "../../entity/RecordFields";
import { RecordFrame } from "../../entity/RecordFrame";
import { AskBeforeDialog, type Before, useBefore } from "../../entity/unsaved";
import { idOf } from "../../entity/useFaults";
import { type Changed, useRecordForm, withoutBlanks } from "../../entity/useRecordForm";
import type { EncounterShown, News2Shown, RoundShown } from "../../generated/wire";
import { useFormat, useText } from "../../i18n/useText";
import { useSession } from "../../session";
import { offsetAt } from "../../zone";
import { ROUND_FOLDED, ROUND_SECTIONS } from "./fields";
import { copyOf, lastOf } from "./rounds";
import { ScoreChip } from "./ScoreChip";
import { shown } from "./shown";

export interface RoundDialogProps {
  patient: string;
  name: string;
  encounter: EncounterShown;
  /** The SpO₂ scale that holds for the patient. */
  scale: string | null;
  /** The round that this one corrects. */
  corrects: RoundShown | null;
  as_of: number;
  onClose(): void;
}

/** The dialog. */
export function RoundDialog(props: RoundDialogProps) {
  const t = useText();
  const before = useBefore(`form/round/${props.encounter.id}/${props.corrects?.id ?? "new"}`);
  const title = t(props.corrects ? "patients.round.correct.of" : "patients.round.of", { name: props.name });
  const isClockKnown = useSession().data !== undefined;
  if (before.state === "asking" || !isClockKnown) return null;
  if (before.state === "choice") {
    return <AskBeforeDialog title={title} before={before} onClose={props.onClose} />;
  }
  return <RoundForm {...props} title={title} before={before} />;
}

function RoundForm(props: RoundDialogProps & { title: string; before: Before }) {
  const { patient, encounter, scale, corrects, as_of, before, onClose } = props;
  const t = useText();
  const may = useMay();
  const { unsaved } = before;
  // Vitals that were typed at 8 were observed at about 8, whenever they are saved.
  const typed_at = unsaved?.typed_at;
  const given = () => ({
    ...(corrects ? copyOf(corrects) : { spo2_scale: scale }),
    encounter: encounter.id,
    at: corrects?.at ?? typed_at ?? Date.now(),
    ...(corrects ? { amends: corrects.id } : {}),
  });
  // The category is the patient's from this round on, on the board too.
  const also = ({ category }: Changed) =>
    corrects || !category || category === encounter.fields.category || !may("write", "encounter")
      ? []
      : [{ kind: "encounter", id: encounter.id, fields: { category } }];
  const form = useRecordForm({
    kind: "round",
    record: null,
    given,
    also,
    as_of,
    draft: before.draft,
    unsaved,
    undoes: true,
    onSaved: onClose,
  });
  const observed = withoutBlanks(form.fields());
  const { at: _at, ...vitals } = observed;
  const score = useView<News2Shown>("news2", { patient, fields: vitals }, { kinds: [], keepPrevious: true });
  const beside = useBeside(encounter.rounds, corrects);
  const start = corrects?.at ?? (unsaved ? Number(unsaved.changed.at ?? typed_at) : null);
  return (
    <RecordFrame
      title={props.title}
      form={form}
      size="large"
      save={t("patients.round.save")}
      onClose={onClose}
      head={
        <div
          aria-live="polite"
          className={clsx("min-h-6", score.isPlaceholderData && "opacity-50")}
          aria-busy={score.isPlaceholderData}
        >
          {score.data && <ScoreChip news2={score.data} />}
        </div>
      }
    >
      <ObservedAt
        start={start}
        isNowOffered={start === null}
        attempt={form.attempt}
        error={form.errorOf("at")}
        onChange={(at, problem) => form.change("at", at, problem)}
      />
      <RecordSections
        form={form}
        sections={Object.entries(ROUND_SECTIONS).map(([id, fields]) => ({
          id,
          title: t(`patients.round.section.${id as keyof typeof ROUND_SECTIONS}`),
          fields,
          isFolded: ROUND_FOLDED.includes(id),
        }))}
        columns={3}
        beside={beside}
        isFirst
      />
    </RecordFrame>
  );
}

interface ObservedAtProps {
  /** UTC milliseconds it begins with; null is now. */
  start: number | null;
  isNowOffered: boolean;
  attempt: number;
  error?: string;
  /** Undefined leaves it at the moment of saving. */
  onChange(at: number | null | undefined, problem?: string): void;
}

/** When the patient was observed; never later than now. */
function ObservedAt({ start, isNowOffered, attempt, error, onChange }: ObservedAtProps) {
  const t = useText();
  const clock = useClock();
  const [when, setWhen] = useState<Moment | null>(start === null ? null : momentOf(start, offsetAt(start)));
  const id = idOf("round", "at");
  const label = t("field.round.at");
  const wrong = when ? clock.wrong(id, label, when) : [];
  return (
    <When
      id={id}
      label={label}
      value={when}
      now={isNowOffered ? "offered" : "never"}
      onChange={(moment) => {
        setWhen(moment);
        const [fault] = moment ? clock.wrong(id, label, moment) : [];
        onChange(moment ? clock.sent(moment) : undefined, fault?.line);
      }}
      errorOf={(place) => {
        const fault = wrong.find((each) => each.field === place);
        return attempt > 0
          ? (fault?.text ?? (place === id && wrong.length === 0 ? error : undefined))
          : undefined;
      }}
    />
  );
}

/** The last value of a field with its time, such as "last 96 % at 08:10". */
function useBeside(rounds: readonly RoundShown[], corrects: RoundShown | null) {
  const t = useText();
  const format = useFormat();
  const today = format.date(Date.now());
  return (field: string) => {
    const last = lastOf(rounds, field, corrects);
    const value = last && shown("round", field, last.value, t, format);
    if (!last || value === null) return null;
    const at = format.date(last.at) === today ? format.time(last.at) : format.dateTime(last.at);
    return t("patients.round.last", { value, at });
  };
}
