/** A NEWS2 with the time it was true: the same words on tiles, in lists and in the war room. */
import type { PatientLine } from "../generated/wire";
import { useFormat, useText } from "../i18n/useText";

/** What is said of a patient's score. */
export interface ScoreWords {
  /** The number, or "–": never a number from half the inputs. */
  figure: string;
  /** When it was observed, as short as is plain: "08:10", "19-Nov 08:10"; null when it never was. */
  at: string | null;
  /** All of it in a sentence: "NEWS2 5 at 08:10". */
  sentence: string;
}

/** Gives the words for a patient's line. */
export function useScoreWords(): (line: PatientLine) => ScoreWords {
  const t = useText();
  const format = useFormat();
  const today = format.date(Date.now());
  return ({ news2, last_round_at }) => {
    const at =
      last_round_at === null
        ? null
        : format.date(last_round_at) === today
          ? format.time(last_round_at)
          : `${format.dayMonth(last_round_at)} ${format.time(last_round_at)}`;
    const score = news2?.score ?? null;
    if (at === null || news2 === null) return { figure: "–", at: null, sentence: t("score.never") };
    if (!news2.applies) return { figure: "–", at, sentence: t("score.not_made") };
    if (score === null) {
      const fields = news2.missing.map((field) => t(`field.round.${field}`)).join(", ");
      return { figure: "–", at, sentence: t("score.incomplete", { at, fields }) };
    }
    return { figure: String(score), at, sentence: t("score.at", { score, at }) };
  };
}
