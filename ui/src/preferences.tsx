/** Language, theme and width of the rail: how one computer looks. Never anything about a patient. */
import {
  createContext,
  type ReactNode,
  useCallback,
  useContext,
  useLayoutEffect,
  useMemo,
  useState,
} from "react";
import type { Language } from "./generated/wire";

/** Languages the window speaks. */
export type { Language };
/** Looks of the window; `system` follows the operating system. */
export type Theme = "system" | "light" | "dark" | "wall";
/** How one computer looks. */
export interface Preferences {
  language: Language;
  theme: Theme;
}

const PLACE = "wardroom.preferences";
const FIRST: Preferences = { language: "en", theme: "system" };

interface PreferencesValue extends Preferences {
  change(part: Partial<Preferences>): void;
}
const PreferencesContext = createContext<PreferencesValue>({ ...FIRST, change: () => undefined });

/** Keeps the preferences and puts them on the document. */
export function PreferencesProvider({
  start,
  children,
}: {
  start?: Partial<Preferences>;
  children: ReactNode;
}) {
  const [kept, setKept] = useState<Preferences>(() => ({ ...read(), ...start }));
  const change = useCallback((part: Partial<Preferences>) => {
    setKept((before) => {
      const after = { ...before, ...part };
      write(after);
      return after;
    });
  }, []);
  useLayoutEffect(() => {
    document.documentElement.lang = kept.language;
    return followTheme(kept.theme);
  }, [kept]);
  const value = useMemo(() => ({ ...kept, change }), [kept, change]);
  return <PreferencesContext value={value}>{children}</PreferencesContext>;
}

/** The preferences and how to change them. */
export function usePreferences(): PreferencesValue {
  return useContext(PreferencesContext);
}

function followTheme(theme: Theme): (() => void) | undefined {
  const root = document.documentElement;
  if (theme !== "system") {
    root.dataset.theme = theme;
    return undefined;
  }
  const night = window.matchMedia?.("(prefers-color-scheme: dark)");
  const apply = () => {
    root.dataset.theme = night?.matches ? "dark" : "light";
  };
  apply();
  night?.addEventListener("change", apply);
  return () => night?.removeEventListener("change", apply);
}

function read(): Preferences {
  try {
    return { ...FIRST, ...(JSON.parse(localStorage.getItem(PLACE) ?? "{}") as Partial<Preferences>) };
  } catch {
    return FIRST;
  }
}

function write(kept: Preferences) {
  try {
    localStorage.setItem(PLACE, JSON.stringify(kept));
  } catch {
    // A window without storage keeps its look until it closes.
  }
}
