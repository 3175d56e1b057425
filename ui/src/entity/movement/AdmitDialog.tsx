/** Admits a patient, into a bed or without one yet. */
import { Checkbox } from "../../components/Checkbox";
import { DateField } from "../../components/DateField";
import { Select } from "../../components/Select";
import { TextField } from "../../components/TextField";
import { TextLink } from "../../components/TextLink";
import type { AdmitArgs, BedBoard } from "../../generated/wire";
import { useText } from "../../i18n/useText";
import { BedPicker } from "./BedPicker";
import { MoveFrame } from "./MoveFrame";
import type { Moment } from "./moment";
import { PatientPicker, type Who } from "./PatientPicker";
import { Symptoms } from "./Symptoms";
import { useMove } from "./useMove";
import { When } from "./When";
import { CATEGORIES, DECISIONS, ROUTES } from "./words";

export interface AdmitDialogProps {
  board: BedBoard;
  as_of: number;
  /** The patient, when already known. */
  patient?: Who;
  bed?: string | null;
  onClose(): void;
}

interface Typed {
  who: Who | null;
  bed: string | null;
  when: Moment | null;
  fields: Record<string, unknown>;
  /** What is wrong with the day that was typed. */
  unread?: string;
}

/** The dialog. */
export function AdmitDialog({ board, as_of, patient, bed, onClose }: AdmitDialogProps) {
  const t = useText();
  const move = useMove<AdmitArgs, Typed>({
    name: "admit",
    about: ({ who }) => (patient ?? who)?.name ?? "",
    draft: `move/admit/${bed ?? patient?.id ?? "new"}`,
    start: {
      who: null,
      bed: bed ?? null,
      when: null,
      fields: { route: "outpatient", decision: "admission" },
    },
    as_of,
    wrong: ({ who, unread }) => [
      ...((patient ?? who) ? [] : [{ field: "encounter.patient", text: t("movement.who.missing") }]),
      ...(unread ? [{ field: "encounter.symptoms_onset", text: unread }] : []),
    ],
    argsOf: ({ who, bed, fields }, at) => ({ patient: (patient ?? who)?.id ?? "", bed, at, fields }),
    onClose,
  });
  const { who, fields } = move.typed;
  const set = (name: string, value: unknown) => move.type({ fields: { ...fields, [name]: value } });
  const text = (name: string) => (fields[name] as string | null | undefined) ?? null;
  const list = (field: string, words: readonly string[]) => ({
    ...move.field(`encounter.${field}`),
    choices: words.map((id) => ({ id, label: t(`code.${field}.${id}`) })),
    value: text(field),
    onChange: (word: string) => set(field, word),
  });
  return (
    <MoveFrame title={t("movement.admit")} about={patient?.name} move={move} confirm={t("movement.admit.do")}>
      {!patient && (
        <div className="flex flex-col gap-1">
          <PatientPicker
            value={who}
            onChange={(chosen) => move.type({ who: chosen })}
            error={move.errorOf("encounter.patient")}
          />
          <TextLink href={bed ? `/patients/new?bed=${bed}` : "/patients/new"}>
            {t("movement.register")}
          </TextLink>
        </div>
      )}
      <BedPicker
        board={board}
        value={move.typed.bed}
        onChange={(chosen) => move.type({ bed: chosen })}
        error={move.errorOf("bed_stay.bed")}
        isOptional
      />
      <When {...move.when} />
      <div className="grid grid-cols-2 items-start gap-4">
        <Select {...list("category", CATEGORIES)} />
        <Select {...list("route", ROUTES)} />
        <Select {...list("decision", DECISIONS)} />
        <TextField
          {...move.field("encounter.number")}
          value={text("number") ?? ""}
          onChange={(number) => set("number", number)}
          maxLength={40}
          optional
        />
      </div>
      <Symptoms
        value={(fields.symptoms as string[] | undefined) ?? []}
        onChange={(words) => set("symptoms", words)}
      />
      <DateField
        {...move.field("encounter.symptoms_onset")}
        value={text("symptoms_onset")}
        onChange={(day, problem) =>
          move.type({ fields: { ...fields, symptoms_onset: day }, unread: problem })
        }
        year="past"
        optional
      />
      <Checkbox
        label={t("field.encounter.isolation")}
        value={fields.isolation === "yes"}
        onChange={(yes) => set("isolation", yes ? "yes" : "no")}
      />
    </MoveFrame>
  );
}
