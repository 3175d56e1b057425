/** Look and language, on every page from the sign-in on. */
import { Languages, SunMoon } from "lucide-react";
import { IconButton } from "./components/IconButton";
import { Menu } from "./components/Menu";
import { useText } from "./i18n/useText";
import { type Language, type Theme, usePreferences } from "./preferences";

/** The look: light, dark, as the computer, wall display. */
export function LookMenu() {
  const t = useText();
  const { change } = usePreferences();
  const themes: Theme[] = ["light", "dark", "system", "wall"];
  return (
    <Menu
      label={t("layout.theme")}
      trigger={
        <IconButton label={t("layout.theme")}>
          <SunMoon className="size-4" />
        </IconButton>
      }
      choices={themes.map((theme) => ({ id: theme, label: t(`layout.${theme}`) }))}
      onChoose={(theme) => change({ theme: theme as Theme })}
    />
  );
}

/** The language, switched without a restart. */
export function LanguageMenu() {
  const t = useText();
  const { change } = usePreferences();
  const languages: Language[] = ["en", "ml"];
  return (
    <Menu
      label={t("layout.language")}
      trigger={
        <IconButton label={t("layout.language")}>
          <Languages className="size-4" />
        </IconButton>
      }
      choices={languages.map((language) => ({ id: language, label: t(`layout.language.${language}`) }))}
      onChoose={(language) => change({ language: language as Language })}
    />
  );
}
