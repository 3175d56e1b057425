/** Whether the shifts of today were filed, and last night's while it runs or nobody filed it. */
import { Panel } from "../../components/Panel";
import { todayHere } from "../../components/readDate";
import type { ShapeName } from "../../components/Shape";
import { Status } from "../../components/Status";
import { TextLink } from "../../components/TextLink";
import type { Tone } from "../../components/Tone";
import type { FilingState, TriageShift } from "../../generated/wire";
import { useFormat, useText } from "../../i18n/useText";

const LOOK: Record<FilingState, { shape: ShapeName; tone: Tone }> = {
  open: { shape: "ring", tone: "neutral" },
  missing: { shape: "triangle", tone: "problem" },
  filed: { shape: "tick", tone: "ok" },
  late: { shape: "half", tone: "watch" },
  corrected: { shape: "diamond", tone: "info" },
  twice: { shape: "cross", tone: "problem" },
};

/** The list of shifts. */
export function TriageToday({ shifts }: { shifts: readonly TriageShift[] }) {
  const t = useText();
  const format = useFormat();
  const today = todayHere();
  const name = ({ day, shift }: TriageShift) => {
    const word = t(`code.shift.${shift}`);
    return day === today ? word : t("warroom.triage.of", { shift: word, day: format.dayMonth(day) });
  };
  return (
    <Panel title={t("warroom.triage")} aside={<TextLink href="/triage">{t("layout.rail.triage")}</TextLink>}>
      <ul className="flex flex-col gap-1.5 text-table">
        {shifts.map((shift) => (
          <li key={`${shift.day} ${shift.shift}`} className="flex items-center justify-between gap-3">
            <TextLink href={`/triage?day=${shift.day}&shift=${shift.shift}`}>{name(shift)}</TextLink>
            <span className="flex items-center gap-2 text-soft">
              {shift.filed_at !== null && format.time(shift.filed_at)}
              <Status shape={LOOK[shift.state].shape} tone={LOOK[shift.state].tone}>
                {t(`warroom.triage.${shift.state}`)}
              </Status>
            </span>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
