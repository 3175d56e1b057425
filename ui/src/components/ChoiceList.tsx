/** The list that drops out of a select or a combo box. */
import { Check } from "lucide-react";
import { ListBox, ListBoxItem } from "react-aria-components";
import { useText } from "../i18n/useText";
import type { Choice } from "./Choice";

/** How one row of a dropped list looks; menus share it. */
export const CHOICE_ROW =
  "flex min-h-8 cursor-pointer items-center gap-2 rounded-control px-2 py-1 text-body outline-none focus:bg-accent-tint hover:bg-accent-tint disabled:cursor-not-allowed disabled:text-faint forced-colors:focus:bg-[Highlight] forced-colors:focus:text-[HighlightText]";

/** Choices as a list box; `empty` is said when there are none, "Nothing found" when left out. */
export function ChoiceList({ items, empty }: { items?: readonly Choice[]; empty?: string }) {
  const t = useText();
  return (
    <ListBox
      items={items}
      className="max-h-72 overflow-auto p-1 outline-none"
      renderEmptyState={() => (
        <div className="px-2 py-2 text-table text-faint">{empty ?? t("ui.nothing_found")}</div>
      )}
    >
      {(choice: Choice) => (
        <ListBoxItem
          id={choice.id}
          textValue={choice.label}
          isDisabled={choice.isDisabled}
          className={CHOICE_ROW}
        >
          {({ isSelected }) => (
            <>
              <Check
                className={isSelected ? "size-4 shrink-0" : "invisible size-4 shrink-0"}
                aria-hidden="true"
              />
              <span className="min-w-0">
                {choice.label}
                {choice.detail && (
                  <span data-detail className="block text-small text-faint">
                    {choice.detail}
                  </span>
                )}
              </span>
            </>
          )}
        </ListBoxItem>
      )}
    </ListBox>
  );
}
