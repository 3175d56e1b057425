/** With a district, or alone? */
import { useState } from "react";
import { RadioGroup } from "../../components/RadioGroup";
import { useText } from "../../i18n/useText";
import { StepFrame } from "./StepFrame";

type Way = "join" | "alone";

/** The second page. */
export function WayPage({ onNext, onBack }: { onNext(way: Way): void; onBack(): void }) {
  const t = useText();
  const [way, setWay] = useState<Way>("join");
  return (
    <StepFrame
      step={2}
      title={t("firstrun.way")}
      next={t("ui.continue")}
      onNext={() => onNext(way)}
      onBack={onBack}
    >
      <RadioGroup
        id="firstrun-way"
        label={t("firstrun.way")}
        labelIs="hidden"
        value={way}
        onChange={(chosen) => setWay(chosen as Way)}
        choices={[
          { id: "join", label: t("firstrun.way.join"), detail: t("firstrun.way.join.detail") },
          { id: "alone", label: t("firstrun.way.alone"), detail: t("firstrun.way.alone.detail") },
        ]}
      />
    </StepFrame>
  );
}
