/** What the palette offers on every page. */
import { useNavigate } from "@tanstack/react-router";
import { useMay } from "../access";
import type { Command } from "../components/CommandPalette";
import { useText } from "../i18n/useText";
import { usePreferences } from "../preferences";
import { useSections } from "./sections";

/** The commands; `acts` are the layout's own. */
export function useCommands(acts: { lock(): void; shortcuts(): void }): Command[] {
  const t = useText();
  const navigate = useNavigate();
  const { change } = usePreferences();
  const may = useMay();
  const sections = useSections();
  const look = t("palette.group.look");
  const newPatient = {
    id: "new patient",
    label: t("palette.new_patient"),
    keys: "Ctrl+N",
    group: t("palette.group.do"),
    run: () => navigate({ to: "/patients/new" }),
  };
  return [
    ...sections.map((section, index) => ({
      id: `go ${section.href}`,
      label: t(section.word),
      keys: `Alt+${index + 1}`,
      group: t("palette.group.go"),
      run: () => navigate({ to: section.href }),
    })),
    ...(may("write", "patient") ? [newPatient] : []),
    { id: "lock", label: t("layout.lock"), keys: "Ctrl+L", group: t("palette.group.do"), run: acts.lock },
    {
      id: "shortcuts",
      label: t("layout.shortcuts"),
      keys: "?",
      group: t("palette.group.do"),
      run: acts.shortcuts,
    },
    ...(["light", "dark", "system", "wall"] as const).map((theme) => ({
      id: `theme ${theme}`,
      label: t(`layout.${theme}`),
      also: t("layout.theme"),
      group: look,
      run: () => change({ theme }),
    })),
    ...(["en", "ml"] as const).map((language) => ({
      id: `language ${language}`,
      label: t("palette.speak", { language: t(`layout.language.${language}`) }),
      group: look,
      run: () => change({ language }),
    })),
  ];
}
