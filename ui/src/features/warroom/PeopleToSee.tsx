/** Patients whose score is high or rises, and those whose review is overdue. */
import { clsx } from "clsx";
import type { ReactNode } from "react";
import { Panel } from "../../components/Panel";
import { TextLink } from "../../components/TextLink";
import { TONE_BOX } from "../../components/Tone";
import { useScoreWords } from "../../entity/useScoreWords";
import type { PatientLine } from "../../generated/wire";
import { useFormat, useText } from "../../i18n/useText";

/** As many lines as fit; the rest stand on the patients page. */
const MOST = 5;

/** High or rising scores, worst first. */
export function Concerning({ lines }: { lines: readonly PatientLine[] }) {
  const t = useText();
  const scoreWords = useScoreWords();
  const score = (line: PatientLine) => {
    const words = scoreWords(line);
    const now = line.news2?.score ?? null;
    const before = line.news2_before;
    const tone = line.news2?.risk === "high" ? "problem" : "watch";
    return (
      <span className="flex shrink-0 items-center gap-2 text-small text-soft">
        {now !== null && before !== null && before !== now && t("warroom.rises", { before })}
        <span
          className={clsx("rounded-sm border px-1.5 text-table font-semibold tabular-nums", TONE_BOX[tone])}
        >
          <span className="sr-only">NEWS2 </span>
          {words.figure}
        </span>
      </span>
    );
  };
  return (
    <People
      title={t("warroom.concerning")}
      none={t("warroom.concerning.none")}
      lines={lines}
      aside={score}
      sub={(line) => scoreWords(line).at}
    />
  );
}

/** Those whose review is due and not done, longest overdue first: since when, and when somebody last looked. */
export function Overdue({ lines }: { lines: readonly PatientLine[] }) {
  const t = useText();
  const format = useFormat();
  const last = (line: PatientLine) => (
    <span className="w-full text-small text-soft @xs:w-auto @xs:shrink-0 @xs:text-right">
      {line.review_due !== null && (
        <b className="block font-semibold text-ink">
          {t("warroom.overdue.since", { at: format.dateTime(line.review_due) })}
        </b>
      )}
      {line.last_round_at
        ? t("warroom.overdue.last", { at: format.dateTime(line.last_round_at) })
        : t("warroom.overdue.never")}
    </span>
  );
  return <People title={t("warroom.overdue")} none={t("warroom.overdue.none")} lines={lines} aside={last} />;
}

interface PeopleProps {
  title: string;
  none: string;
  lines: readonly PatientLine[];
  aside(line: PatientLine): ReactNode;
  /** After the place, under the name. */
  sub?(line: PatientLine): string | null;
}

function People({ title, none, lines, aside, sub }: PeopleProps) {
  const t = useText();
  return (
    <Panel title={`${title} · ${lines.length}`}>
      {lines.length === 0 && <p className="text-table text-soft">{none}</p>}
      <ul className="@container flex flex-col gap-1.5 text-table">
        {lines.slice(0, MOST).map((line) => (
          <li key={line.patient} className="flex flex-wrap items-baseline justify-between gap-x-3">
            <span className="min-w-0 flex-1">
              <span className="block truncate" title={line.name}>
                <TextLink href={`/patients/${line.patient}`}>{line.name}</TextLink>
              </span>
              <span className="block text-small text-soft">
                {[line.bed && `${line.ward ?? ""} ${line.bed}`, sub?.(line)].filter(Boolean).join(" · ")}
              </span>
            </span>
            {aside(line)}
          </li>
        ))}
      </ul>
      {lines.length > MOST && (
        <p className="mt-1.5 text-small">
          <TextLink href="/patients">{t("warroom.more", { count: lines.length - MOST })}</TextLink>
        </p>
      )}
    </Panel>
  );
}
