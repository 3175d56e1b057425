/** The key map that `?` shows. */
import type { ShortcutGroup } from "../components/ShortcutHelp";
import { useText } from "../i18n/useText";
import { keyOf, useSections } from "./sections";

/** All keys, grouped. */
export function useShortcutGroups(): ShortcutGroup[] {
  const t = useText();
  const sections = useSections();
  return [
    {
      title: t("shortcut.group.everywhere"),
      shortcuts: [
        { keys: ["Ctrl", "K"], label: t("shortcut.palette") },
        { keys: ["/"], label: t("shortcut.search") },
        { keys: ["Ctrl", "N"], label: t("shortcut.new_patient") },
        { keys: ["Ctrl", "Z"], label: t("shortcut.undo") },
        { keys: ["Ctrl", "L"], label: t("shortcut.lock") },
        { keys: ["?"], label: t("shortcut.map") },
        { keys: ["Esc"], label: t("shortcut.close") },
      ],
    },
    {
      title: t("shortcut.group.go"),
      shortcuts: sections.map((section, index) => ({
        keys: ["Alt", keyOf(index)],
        label: t(section.word),
      })),
    },
    {
      title: t("shortcut.group.beds"),
      shortcuts: [
        { keys: ["A … Z", "0 … 9"], label: t("shortcut.beds.find") },
        { keys: ["↑", "↓", "←", "→"], label: t("shortcut.beds.walk") },
        { keys: ["Enter"], label: t("shortcut.beds.open") },
        { keys: ["Enter", "Enter"], label: t("shortcut.beds.patient") },
        { keys: ["Enter", "M"], label: t("shortcut.beds.move") },
        { keys: ["Esc"], label: t("shortcut.beds.back") },
      ],
    },
    {
      title: t("shortcut.group.forms"),
      shortcuts: [
        { keys: ["Ctrl", "Enter"], label: t("shortcut.save") },
        { keys: ["Ctrl", "S"], label: t("shortcut.save.also") },
        { keys: ["Enter"], label: t("shortcut.next") },
        { keys: ["↑", "↓", "←", "→"], label: t("shortcut.move") },
        { keys: ["Enter"], label: t("shortcut.open") },
      ],
    },
  ];
}
