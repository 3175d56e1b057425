/** The two hooks every component uses for words and figures. */
import { useMemo } from "react";
import { type IntlShape, useIntl } from "react-intl";
import { createFormat, type Format } from "./format";

/** What may stand in a text's `{place}`. */
export type TextValues = Record<string, string | number | boolean | null | undefined>;

/** Words by key. `has` asks whether a key exists, for codes that come from elsewhere. */
export interface Text {
  (key: string, values?: TextValues): string;
  has(key: string): boolean;
}

/** Gives `t(key, { count })`. */
export function useText(): Text {
  const intl = useIntl();
  return useMemo(() => textFrom(intl), [intl]);
}

/** Dates, times, ages and numbers in the language of the window. */
export function useFormat(): Format {
  const intl = useIntl();
  return useMemo(() => createFormat(intl.locale.startsWith("ml") ? "ml" : "en", textFrom(intl)), [intl]);
}

function textFrom(intl: IntlShape): Text {
  const text = (key: string, values?: TextValues) => String(intl.formatMessage({ id: key }, values ?? {}));
  return Object.assign(text, { has: (key: string) => key in intl.messages });
}
