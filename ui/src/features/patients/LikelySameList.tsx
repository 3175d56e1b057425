/** Registered people who may be the one being registered, and why. */
import { Button } from "../../components/Button";
import { Panel } from "../../components/Panel";
import type { LikelySame } from "../../generated/wire";
import { useText } from "../../i18n/useText";

/** The list; nothing when nobody is alike. */
export function LikelySameList({
  likely,
  onOpen,
}: {
  likely: readonly LikelySame[];
  onOpen(id: string): void;
}) {
  const t = useText();
  if (likely.length === 0) return null;
  return (
    <Panel title={t("patients.same")}>
      <ul className="flex flex-col gap-3">
        {likely.map(({ line, reasons }) => (
          <li key={line.patient} className="flex flex-col gap-1">
            <span className="font-semibold break-words">{line.name}</span>
            <span className="text-table text-soft">
              {[line.sex && t(`code.gender.${line.sex}`), line.age_years, line.phone]
                .filter(Boolean)
                .join(" · ")}
            </span>
            <span className="text-small text-soft">
              {reasons.map((reason) => t(`patients.same.${reason}`)).join(", ")}
            </span>
            <Button onPress={() => onOpen(line.patient)}>{t("patients.same.open")}</Button>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
