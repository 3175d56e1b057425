/** One round, by keyboard alone: the last values beside each field, the score as it would be. */
import { useId } from "react";
import { useView } from "../../backend-context";
import { Button } from "../../components/Button";
import { Dialog } from "../../components/Dialog";
import { ErrorSummary } from "../../components/ErrorSummary";
import { ProblemBanner } from "../../components/Loaded";
import { type Kept, useDraft } from "../../draft";
import { Doubts } from "../../entity/Doubts";
import { RecordFields } from "../../entity/RecordFields";
import { type Changed, useRecordForm } from "../../entity/useRecordForm";
import type { News2Shown, RoundShown } from "../../generated/wire";
import { useFormat, useText } from "../../i18n/useText";
import { ROUND_FIELDS } from "./fields";
import { ScoreChip } from "./ScoreChip";

export interface RoundDialogProps {
  patient: string;
  encounter: string;
  /** The newest round before this one. */
  last: RoundShown | null;
  /** The round that this one corrects. */
  corrects: RoundShown | null;
  as_of: number;
  onClose(): void;
}

/** The dialog. */
export function RoundDialog(props: RoundDialogProps) {
  const draft = useDraft<Changed>(`form/round/${props.encounter}/${props.corrects?.id ?? "new"}`);
  return draft.kept === undefined ? null : <RoundForm {...props} draft={draft} />;
}

function RoundForm({
  draft,
  patient,
  encounter,
  last,
  corrects,
  as_of,
  onClose,
}: RoundDialogProps & { draft: Kept<Changed> }) {
  const t = useText();
  const format = useFormat();
  const id = useId();
  const before = corrects ? only(corrects.fields) : {};
  const given = {
    ...before,
    encounter,
    at: corrects?.at ?? Date.now(),
    ...(corrects ? { amends: corrects.id } : {}),
  };
  const form = useRecordForm({
    kind: "round",
    record: null,
    given,
    as_of,
    draft,
    undoes: true,
    onSaved: onClose,
  });
  const score = useView<News2Shown>(
    "news2",
    { patient, fields: only(form.changed) },
    { kinds: [], keepPrevious: true },
  );
  return (
    <Dialog
      title={t("patients.round.title")}
      size="large"
      isOpen
      onClose={form.leave}
      actions={
        <>
          <Button
            type="submit"
            form={id}
            variant="primary"
            size="large"
            isPending={form.isPending}
            data-primary
          >
            {t("patients.round.save")}
          </Button>
          <Button size="large" onPress={form.leave}>
            {t("ui.cancel")}
          </Button>
        </>
      }
    >
      <form
        id={id}
        noValidate
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          form.send();
        }}
        onKeyDown={(event) => {
          if (event.key === "Enter" && event.ctrlKey) form.send();
        }}
      >
        <div className="flex flex-wrap items-center gap-3" aria-live="polite">
          {score.data && <ScoreChip news2={score.data} />}
          {last && (
            <span className="text-table text-soft">
              {t("patients.round.last", { value: format.dateTime(last.at) })}: {lastWords(last)}
            </span>
          )}
        </div>
        <ErrorSummary errors={form.errors} attempt={form.attempt} />
        {form.failure && <ProblemBanner problem={form.failure} />}
        <Doubts
          problems={form.problems}
          confirmed={form.confirmed}
          onConfirm={form.setConfirmed}
          say={(what) => t("form.confirm", { what })}
        />
        <RecordFields form={form} names={ROUND_FIELDS} columns={3} isFirst />
      </form>
    </Dialog>
  );
}

/** What a round holds of the fields that are asked. */
function only(fields: Record<string, unknown>): Changed {
  const given = ROUND_FIELDS.filter((field) => fields[field] !== undefined && fields[field] !== null);
  return Object.fromEntries(given.map((field) => [field, fields[field]]));
}

function lastWords({ fields }: RoundShown): string {
  const part = (sign: string, field: string) => (fields[field] ? `${sign} ${String(fields[field])}` : null);
  const pressure = fields.systolic
    ? `BP ${String(fields.systolic)}/${String(fields.diastolic ?? "–")}`
    : null;
  const parts = [
    part("RR", "respiratory_rate"),
    part("SpO₂", "spo2"),
    pressure,
    part("P", "pulse"),
    part("T", "temperature"),
  ];
  return parts.filter(Boolean).join(" · ");
}
