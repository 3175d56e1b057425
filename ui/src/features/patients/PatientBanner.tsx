/** The fixed banner of a patient: who this is, always in sight, with what nobody may overlook. */

import { Tag } from "../../components/Status";
import { TextLink } from "../../components/TextLink";
import type { PatientPage } from "../../generated/wire";
import { useFormat, useText } from "../../i18n/useText";

/** The banner. */
export function PatientBanner({ page }: { page: PatientPage }) {
  const t = useText();
  const format = useFormat();
  const { line } = page;
  const age = line.age_years !== null && t("movement.years", { years: line.age_years });
  const born = page.birth_date ? `${age} (${format.date(page.birth_date)})` : age;
  const place = line.bed ? `${line.ward ?? ""} ${line.bed}` : null;
  const facts = [line.sex && t(`code.gender.${line.sex}`), born, line.identifier, place, line.phone];
  const allergies =
    page.allergy_status === "known"
      ? t("patients.allergies.known", { what: page.allergies ?? "" })
      : t(page.allergy_status === "none" ? "patients.allergies.none" : "patients.allergies.unrecorded");
  return (
    <section className="panel flex flex-wrap items-center gap-x-4 gap-y-2 px-4 py-3" data-banner>
      <h1 className="text-title font-semibold break-words">{line.name}</h1>
      <p className="text-body text-soft">{facts.filter(Boolean).join(" · ")}</p>
      <span className="flex-1" />
      <Tag tone={page.allergy_status === "known" ? "problem" : "neutral"}>{allergies}</Tag>
      {line.isolation && <Tag tone="watch">{t("patients.isolation")}</Tag>}
      {page.in_conflict.length > 0 && <TextLink href="/inbox">{t("patients.conflict")}</TextLink>}
    </section>
  );
}
