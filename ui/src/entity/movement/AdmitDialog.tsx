/** Admits a patient, into a bed or without one yet. */
import { useState } from "react";
import { Checkbox } from "../../components/Checkbox";
import { DateField } from "../../components/DateField";
import { Select } from "../../components/Select";
import { TextField } from "../../components/TextField";
import { TextLink } from "../../components/TextLink";
import type { AdmitArgs, BedBoard } from "../../generated/wire";
import { useText } from "../../i18n/useText";
import { BedPicker } from "./BedPicker";
import { MoveFrame } from "./MoveFrame";
import { PatientPicker } from "./PatientPicker";
import { Symptoms } from "./Symptoms";
import { useMove } from "./useMove";
import { CATEGORIES, DECISIONS, ROUTES } from "./words";

export interface AdmitDialogProps {
  board: BedBoard;
  as_of: number;
  /** The patient, when already known. */
  patient?: { id: string; name: string };
  bed?: string | null;
  onClose(): void;
}

/** The dialog. */
export function AdmitDialog({ board, as_of, patient, bed, onClose }: AdmitDialogProps) {
  const t = useText();
  const move = useMove<AdmitArgs>("admit", onClose);
  const [who, setWho] = useState<string | null>(patient?.id ?? null);
  const [into, setInto] = useState<string | null>(bed ?? null);
  const [fields, setFields] = useState<Record<string, unknown>>({
    route: "outpatient",
    decision: "admission",
  });
  const [missing, setMissing] = useState(false);
  const set = (name: string, value: unknown) => setFields({ ...fields, [name]: value });
  const text = (name: string) => (fields[name] as string | null | undefined) ?? null;
  const send = () => {
    setMissing(who === null);
    if (who !== null) move.send({ patient: who, bed: into, at: null, fields }, as_of);
  };
  const choice = (list: string, words: readonly string[]) =>
    words.map((id) => ({ id, label: t(`code.${list}.${id}`) }));
  return (
    <MoveFrame
      title={t("movement.admit")}
      about={patient?.name}
      move={move}
      confirm={t("movement.admit.do")}
      onSend={send}
      onClose={onClose}
    >
      {!patient && (
        <div className="flex flex-col gap-1">
          <PatientPicker
            value={who}
            onChange={setWho}
            error={missing ? t("movement.who.missing") : undefined}
          />
          <TextLink href="/patients/new">{t("movement.register")}</TextLink>
        </div>
      )}
      <BedPicker board={board} value={into} onChange={setInto} error={move.errorOf("bed")} isOptional />
      <div className="grid grid-cols-2 items-start gap-4">
        <Select
          id="encounter.category"
          label={t("field.encounter.category")}
          choices={choice("category", CATEGORIES)}
          value={text("category")}
          onChange={(word) => set("category", word)}
          error={move.errorOf("category")}
        />
        <Select
          id="encounter.route"
          label={t("field.encounter.route")}
          choices={choice("route", ROUTES)}
          value={text("route")}
          onChange={(word) => set("route", word)}
          error={move.errorOf("route")}
        />
        <Select
          id="encounter.decision"
          label={t("field.encounter.decision")}
          choices={choice("decision", DECISIONS)}
          value={text("decision")}
          onChange={(word) => set("decision", word)}
          error={move.errorOf("decision")}
        />
        <TextField
          id="encounter.number"
          label={t("field.encounter.number")}
          value={text("number") ?? ""}
          onChange={(number) => set("number", number)}
          maxLength={60}
          error={move.errorOf("number")}
          optional
        />
      </div>
      <Symptoms
        value={(fields.symptoms as string[] | undefined) ?? []}
        onChange={(words) => set("symptoms", words)}
      />
      <DateField
        id="encounter.symptoms_onset"
        label={t("field.encounter.symptoms_onset")}
        value={text("symptoms_onset")}
        onChange={(day) => set("symptoms_onset", day)}
        year="past"
        error={move.errorOf("symptoms_onset")}
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
