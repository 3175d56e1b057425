/** Discharges a patient; the stay ends in the same action. */
import { Checkbox } from "../../components/Checkbox";
import { RadioGroup } from "../../components/RadioGroup";
import { TextField } from "../../components/TextField";
import type { DischargeArgs } from "../../generated/wire";
import { useText } from "../../i18n/useText";
import { Death, Referral } from "./DischargeParts";
import { DIED, type Discharge, fieldsOf, UNTOUCHED } from "./discharge";
import { MoveFrame } from "./MoveFrame";
import { useClock } from "./useClock";
import { useMove } from "./useMove";
import { When } from "./When";
import { DISCHARGE_REASONS } from "./words";

export interface DischargeDialogProps {
  as_of: number;
  encounter: string;
  name: string;
  /** True when the patient lies in a bed. */
  isInBed: boolean;
  onClose(): void;
}

/** The dialog. */
export function DischargeDialog({ as_of, encounter, name, isInBed, onClose }: DischargeDialogProps) {
  const t = useText();
  const clock = useClock();
  const diedOf = ({ died }: Discharge) => died ?? { day: clock.today, minutes: null };
  const move = useMove<DischargeArgs, Discharge>({
    name: "discharge",
    about: () => name,
    draft: `move/discharge/${encounter}`,
    start: UNTOUCHED,
    as_of,
    when: t("field.encounter.discharged_at"),
    wrong(typed) {
      if (typed.reason === "referred" && !typed.referred_to && !typed.referred_to_name.trim())
        return [{ field: "encounter.referred_to", text: t("movement.referred.missing") }];
      if (typed.reason !== "expired") return [];
      const wrong = clock.wrong(DIED, t(`field.${DIED}`), diedOf(typed));
      const [died, left] = [clock.sent(diedOf(typed)), typed.when && clock.sent(typed.when)];
      if (wrong.length > 0 || died === null || !left || died <= left) return wrong;
      return [{ field: `${DIED}.time`, text: t("movement.died.after") }];
    },
    argsOf: (typed, at) => ({
      encounter,
      at,
      clean: isInBed && typed.clean,
      fields: fieldsOf(typed, clock.sent(diedOf(typed))),
    }),
    onClose,
  });
  const { typed } = move;
  return (
    <MoveFrame title={t("movement.discharge")} about={name} move={move} confirm={t("movement.discharge.do")}>
      <RadioGroup
        {...move.field("encounter.discharge_reason")}
        autoFocus
        layout="row"
        choices={DISCHARGE_REASONS.map((id) => ({ id, label: t(`code.discharge_reason.${id}`) }))}
        value={typed.reason}
        onChange={(reason) => move.type({ reason })}
      />
      {typed.reason === "referred" && <Referral move={move} />}
      {typed.reason === "expired" && <Death move={move} died={diedOf(typed)} />}
      <When {...move.when} />
      <TextField
        {...move.field("encounter.discharge_notes")}
        value={typed.notes}
        onChange={(notes) => move.type({ notes })}
        lines={3}
        optional
      />
      {isInBed && (
        <Checkbox
          label={t("movement.clean")}
          value={typed.clean}
          onChange={(clean) => move.type({ clean })}
        />
      )}
    </MoveFrame>
  );
}
