/** The month at a glance: which shift of which day is filed. */

import { useMay } from "../../access";
import { useView } from "../../backend-context";
import { ButtonLink } from "../../components/ButtonLink";
import { Loaded } from "../../components/Loaded";
import { PageHeader } from "../../components/PageHeader";
import { Status } from "../../components/Status";
import { TextLink } from "../../components/TextLink";
import type { TriageMonth } from "../../generated/wire";
import { useFormat, useText } from "../../i18n/useText";
import { monthAway, STATE_LOOK, shiftAddress, tallyOf, weeksOf } from "./filing";
import { MonthAlong } from "./MonthAlong";
import { useShiftName } from "./useShiftName";
import { Week } from "./Week";

/** The month of a day. */
export function TriageMonthPart({ day, today }: { day: string; today: string }) {
  const t = useText();
  const format = useFormat();
  const may = useMay();
  const view = useView<TriageMonth>("triage_month", { day }, { kinds: ["triage"], keepPrevious: true });
  const month = format.dateLong(`${day.slice(0, 8)}01`).replace(/^\d+ /, "");
  const name = useShiftName(today);
  const [next, ...others] = may("write", "triage") ? (view.data?.to_file ?? []) : [];
  return (
    <>
      <PageHeader
        title={t("triage.title")}
        detail={t("triage.month.detail", { month })}
        actions={
          <>
            {next && (
              <ButtonLink href={shiftAddress(next)} isPrimary>
                {t("triage.file_now", { shift: name(next) })}
              </ButtonLink>
            )}
            {view.data && <MonthAlong month={view.data} name={month} today={today} />}
            <ButtonLink href={`/triage?day=${monthAway(day, -1)}`}>{t("triage.month.before")}</ButtonLink>
            {monthAway(day, 1) <= today && (
              <ButtonLink href={`/triage?day=${monthAway(day, 1)}`}>{t("triage.month.after")}</ButtonLink>
            )}
          </>
        }
      />
      <Loaded view={view}>
        {(content) => (
          <>
            <Tally month={content} />
            {others.length > 0 && (
              <p className="mb-2 flex flex-wrap items-baseline gap-x-4 gap-y-1 text-table">
                <span className="text-soft">{t("triage.also_to_file")}</span>
                {others.map((shift) => (
                  <TextLink key={shiftAddress(shift)} href={shiftAddress(shift)}>
                    {`${name(shift)} (${t(`triage.state.${shift.state}`)})`}
                  </TextLink>
                ))}
              </p>
            )}
            <div className="panel relative overflow-x-auto">
              <table className="w-full table-fixed border-collapse text-small">
                <caption className="sr-only">{t("triage.month.detail", { month })}</caption>
                {weeksOf(content.days, today).map((week) => (
                  <Week key={week.find((each) => each)?.day} week={week} today={today} />
                ))}
              </table>
            </div>
            <Legend />
          </>
        )}
      </Loaded>
    </>
  );
}

function Tally({ month }: { month: TriageMonth }) {
  const t = useText();
  const { due, filed, missing, twice } = tallyOf(month.days);
  return (
    <p className="mb-2 flex flex-wrap items-center gap-x-5 gap-y-1 text-table">
      <span className="font-medium">{t("triage.tally", { filed, due })}</span>
      {missing > 0 && (
        <Status shape={STATE_LOOK.missing.shape} tone="problem">
          {t("triage.tally.missing", { count: missing })}
        </Status>
      )}
      {twice > 0 && (
        <>
          <Status shape={STATE_LOOK.twice.shape} tone="problem">
            {t("triage.tally.twice", { count: twice })}
          </Status>
          <TextLink href="/inbox">{t("triage.to_inbox")}</TextLink>
        </>
      )}
    </p>
  );
}

const STATES = ["filed", "late", "corrected", "twice", "missing", "open"] as const;

function Legend() {
  const t = useText();
  return (
    <ul className="mt-2 flex flex-wrap gap-x-5 gap-y-1 text-small text-soft">
      {STATES.map((state) => (
        <li key={state} className="flex items-baseline gap-1.5">
          <Status {...STATE_LOOK[state]}>{t(`triage.state.${state}`)}</Status>
          {t(`triage.state.${state}.what`)}
        </li>
      ))}
    </ul>
  );
}
