/** React Aria's own words in Malayalam: what a screen reader says around lists, menus and dragging. */
import type { AriaWords } from "./aria";

/** The packages this window uses; the rest falls back to English word by word. */
export const malayalamAria: AriaWords = {
  "react-aria-components": {
    selectPlaceholder: "ഒന്ന് തിരഞ്ഞെടുക്കുക",
    tableResizer: "വീതി മാറ്റുക",
    dropzoneLabel: "ഇവിടെ ഇടുക",
  },
  "@react-aria/autocomplete": { collectionLabel: "നിർദ്ദേശങ്ങൾ" },
  "@react-aria/combobox": {
    focusAnnouncement: (v, f) =>
      `${v.optionText}${f.select({ true: ", തിരഞ്ഞെടുത്തിരിക്കുന്നു", other: "" }, v.isSelected)}`,
    countAnnouncement: (v, f) => `${f.number(Number(v.optionCount))} എണ്ണം ലഭ്യമാണ്.`,
    selectedAnnouncement: (v) => `${v.optionText}, തിരഞ്ഞെടുത്തു`,
    buttonLabel: "നിർദ്ദേശങ്ങൾ കാണിക്കുക",
    listboxLabel: "നിർദ്ദേശങ്ങൾ",
  },
  "@react-aria/menu": {
    longPressMessage: "മെനു തുറക്കാൻ അമർത്തിപ്പിടിക്കുക, അല്ലെങ്കിൽ Alt + താഴേക്കുള്ള അമ്പ് അമർത്തുക",
  },
  "@react-aria/overlays": { dismiss: "അടയ്ക്കുക" },
  "@react-aria/toast": {
    close: "അടയ്ക്കുക",
    notifications: (v, f) => `${f.number(Number(v.count))} അറിയിപ്പ്.`,
  },
  "@react-aria/searchfield": { "Clear search": "തിരച്ചിൽ മായ്ക്കുക" },
  "@react-aria/tag": {
    removeDescription: "നീക്കാൻ Delete അമർത്തുക.",
    removeButtonLabel: "നീക്കുക",
  },
  "@react-aria/table": {
    select: "തിരഞ്ഞെടുക്കുക",
    selectAll: "എല്ലാം തിരഞ്ഞെടുക്കുക",
    sortable: "ക്രമീകരിക്കാവുന്ന നിര",
    ascending: "ആരോഹണം",
    descending: "അവരോഹണം",
    ascendingSort: (v) => `${v.columnName} അനുസരിച്ച് ആരോഹണക്രമത്തിൽ`,
    descendingSort: (v) => `${v.columnName} അനുസരിച്ച് അവരോഹണക്രമത്തിൽ`,
    expand: "വികസിപ്പിക്കുക",
    collapse: "ചുരുക്കുക",
  },
  "@react-aria/gridlist": {
    hasActionAnnouncement: "ഈ വരി തുറക്കാം",
    hasLinkAnnouncement: (v) => `വരിയിൽ കണ്ണിയുണ്ട്: ${v.link}`,
  },
  "@react-aria/grid": {
    deselectedItem: (v) => `${v.item} തിരഞ്ഞെടുത്തിട്ടില്ല.`,
    select: "തിരഞ്ഞെടുക്കുക",
    selectedCount: (v, f) =>
      Number(v.count) === 0 ? "ഒന്നും തിരഞ്ഞെടുത്തിട്ടില്ല." : `${f.number(Number(v.count))} എണ്ണം തിരഞ്ഞെടുത്തു.`,
    selectedAll: "എല്ലാം തിരഞ്ഞെടുത്തു.",
    selectedItem: (v) => `${v.item} തിരഞ്ഞെടുത്തു.`,
    longPressToSelect: "തിരഞ്ഞെടുക്കാൻ അമർത്തിപ്പിടിക്കുക.",
  },
  "@react-aria/dnd": {
    dragItem: (v) => `${v.itemText} വലിച്ചുനീക്കുക`,
    dragSelectedItems: (v, f) => `തിരഞ്ഞെടുത്ത ${f.number(Number(v.count))} എണ്ണം വലിച്ചുനീക്കുക`,
    dragDescriptionKeyboard: "വലിച്ചുനീക്കാൻ Enter അമർത്തുക.",
    dragDescriptionKeyboardAlt: "വലിച്ചുനീക്കാൻ Alt + Enter അമർത്തുക.",
    dragDescriptionTouch: "വലിച്ചുനീക്കാൻ രണ്ടുതവണ തട്ടുക.",
    dragDescriptionVirtual: "വലിച്ചുനീക്കാൻ ക്ലിക്ക് ചെയ്യുക.",
    dragDescriptionLongPress: "വലിച്ചുനീക്കാൻ അമർത്തിപ്പിടിക്കുക.",
    dragStartedKeyboard: "വലിച്ചുനീക്കൽ തുടങ്ങി. ഇടേണ്ട സ്ഥലത്തേക്ക് പോകാൻ Tab, ഇടാൻ Enter, വേണ്ടെന്നുവെക്കാൻ Escape അമർത്തുക.",
    dragStartedTouch: "വലിച്ചുനീക്കൽ തുടങ്ങി. ഇടേണ്ട സ്ഥലത്ത് രണ്ടുതവണ തട്ടുക.",
    dragStartedVirtual: "വലിച്ചുനീക്കൽ തുടങ്ങി. ഇടേണ്ട സ്ഥലത്ത് ക്ലിക്ക് ചെയ്യുകയോ Enter അമർത്തുകയോ ചെയ്യുക.",
    endDragKeyboard: "വലിച്ചുനീക്കുന്നു. വേണ്ടെന്നുവെക്കാൻ Enter അമർത്തുക.",
    endDragTouch: "വലിച്ചുനീക്കുന്നു. വേണ്ടെന്നുവെക്കാൻ രണ്ടുതവണ തട്ടുക.",
    endDragVirtual: "വലിച്ചുനീക്കുന്നു. വേണ്ടെന്നുവെക്കാൻ ക്ലിക്ക് ചെയ്യുക.",
    dropDescriptionKeyboard: "ഇടാൻ Enter, വേണ്ടെന്നുവെക്കാൻ Escape അമർത്തുക.",
    dropDescriptionTouch: "ഇടാൻ രണ്ടുതവണ തട്ടുക.",
    dropDescriptionVirtual: "ഇടാൻ ക്ലിക്ക് ചെയ്യുക.",
    dropCanceled: "വേണ്ടെന്നുവെച്ചു.",
    dropComplete: "ഇട്ടു.",
    dropIndicator: "ഇടേണ്ട സ്ഥലം",
    dropOnRoot: "ഇവിടെ ഇടുക",
    dropOnItem: (v) => `${v.itemText} എന്നതിൽ ഇടുക`,
    insertBefore: (v) => `${v.itemText} എന്നതിന് മുമ്പ് ഇടുക`,
    insertBetween: (v) => `${v.beforeItemText}, ${v.afterItemText} എന്നിവയ്ക്കിടയിൽ ഇടുക`,
    insertAfter: (v) => `${v.itemText} എന്നതിന് ശേഷം ഇടുക`,
  },
};
