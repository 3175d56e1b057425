/** The fixed banner of a patient: who this is, always in sight, with what nobody may overlook. */
import { clsx } from "clsx";
import { Shape } from "../../components/Shape";
import { Tag } from "../../components/Status";
import { TextLink } from "../../components/TextLink";
import type { PatientPage } from "../../generated/wire";
import type { Format } from "../../i18n/format";
import { type Text, useFormat, useText } from "../../i18n/useText";

/** The banner. */
export function PatientBanner({ page }: { page: PatientPage }) {
  const t = useText();
  const format = useFormat();
  const { line } = page;
  const death = deathOf(page);
  const facts = [
    line.sex ? t(`code.gender.${line.sex}`) : t("patients.banner.no_sex"),
    ageWords(page, t, format),
    `${t("patients.banner.id")} ${idOf(page)}`,
    placeOf(page, t),
  ];
  return (
    <section
      aria-label={t("patients.banner")}
      className={clsx(
        "panel sticky top-0 z-10 flex flex-wrap items-center gap-x-4 gap-y-1 px-4 py-2.5",
        death && "deceased-stripes",
      )}
      data-banner
    >
      <h1 className="text-title font-semibold break-words">{line.name}</h1>
      {death && (
        <span className="flex items-center gap-1.5 rounded-control border-2 border-ink bg-panel px-2 font-semibold">
          <Shape name="cross" />
          {death.at === null
            ? t("patients.deceased")
            : t("patients.deceased.at", { at: format.dateTime(death.at) })}
        </span>
      )}
      <p className={clsx("text-body", death ? "bg-panel px-1" : "text-soft")}>{facts.join(" · ")}</p>
      <span className="flex-1" />
      <Allergies page={page} />
      {line.isolation && (
        <Tag tone="watch" shape="diamond">
          {t("patients.isolation")}
        </Tag>
      )}
      {page.in_conflict.length > 0 && <TextLink href="/inbox">{t("patients.conflict")}</TextLink>}
      {page.voided && <Tag tone="problem">{t("patients.voided")}</Tag>}
    </section>
  );
}

/** Known with their names, none and confirmed, or nobody has asked. */
function Allergies({ page }: { page: PatientPage }) {
  const t = useText();
  if (page.allergy_status === "known") {
    return (
      <Tag tone="problem" shape="triangle">
        {t("patients.allergies.known", { what: page.allergies ?? t("common.not_recorded") })}
      </Tag>
    );
  }
  if (page.allergy_status === "none") {
    return (
      <Tag tone="ok" shape="tick">
        {t("patients.allergies.none")}
      </Tag>
    );
  }
  return (
    <Tag tone="watch" shape="ring">
      {t("patients.allergies.unrecorded")}
    </Tag>
  );
}

/** `62 y (b. 04-Mar-1964)`; by the year alone `62 y (b. about 1964)`. */
export function ageWords(page: PatientPage, t: Text, format: Format): string {
  const { age_years } = page.line;
  if (age_years === null) return t("patients.banner.no_age");
  const age = t("movement.years", { years: age_years });
  if (page.birth_date) return t("patients.banner.born", { age, day: format.date(page.birth_date) });
  const year = page.fields.birth_year;
  return typeof year === "number" ? t("patients.banner.born_about", { age, year: String(year) }) : age;
}

/** The number of the encounter, else the hospital's, else the last letters of the record's own. */
export function idOf(page: PatientPage): string {
  const { hospital_number } = page.fields;
  if (page.line.identifier) return page.line.identifier;
  return typeof hospital_number === "string" && hospital_number !== ""
    ? hospital_number
    : page.line.patient.slice(-8).toUpperCase();
}

/** Whether the patient has died, and when, as far as is recorded. */
export function deathOf(page: PatientPage): { at: number | null } | null {
  const fatal = page.encounters.find(({ fields }) => fields.discharge_reason === "expired" || fields.died_at);
  if (!fatal && page.fields.disease_status !== "expired") return null;
  const at = fatal?.fields.died_at;
  return { at: typeof at === "number" ? at : null };
}

function placeOf({ line }: PatientPage, t: Text): string {
  if (line.bed) return t("patients.banner.bed", { ward: line.ward ?? "", bed: line.bed });
  return t(line.encounter ? "patients.banner.no_bed" : "patients.banner.not_admitted");
}
