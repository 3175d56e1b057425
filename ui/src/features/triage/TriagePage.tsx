/** Daily triage: file today's figures. The address says which day and shift; without them it shows the month. */
import { useLocation } from "@tanstack/react-router";
import { todayHere } from "../../components/readDate";
import { SHIFTS } from "./filing";
import { ShiftPart } from "./ShiftPart";
import { TriageMonthPart } from "./TriageMonthPart";

/** The page. */
export function TriagePage() {
  const asked = new URLSearchParams(useLocation().searchStr);
  const day = /^\d{4}-\d{2}-\d{2}$/.exec(asked.get("day") ?? "")?.[0] ?? todayHere();
  const shift = SHIFTS.find((each) => each === asked.get("shift"));
  if (shift) return <ShiftPart key={`${day} ${shift}`} day={day} shift={shift} />;
  return <TriageMonthPart day={day} today={todayHere()} />;
}
