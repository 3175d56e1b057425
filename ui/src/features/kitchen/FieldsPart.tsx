/** Fields in their states: empty, filled, wrong, disabled; and the error summary that leads to them. */
import { useState } from "react";
import { Checkbox } from "../../components/Checkbox";
import { ComboBox } from "../../components/ComboBox";
import { DateField } from "../../components/DateField";
import { ErrorSummary } from "../../components/ErrorSummary";
import { NumberField } from "../../components/NumberField";
import { Panel } from "../../components/Panel";
import { RadioGroup } from "../../components/RadioGroup";
import { Select } from "../../components/Select";
import { TextField } from "../../components/TextField";
import { TimeField } from "../../components/TimeField";
import { useSamples } from "./samples";

/** Fields. */
export function FieldsPart() {
  const s = useSamples();
  const [text, setText] = useState<Record<string, string>>({ phone: "94470 12345" });
  const [number, setNumber] = useState<Record<string, number | null>>({ count: 0, temperature: 368 });
  const [day, setDay] = useState<string | null>("2026-11-20");
  const [born, setBorn] = useState<string | null>(null);
  const [at, setAt] = useState<number | null>(785);
  const [pick, setPick] = useState<Record<string, string | null>>({ category: "moderate", sex: "female" });
  const [tick, setTick] = useState(true);
  const set = (field: string) => (value: string) => setText((before) => ({ ...before, [field]: value }));
  const setN = (field: string) => (value: number | null) =>
    setNumber((before) => ({ ...before, [field]: value }));
  const choose = (field: string) => (value: string | null) =>
    setPick((before) => ({ ...before, [field]: value }));
  const categories = ["mild", "moderate", "severe"].map((id) => ({ id, label: s[id as "mild"] }));
  const wards = ["icu", "general", "maternity"].map((id) => ({
    id,
    label: s[id as "icu"],
    detail: s.free_beds,
  }));
  return (
    <Panel title={s.fields}>
      <div className="mb-4">
        <ErrorSummary errors={[{ field: "name", text: s.name_error }]} attempt={0} />
      </div>
      <div className="grid grid-cols-2 gap-x-6 gap-y-4 lg:grid-cols-4">
        <TextField
          id="name"
          label={s.name}
          hint={s.name_hint}
          error={text.name ? undefined : s.name_error}
          value={text.name ?? ""}
          onChange={set("name")}
        />
        <TextField
          label={s.phone}
          value={text.phone ?? ""}
          onChange={set("phone")}
          optional
          inputMode="tel"
        />
        <TextField label={s.notes} lines={2} value={text.notes ?? ""} onChange={set("notes")} optional />
        <TextField label={s.name} value={s.lakshmi} onChange={set("x")} isDisabled />
        <NumberField label={s.count} value={number.count ?? null} onChange={setN("count")} />
        <NumberField label={s.referred} value={number.referred ?? null} onChange={setN("referred")} />
        <NumberField
          label={s.temperature}
          places={1}
          unit="°C"
          value={number.temperature ?? null}
          onChange={setN("temperature")}
        />
        <TimeField label={s.time} value={at} onChange={setAt} />
        <DateField label={s.day} value={day} onChange={setDay} />
        <DateField label={s.born} value={born} onChange={setBorn} year="past" max="2026-11-20" />
        <Select
          label={s.category}
          choices={categories}
          value={pick.category ?? null}
          onChange={choose("category")}
        />
        <ComboBox
          id="ward"
          label={s.ward}
          choices={wards}
          value={pick.ward ?? null}
          onChange={choose("ward")}
        />
        <RadioGroup
          label={s.sex}
          layout="row"
          choices={["female", "male", "other"].map((id) => ({ id, label: s[id as "female"] }))}
          value={pick.sex ?? null}
          onChange={choose("sex")}
        />
        <div>
          <Checkbox label={s.oxygen} value={tick} onChange={setTick} />
          <Checkbox label={s.isolation} value={false} onChange={setTick} />
          <Checkbox label={s.some} value={false} isIndeterminate onChange={setTick} />
        </div>
      </div>
    </Panel>
  );
}
