/** What of this patient nobody may rely on: values that await a decision, and other registrations of the person. */
import { useMay } from "../../access";
import { useAct, whenDone } from "../../backend-context";
import { Banner } from "../../components/Banner";
import { Button } from "../../components/Button";
import { ProblemBanner } from "../../components/Loaded";
import { TextLink } from "../../components/TextLink";
import { useSaySaved } from "../../entity/useSaySaved";
import { fieldOf, useShown } from "../../entity/useShown";
import type { DecideArgs, PatientPage } from "../../generated/wire";
import { useText } from "../../i18n/useText";

/** Fields with two values on which nothing may depend: all of the values, none in force. */
export function Unsettled({ page }: { page: PatientPage }) {
  const t = useText();
  const show = useShown();
  const blocking = page.unsettled.filter((conflict) => conflict.blocks);
  if (blocking.length === 0) return null;
  return (
    <Banner tone="problem" title={t("patients.unsettled")}>
      <ul>
        {blocking.map((conflict) => {
          const field = fieldOf(conflict.kind, conflict.field);
          const values = conflict.heads.map((head) => show(field, head.value, head.value_caption));
          return (
            <li key={`${conflict.record} ${conflict.field}`}>
              {t(`field.patient.${conflict.field}`)}: <b>{values.join(` ${t("patients.unsettled.or")} `)}</b>
            </li>
          );
        })}
      </ul>
    </Banner>
  );
}

/** The person's other registrations, each readable, and the way back to two people. */
export function Registrations({ page, as_of }: { page: PatientPage; as_of: number }) {
  const t = useText();
  const may = useMay();
  const decide = useAct<DecideArgs>("decide");
  const saySaved = useSaySaved();
  const own = String(page.fields.id);
  if (page.registrations.length === 0) return null;
  const part = (other: string) => {
    const args = { what: "unmerge", kind: "patient", record: own, other, bed: null, at: null, reason: null };
    if (decide.isPending) return;
    whenDone(decide.mutateAsync({ args, as_of }), (saved) =>
      saySaved(saved.action, t("patients.registrations.parted")),
    );
  };
  return (
    <Banner tone="info" title={t("patients.registrations", { count: page.registrations.length })}>
      {decide.error && <ProblemBanner problem={decide.error} />}
      <ul className="flex flex-col gap-1 pt-1">
        {page.registrations.map((each) => (
          <li key={each.id} className="flex flex-wrap items-center gap-x-3 gap-y-1">
            <TextLink href={`/patients/${each.id}`}>{each.name || t("common.not_recorded")}</TextLink>
            {each.stands && <span className="text-soft">{t("patients.registrations.stands")}</span>}
            {may("write", "patient") && (
              <Button isPending={decide.isPending} onPress={() => part(each.id)}>
                {t("patients.registrations.part")}
              </Button>
            )}
          </li>
        ))}
      </ul>
      {page.differing.length > 0 && (
        <p className="pt-1">
          {t("patients.registrations.differ", {
            fields: page.differing.map((field) => t(`field.patient.${field}`)).join(", "),
          })}
        </p>
      )}
    </Banner>
  );
}
