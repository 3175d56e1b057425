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
      {/* The button under it stays in sight however many there are. */}
      <ul className="-mx-1 flex max-h-[calc(100vh-256px)] flex-col gap-3 overflow-y-auto px-1 pb-1">
        {likely.map(({ line, reasons }) => (
          <li key={line.patient} className="flex flex-col gap-1">
            <span className="font-semibold break-words">{line.name}</span>
            <span className="text-table text-soft">
              {[
                line.sex && t(`code.gender.${line.sex}`),
                line.age_years !== null && t("movement.years", { years: line.age_years }),
                line.phone,
              ]
                .filter(Boolean)
                .join(" · ")}
            </span>
            <span className="text-small text-soft">
              {reasons.map((reason) => t(`patients.same.${reason}`)).join(", ")}
            </span>
            <Button
              aria-label={t("patients.same.open.who", { name: line.name })}
              onPress={() => onOpen(line.patient)}
            >
              {t("patients.same.open")}
            </Button>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
