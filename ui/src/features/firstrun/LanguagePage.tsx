/** Which language does this computer speak? */
import { RadioGroup } from "../../components/RadioGroup";
import { useText } from "../../i18n/useText";
import { type Language, usePreferences } from "../../preferences";
import { StepFrame } from "./StepFrame";

/** The first page; the window changes at once. */
export function LanguagePage({ onNext }: { onNext(): void }) {
  const t = useText();
  const { language, change } = usePreferences();
  return (
    <StepFrame
      step={1}
      title={t("firstrun.language")}
      detail={t("firstrun.language.detail")}
      next={t("ui.continue")}
      onNext={onNext}
    >
      <RadioGroup
        id="firstrun-language"
        label={t("firstrun.language")}
        labelIs="hidden"
        value={language}
        onChange={(chosen) => change({ language: chosen as Language })}
        choices={[
          { id: "en", label: t("layout.language.en") },
          { id: "ml", label: t("layout.language.ml") },
        ]}
      />
    </StepFrame>
  );
}
