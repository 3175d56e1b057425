/** How far the first receiving has come: a bar, each part in words, and how long the rest takes. */
import type { Arriving, ArrivingPart } from "../../generated/wire";
import { useFormat, useText } from "../../i18n/useText";

/** What has come, part by part, and how long the rest takes. */
export function ArrivingProgress({ arriving }: { arriving: Arriving }) {
  const t = useText();
  const format = useFormat();
  const words = useProgressWords(arriving);
  const { have, of, parts } = arriving;
  const [here, all] = parts.length > 0 ? [sum(parts, "bytes_here"), sum(parts, "bytes")] : [have, of ?? 0];
  const percent = all > 0 ? Math.min(100, Math.floor((here / all) * 100)) : 0;
  return (
    <div className="flex w-full flex-col gap-1">
      <p className="font-medium" role="status">
        {words}
      </p>
      {all > 0 && (
        <div
          role="progressbar"
          aria-label={t("arriving.title")}
          aria-valuemin={0}
          aria-valuemax={100}
          aria-valuenow={percent}
          aria-valuetext={words}
          className="h-2 overflow-hidden rounded-full border border-edge bg-sunken"
        >
          <div className="h-full bg-accent" style={{ width: `${percent}%` }} />
        </div>
      )}
      {parts.length > 0 && (
        <ul className="text-table text-soft">
          {parts.map((part) => (
            <li key={part.tier}>
              {t("arriving.part", {
                part: t(`arriving.tier.${part.tier}`),
                here: format.number(part.records_here),
                of: format.number(part.records),
                kb: format.number(Math.ceil((part.bytes - part.bytes_here) / 1024)),
              })}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

function sum(
  parts: readonly ArrivingPart[],
  of: "bytes" | "bytes_here" | "records" | "records_here",
): number {
  return parts.reduce((sum, part) => sum + part[of], 0);
}

/** The progress in one line. */
export function useProgressWords({ have, of, parts, left_s }: Arriving): string {
  const t = useText();
  const format = useFormat();
  if (parts.length > 0) {
    const here = format.number(sum(parts, "records_here"));
    const come = t("arriving.records", { here, of: format.number(sum(parts, "records")) });
    if (left_s === null) return come;
    return `${come} ${t("arriving.left", { minutes: format.number(Math.max(1, Math.ceil(left_s / 60))) })}`;
  }
  if (of === null) return t("arriving.unknown");
  return t("arriving.progress", { have: format.number(have), of: format.number(of) });
}
