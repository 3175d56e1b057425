/** Language and look of this computer. */
import { Panel } from "../../components/Panel";
import { RadioGroup } from "../../components/RadioGroup";
import { useText } from "../../i18n/useText";
import { type Language, type Theme, usePreferences } from "../../preferences";

const THEMES: Theme[] = ["light", "dark", "system", "wall"];
const LANGUAGES: Language[] = ["en", "ml"];

/** Both change at once. */
export function LookPart() {
  const t = useText();
  const { language, theme, change } = usePreferences();
  return (
    <div className="grid items-start gap-4 sm:grid-cols-2">
      <Panel>
        <RadioGroup
          id="settings-language"
          label={t("layout.language")}
          value={language}
          onChange={(chosen) => change({ language: chosen as Language })}
          choices={LANGUAGES.map((each) => ({ id: each, label: t(`layout.language.${each}`) }))}
        />
      </Panel>
      <Panel>
        <RadioGroup
          id="settings-theme"
          label={t("layout.theme")}
          value={theme}
          onChange={(chosen) => change({ theme: chosen as Theme })}
          choices={THEMES.map((each) => ({
            id: each,
            label: t(`layout.${each}`),
            detail: t(`settings.look.${each}`),
          }))}
        />
      </Panel>
    </div>
  );
}
