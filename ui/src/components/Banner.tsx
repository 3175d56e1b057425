/** A sentence about the whole page that stays: what is so, what is safe, what to do. */
import { clsx } from "clsx";
import { CircleAlert, CircleCheck, Info, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { TONE_BOX } from "./Tone";

export interface BannerProps {
  tone: "info" | "ok" | "watch" | "problem";
  title: string;
  children?: ReactNode;
  /** A button or a link at its end. */
  action?: ReactNode;
}

const SIGN = { info: Info, ok: CircleCheck, watch: TriangleAlert, problem: CircleAlert };

/** A banner. Problems are spoken at once. */
export function Banner({ tone, title, children, action }: BannerProps) {
  const Sign = SIGN[tone];
  return (
    <section
      role={tone === "problem" ? "alert" : "status"}
      className={clsx("flex items-start gap-3 rounded-panel border px-4 py-2.5", TONE_BOX[tone])}
    >
      <Sign className="mt-0.5 size-4 shrink-0" aria-hidden="true" />
      <div className="min-w-0 flex-1">
        <p className="font-semibold">{title}</p>
        {children && <div className="text-table text-ink">{children}</div>}
      </div>
      {action}
    </section>
  );
}
