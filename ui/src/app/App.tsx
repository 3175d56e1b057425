/** Everything the pages stand on: look, language, cache, backend, routes. */
import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { useState } from "react";
import { RouterProvider as AriaRouter } from "react-aria-components";
import type { Backend } from "../backend";
import { BackendProvider } from "../backend-context";
import { ToastRegion } from "../components/Toast";
import { IntlLayer } from "../i18n/IntlLayer";
import { type Preferences, PreferencesProvider } from "../preferences";
import { Closing } from "./Closing";
import { newQueries } from "./queries";
import { newRouter } from "./router";

export interface AppProps {
  /** Another backend than this computer's desk, for tests. */
  backend?: Backend;
  /** Language and theme to begin with, for tests. */
  start?: Partial<Preferences>;
}

/** The whole window. */
export function App({ backend, start }: AppProps) {
  const [queries] = useState(newQueries);
  const [router] = useState(newRouter);
  return (
    <PreferencesProvider start={start}>
      <IntlLayer>
        <QueryClientProvider client={queries}>
          <BackendProvider backend={backend}>
            <AriaRouter
              navigate={(href) => router.history.push(href)}
              useHref={(href) => (href.startsWith("/") ? `#${href}` : href)}
            >
              <RouterProvider router={router} />
              <ToastRegion />
              <Closing />
            </AriaRouter>
          </BackendProvider>
        </QueryClientProvider>
      </IntlLayer>
    </PreferencesProvider>
  );
}
