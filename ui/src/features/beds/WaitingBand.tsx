/** Admitted people who lie in no bed: dragged onto one, or placed by a button. */
import { Button } from "../../components/Button";
import { Panel } from "../../components/Panel";
import type { PatientLine } from "../../generated/wire";
import { useFormat, useText } from "../../i18n/useText";

export interface WaitingBandProps {
  waiting: readonly PatientLine[];
  onDragPatient(encounter: string): void;
  onMove(line: PatientLine): void;
}

/** The band. */
export function WaitingBand({ waiting, onDragPatient, onMove }: WaitingBandProps) {
  const t = useText();
  const format = useFormat();
  return (
    <Panel title={t("beds.waiting", { count: waiting.length })}>
      {waiting.length === 0 && <p className="text-table text-soft">{t("beds.waiting.none")}</p>}
      <ul className="flex flex-col gap-2">
        {waiting.map((line) => (
          <li
            key={line.encounter}
            draggable
            onDragStart={(event) => {
              event.dataTransfer.setData("text/plain", line.identifier ?? "");
              if (line.encounter) onDragPatient(line.encounter);
            }}
            className="flex items-center justify-between gap-2 rounded-control border border-edge/60 px-2 py-1.5"
          >
            <span className="min-w-0">
              <span className="block truncate text-table font-semibold" title={line.name}>
                {line.name}
              </span>
              <span className="block truncate text-small text-soft">
                {line.admitted_at ? t("beds.waiting.since", { at: format.dateTime(line.admitted_at) }) : ""}
              </span>
            </span>
            <Button onPress={() => onMove(line)}>{t("beds.place")}</Button>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
