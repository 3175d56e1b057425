/** The patient agrees to something besides treatment, or takes it back: two short forms. */
import { RadioGroup } from "../../components/RadioGroup";
import { Select } from "../../components/Select";
import { TextField } from "../../components/TextField";
import { MoveFrame } from "../../entity/movement/MoveFrame";
import type { Moment } from "../../entity/movement/moment";
import { useMove } from "../../entity/movement/useMove";
import { When } from "../../entity/movement/When";
import { CODES, type ListName } from "../../generated/entities";
import type { ConsentShown, GiveConsentArgs, WithdrawConsentArgs } from "../../generated/wire";
import { useText } from "../../i18n/useText";

/** The words of a list, to choose from. */
function useChoices(list: ListName) {
  const t = useText();
  return CODES[list].map(({ word }) => ({ id: word, label: t(`code.${list}.${word}`) }));
}

interface Given {
  purpose: string | null;
  given_by: string;
  giver_name: string;
  how: string;
  note: string;
  when?: Moment | null;
}

export interface GiveConsentProps {
  patient: string;
  name: string;
  as_of: number;
  onClose(): void;
}

/** What is agreed to, by whom, how, when. */
export function GiveConsent({ patient, name, as_of, onClose }: GiveConsentProps) {
  const t = useText();
  const move = useMove<GiveConsentArgs, Given>({
    name: "give_consent",
    about: () => name,
    draft: `consent/give/${patient}`,
    start: { purpose: null, given_by: "patient", giver_name: "", how: "spoken", note: "" },
    as_of,
    argsOf: ({ when: _, ...typed }, at) => ({
      patient,
      at,
      fields: Object.fromEntries(
        Object.entries({
          ...typed,
          giver_name: typed.given_by === "patient" ? "" : typed.giver_name.trim(),
          note: typed.note.trim(),
        }).filter(([, value]) => value !== null && value !== ""),
      ),
    }),
    onClose,
  });
  const { typed } = move;
  return (
    <MoveFrame
      title={t("patients.consent.give")}
      about={name}
      move={move}
      confirm={t("patients.consent.give.do")}
    >
      <p className="text-table text-soft">{t("patients.consent.not_treatment")}</p>
      <Select
        {...move.field("consent.purpose")}
        choices={useChoices("consent_purpose")}
        value={typed.purpose}
        onChange={(purpose) => move.type({ purpose })}
        autoFocus
      />
      <div className="grid grid-cols-2 items-start gap-4">
        <Select
          {...move.field("consent.given_by")}
          choices={useChoices("consent_given_by")}
          value={typed.given_by}
          onChange={(word) => move.type({ given_by: word ?? "patient" })}
        />
        {typed.given_by !== "patient" && (
          <TextField
            {...move.field("consent.giver_name")}
            value={typed.giver_name}
            onChange={(giver_name) => move.type({ giver_name })}
            maxLength={200}
          />
        )}
      </div>
      <RadioGroup
        {...move.field("consent.how")}
        layout="row"
        choices={useChoices("consent_how")}
        value={typed.how}
        onChange={(how) => move.type({ how })}
      />
      <TextField
        {...move.field("consent.note")}
        hint={t("field.consent.note.hint")}
        value={typed.note}
        onChange={(note) => move.type({ note })}
        maxLength={1000}
        optional
      />
      <When {...move.when} />
    </MoveFrame>
  );
}

interface Withdrawn {
  by: string;
  when?: Moment | null;
}

export interface WithdrawConsentProps {
  consent: ConsentShown;
  as_of: number;
  onClose(): void;
}

/** Who takes it back, and when. Nobody is asked why. */
export function WithdrawConsent({ consent, as_of, onClose }: WithdrawConsentProps) {
  const t = useText();
  const purpose = t(`code.consent_purpose.${String(consent.fields.purpose)}`);
  const move = useMove<WithdrawConsentArgs, Withdrawn>({
    name: "withdraw_consent",
    about: () => purpose,
    draft: `consent/withdraw/${consent.id}`,
    start: { by: "patient" },
    as_of,
    argsOf: ({ by }, at) => ({ consent: consent.id, by, at }),
    onClose,
  });
  return (
    <MoveFrame
      title={t("patients.consent.withdraw")}
      about={purpose}
      move={move}
      confirm={t("patients.consent.withdraw.do")}
    >
      <p className="text-table text-soft">{t("patients.consent.withdraw.means")}</p>
      <Select
        {...move.field("consent.withdrawn_by")}
        choices={useChoices("consent_given_by")}
        value={move.typed.by}
        onChange={(by) => move.type({ by: by ?? "patient" })}
        autoFocus
      />
      <When {...move.when} />
    </MoveFrame>
  );
}
