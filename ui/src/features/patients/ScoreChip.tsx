/** A NEWS2: the number with its risk, or why there is none. Never a number from half the inputs. */
import { clsx } from "clsx";
import { TONE_BOX, type Tone } from "../../components/Tone";
import type { News2Shown } from "../../generated/wire";
import { useText } from "../../i18n/useText";

const TONES: Record<string, Tone> = { low: "ok", low_medium: "watch", medium: "watch", high: "problem" };

/** The chip. */
export function ScoreChip({ news2 }: { news2: News2Shown }) {
  const t = useText();
  const tone = TONES[news2.risk ?? ""] ?? "neutral";
  const words = !news2.applies
    ? t("patients.score.none")
    : news2.score !== null
      ? t("patients.score", { score: news2.score })
      : t("patients.score.missing", {
          fields: news2.missing.map((field) => t(`field.round.${field}`)).join(", "),
        });
  return (
    <span
      data-news2={news2.score ?? ""}
      className={clsx(
        "inline-block rounded-control border px-2 py-0.5 text-table font-semibold",
        TONE_BOX[tone],
      )}
    >
      {words}
    </span>
  );
}
