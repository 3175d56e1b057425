/** What the palette offers on every page. */
import { useNavigate } from "@tanstack/react-router";
import { useMay } from "../access";
import type { Command } from "../components/CommandPalette";
import { todayHere } from "../components/readDate";
import { MOVEMENTS } from "../features/stock/movement";
import { SHIFTS } from "../features/triage/filing";
import { useText } from "../i18n/useText";
import { usePreferences } from "../preferences";
import { keyOf, useSections } from "./sections";

/** The commands; `acts` are the layout's own. */
export function useCommands(acts: { lock(): void; shortcuts(): void; password(): void }): Command[] {
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
  const group = t("palette.group.do");
  /** What is done on the ward; each opens its form, which the address names. */
  const acting = [
    {
      id: "admit",
      writes: "encounter" as const,
      label: t("palette.admit"),
      group,
      run: () => navigate({ to: "/beds", search: { do: "admit" } }),
    },
    ...SHIFTS.map((shift) => ({
      id: `triage ${shift}`,
      writes: "triage" as const,
      label: t("palette.triage", { shift: t(`code.shift.${shift}`) }),
      group,
      run: () => navigate({ to: "/triage", search: { day: todayHere(), shift } }),
    })),
    ...MOVEMENTS.map((movement) => ({
      id: `stock ${movement}`,
      writes: "stock_entry" as const,
      label: t("palette.stock", { movement: t(`stock.do.${movement}`) }),
      group,
      run: () => navigate({ to: "/stock", search: { do: movement } }),
    })),
  ];
  return [
    ...(may("write", "patient") ? [newPatient] : []),
    ...acting.filter((act) => may("write", act.writes)).map(({ writes: _, ...act }) => act),
    {
      id: "password",
      label: t("password.change"),
      group: t("palette.group.do"),
      run: acts.password,
    },
    { id: "lock", label: t("layout.lock"), keys: "Ctrl+L", group: t("palette.group.do"), run: acts.lock },
    {
      id: "shortcuts",
      label: t("layout.shortcuts"),
      keys: "?",
      group: t("palette.group.do"),
      run: acts.shortcuts,
    },
    ...sections.map((section, index) => ({
      id: `go ${section.href}`,
      label: t(section.word),
      keys: `Alt+${keyOf(index)}`,
      group: t("palette.group.go"),
      run: () => navigate({ to: section.href }),
    })),
    ...(may("see", "bed_stay")
      ? [
          {
            id: "go /census",
            label: t("census.title"),
            group: t("palette.group.go"),
            run: () => navigate({ to: "/census" }),
          },
        ]
      : []),
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
