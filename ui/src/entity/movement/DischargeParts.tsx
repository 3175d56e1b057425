/** What a discharge asks for its reason: where to, or when a patient died. */
import { useView } from "../../backend-context";
import { ComboBox } from "../../components/ComboBox";
import { TextField } from "../../components/TextField";
import type { DischargeArgs } from "../../generated/wire";
import { DIED, type Discharge } from "./discharge";
import type { Moment } from "./moment";
import type { useMove } from "./useMove";
import { When } from "./When";

type Move = ReturnType<typeof useMove<DischargeArgs, Discharge>>;

/** Where to: a facility of the list, or the name of another; the one clears the other. */
export function Referral({ move }: { move: Move }) {
  const facilities = useView<{ id: string; name: string }[]>("records", { kind: "facility" });
  return (
    <div className="flex flex-col gap-3">
      <ComboBox
        {...move.field("encounter.referred_to")}
        choices={(facilities.data ?? []).map((each) => ({ id: each.id, label: each.name }))}
        value={move.typed.referred_to}
        onChange={(facility) =>
          move.type({ referred_to: facility, ...(facility ? { referred_to_name: "" } : {}) })
        }
      />
      <TextField
        {...move.field("encounter.referred_to_name")}
        value={move.typed.referred_to_name}
        onChange={(name) => move.type({ referred_to_name: name, ...(name ? { referred_to: null } : {}) })}
        maxLength={200}
      />
    </div>
  );
}

/** When a patient died, and who confirmed it. */
export function Death({ move, died }: { move: Move; died: Moment }) {
  return (
    <div className="grid grid-cols-[auto_minmax(0,1fr)] items-start gap-4">
      <When
        id={DIED}
        label={move.field(DIED).label}
        now="never"
        value={died}
        onChange={(moment) => move.type({ died: moment })}
        errorOf={move.errorOf}
      />
      <TextField
        {...move.field("encounter.death_confirmed_by")}
        value={move.typed.confirmed_by}
        onChange={(confirmed_by) => move.type({ confirmed_by })}
        maxLength={120}
        optional
      />
    </div>
  );
}
