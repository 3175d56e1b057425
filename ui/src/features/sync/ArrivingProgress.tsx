/** How far the first receiving has come: a bar, each part in words, and how long the rest takes. */
import { Status } from "../../components/Status";
import type { Arriving, ArrivingPart } from "../../generated/wire";
import { useFormat, useText } from "../../i18n/useText";

/** What has come, part by part, and how long the rest takes. */
export function ArrivingProgress({ arriving }: { arriving: Arriving }) {
  const t = useText();
  const words = useProgressWords(arriving);
  const { have, of, parts } = arriving;
  const [here, all] = parts.length > 0 ? [sum(parts, "bytes_here"), sum(parts, "bytes")] : [have, of ?? 0];
  const percent = all > 0 ? Math.min(100, Math.floor((here / all) * 100)) : 0;
  return (
    <div className="flex w-full max-w-2xl flex-col gap-2">
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
        <ul className="grid grid-cols-[1fr_auto_auto] gap-x-5 gap-y-0.5 text-table text-soft">
          {parts.map((part) => (
            <Part key={part.tier} part={part} />
          ))}
        </ul>
      )}
    </div>
  );
}

/** One part: what it is, how many of its records are here, and how much is to come. */
function Part({ part }: { part: ArrivingPart }) {
  const t = useText();
  const format = useFormat();
  const isHere = part.records_here >= part.records;
  return (
    <li className="col-span-3 grid grid-cols-subgrid items-baseline">
      <span>{t(`arriving.tier.${part.tier}`)}</span>
      <span className="text-right tabular-nums">
        {t(isHere ? "arriving.part.all" : "arriving.part.some", {
          here: format.number(part.records_here),
          of: format.number(part.records),
        })}
      </span>
      {isHere ? (
        <Status shape="tick" tone="ok">
          {t("arriving.part.here")}
        </Status>
      ) : (
        <span className="tabular-nums">
          {t("arriving.part.left", {
            kb: format.number(Math.ceil((part.bytes - part.bytes_here) / 1024)),
          })}
        </span>
      )}
    </li>
  );
}

function sum(
  parts: readonly ArrivingPart[],
  of: "bytes" | "bytes_here" | "records" | "records_here",
): number {
  return parts.reduce((sum, part) => sum + part[of], 0);
}

/** Whether all parts are here, and only what was written since they were made is still to come. */
export function isNewestLeft({ parts }: Arriving): boolean {
  return parts.length > 0 && parts.every((part) => part.records_here >= part.records);
}

/** The progress in one line. */
export function useProgressWords(arriving: Arriving): string {
  const t = useText();
  const format = useFormat();
  const { have, of, parts, left_s } = arriving;
  const all = format.number(sum(parts, "records"));
  const minutes = left_s === null ? null : format.number(Math.max(1, Math.ceil(left_s / 60)));
  const timed = (come: string) => (minutes === null ? come : `${come} ${t("arriving.left", { minutes })}`);
  if (isNewestLeft(arriving)) {
    if (of === null) return t("arriving.newest.unknown", { all });
    const count = Math.max(0, of - have);
    return timed(t("arriving.newest", { all, count, left: format.number(count) }));
  }
  if (parts.length > 0) {
    return timed(t("arriving.records", { here: format.number(sum(parts, "records_here")), of: all }));
  }
  if (of === null) return t("arriving.unknown");
  return timed(t("arriving.progress", { have: format.number(have), of: format.number(of) }));
}
