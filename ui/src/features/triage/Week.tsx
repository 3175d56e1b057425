/** One week of the month: a column a day, a line a shift, and how many were seen. */
import { clsx } from "clsx";
import { Link } from "react-aria-components";
import { Shape } from "../../components/Shape";
import { TONE_INK } from "../../components/Tone";
import type { TriageDay, TriageShift } from "../../generated/wire";
import { useFormat, useText } from "../../i18n/useText";
import { SHIFTS, STATE_LOOK, shiftAddress } from "./filing";

/** The week; days that are not of the month stay empty. */
export function Week({ week, today }: { week: (TriageDay | null)[]; today: string }) {
  const t = useText();
  const format = useFormat();
  const places = week.map((day, index) => ({ day, id: day?.day ?? `blank-${index}` }));
  const tint = (day: TriageDay | null) => day?.day === today && "bg-accent-tint";
  return (
    <tbody className="border-b border-line last:border-0">
      <tr>
        <th scope="col" className="w-[104px] px-3 pt-1.5 text-left font-normal text-faint lang-ml:w-[132px]">
          <span className="sr-only">{t("triage.shift")}</span>
        </th>
        {places.map(({ day, id }, index) => (
          <th
            key={id}
            scope="col"
            className={clsx("px-2 pt-1.5 text-left font-semibold whitespace-nowrap", tint(day))}
          >
            {day && (
              <>
                <span className={day.day === today ? "text-accent" : "font-normal text-faint"}>
                  {day.day === today ? t("triage.today") : t(`triage.weekday.${index + 1}`)}
                </span>{" "}
                {format.dayMonth(day.day)}
              </>
            )}
          </th>
        ))}
      </tr>
      {SHIFTS.map((shift) => (
        <tr key={shift}>
          <th scope="row" className="px-3 text-left font-medium text-soft">
            {t(`code.shift.${shift}`)}
          </th>
          {places.map(({ day, id }) => (
            <td key={id} className={clsx("px-1", tint(day))}>
              {day && day.day <= today && (
                <ShiftLink day={day.day} shift={day.shifts.find((each) => each.shift === shift)} />
              )}
            </td>
          ))}
        </tr>
      ))}
      <tr>
        <th scope="row" className="px-3 pb-1.5 text-left font-normal text-faint">
          {t("triage.seen")}
        </th>
        {places.map(({ day, id }) => (
          <td key={id} className={clsx("px-2 pb-1.5 text-soft tabular-nums", tint(day))}>
            {day &&
              day.day <= today &&
              (day.totals.visited !== undefined ? format.number(day.totals.visited) : <Dash />)}
          </td>
        ))}
      </tr>
    </tbody>
  );
}

function Dash() {
  const t = useText();
  return (
    <>
      <span aria-hidden="true">–</span>
      <span className="sr-only">{t("ui.not_reported")}</span>
    </>
  );
}

function ShiftLink({ day, shift }: { day: string; shift: TriageShift | undefined }) {
  const t = useText();
  const format = useFormat();
  if (!shift) return null;
  const look = STATE_LOOK[shift.state];
  const word = t(`triage.state.${shift.state}`);
  return (
    <Link
      href={shiftAddress(shift)}
      aria-label={t("triage.cell", {
        day: format.dateLong(day),
        shift: t(`code.shift.${shift.shift}`),
        state: word,
      })}
      className={clsx(
        "flex min-h-6 items-center gap-1.5 rounded-control px-1 font-medium hover:bg-hover hover:underline",
        TONE_INK[look.tone],
      )}
    >
      <Shape name={look.shape} size={11} />
      {word}
    </Link>
  );
}
