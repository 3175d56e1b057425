/** One figure of the war room: what it is, how much, how it moved, when it was true. It opens the list it counts. */
import { clsx } from "clsx";
import { ChevronRight } from "lucide-react";
import type { ReactNode } from "react";
import { Link } from "react-aria-components";
import { useText } from "../i18n/useText";
import { Shape } from "./Shape";
import { TONE_INK, type Tone } from "./Tone";

export interface TileProps {
  label: string;
  /** Already written; null reads "Not reported", never 0. */
  value: string | null;
  /** After the figure, smaller: "of 20". */
  unit?: string;
  /** "+2 since yesterday". */
  delta?: string;
  asOf?: string;
  /** Greys the figure: too old to count on. */
  stale?: boolean;
  tone?: Tone;
  /** The page of its list. */
  href?: string;
  /** A bar or a sparkline under the figure. */
  children?: ReactNode;
}

/** A tile. */
export function Tile(props: TileProps) {
  const box = "panel flex min-w-0 flex-col gap-1 px-4 py-3";
  if (!props.href) {
    return (
      <section aria-label={props.label} className={box}>
        <TileBody {...props} />
      </section>
    );
  }
  return (
    <Link
      href={props.href}
      className={clsx(box, "group text-ink no-underline hover:border-edge hover:bg-hover")}
    >
      <TileBody {...props} />
    </Link>
  );
}

function TileBody({ label, value, unit, delta, asOf, stale, tone = "neutral", href, children }: TileProps) {
  const t = useText();
  const alarming = tone === "watch" || tone === "problem";
  return (
    <>
      <span className="flex items-center justify-between gap-2 text-table font-medium text-soft">
        {label}
        {href && (
          <ChevronRight className="size-4 shrink-0 text-faint group-hover:text-ink" aria-hidden="true" />
        )}
      </span>
      <span className="flex items-baseline gap-2">
        {value === null ? (
          <span className="text-body leading-8 text-faint">{t("ui.not_reported")}</span>
        ) : (
          <span
            className={clsx(
              "text-figure font-semibold tracking-[-0.02em]",
              stale ? "text-faint" : alarming ? TONE_INK[tone] : "text-ink",
            )}
          >
            {value}
          </span>
        )}
        {unit && <span className="text-table text-soft">{unit}</span>}
        {alarming && (
          <span className={clsx("self-center", TONE_INK[tone])}>
            <Shape name={tone === "problem" ? "triangle" : "diamond"} />
          </span>
        )}
      </span>
      {children}
      {(delta || asOf) && (
        <span className="mt-auto flex flex-wrap justify-between gap-x-3 text-small text-faint">
          <span>{delta}</span>
          <span className="ml-auto text-right">{asOf}</span>
        </span>
      )}
    </>
  );
}
