/** Puts the window's language over the pages: our words and React Aria's own. */
import { type ReactNode, useMemo } from "react";
import { I18nProvider } from "react-aria-components";
import { IntlProvider, ReactIntlErrorCode } from "react-intl";
import { type Language, usePreferences } from "../preferences";
import { speakAria } from "./aria";
import { textsWithFallback } from "./texts";

/** The tag under which browsers and React Aria know a language. */
const TAG: Record<Language, string> = { en: "en-IN", ml: "ml-IN" };

/** Gives the pages below it their language; switching needs no restart. */
export function IntlLayer({ children }: { children: ReactNode }) {
  const { language } = usePreferences();
  const messages = useMemo(() => textsWithFallback(language), [language]);
  speakAria(language);
  return (
    <IntlProvider
      locale={TAG[language]}
      defaultLocale="en-IN"
      messages={messages}
      onError={(error) => {
        if (error.code !== ReactIntlErrorCode.MISSING_TRANSLATION) throw error;
      }}
    >
      <I18nProvider locale={TAG[language]}>{children}</I18nProvider>
    </IntlProvider>
  );
}
