/** The columns by which a patient stands in a table. */
import { Tag } from "../../components/Status";
import { shortCategory } from "../../entity/category";
import { useScoreWords } from "../../entity/useScoreWords";
import type { PatientLine } from "../../generated/wire";
import { useFormat, useText } from "../../i18n/useText";

/** The columns; when somebody is expected to leave in the place of numbers, where that is asked for. */
export function useLineColumns(withExpected = false) {
  const t = useText();
  const format = useFormat();
  const scoreWords = useScoreWords();
  const expected = {
    id: "expected",
    label: t("patients.expected"),
    cell: (line: PatientLine) => line.expected_discharge && format.date(line.expected_discharge),
    width: "136px",
  };
  const numbers = [
    { id: "phone", label: t("patients.phone"), cell: (line: PatientLine) => line.phone, width: "124px" },
    {
      id: "number",
      label: t("patients.number"),
      cell: (line: PatientLine) => line.identifier,
      width: "112px",
    },
  ];
  return [
    {
      id: "name",
      label: t("patients.name"),
      cell: (line: PatientLine) => (
        <span className="flex min-w-0 flex-wrap items-baseline gap-x-2">
          <b className="max-w-full truncate font-semibold">{line.name}</b>
          {line.also.length > 0 && (
            <span className="text-small text-soft">
              {t("patients.also", { names: line.also.join(", ") })}
            </span>
          )}
        </span>
      ),
    },
    {
      id: "sex",
      label: t("patients.sex"),
      cell: (line: PatientLine) => line.sex && t(`code.gender.${line.sex}`),
      width: "96px",
    },
    {
      id: "age",
      label: t("patients.age"),
      cell: (line: PatientLine) => line.age_years,
      numeric: true,
      width: "64px",
    },
    {
      id: "place",
      label: t("patients.place"),
      cell: (line: PatientLine) => line.bed && `${line.ward ?? ""} ${line.bed}`,
    },
    {
      id: "category",
      label: t("patients.category"),
      cell: (line: PatientLine) => line.category && <Tag>{shortCategory(t, line.category)}</Tag>,
      width: "148px",
    },
    {
      id: "news2",
      label: "NEWS2",
      cell: (line: PatientLine) => {
        const { figure, at, sentence } = scoreWords(line);
        return (
          <span title={sentence} className="whitespace-nowrap">
            <b className="font-semibold">{figure}</b>
            {at && <span className="text-small text-soft"> · {at}</span>}
          </span>
        );
      },
      numeric: true,
      width: "136px",
    },
    ...(withExpected ? [expected] : numbers),
  ];
}
