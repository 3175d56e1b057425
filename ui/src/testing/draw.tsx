/** Draws a component in a test with its language, cache and a backend of the test's own. */
import { QueryClientProvider } from "@tanstack/react-query";
import { render } from "@testing-library/react";
import type { ReactNode } from "react";
import { newQueries } from "../app/queries";
import { type Backend, BackendProblem } from "../backend";
import { BackendProvider } from "../backend-context";
import { IntlLayer } from "../i18n/IntlLayer";
import { type Language, PreferencesProvider } from "../preferences";

/** Answers by command or view; a function is asked with the arguments. */
export type Answers = Record<string, unknown | ((args: Record<string, unknown>) => unknown)>;

/** A desk in memory. `changed` tells the window that kinds changed; `calls` lists what was asked. */
export function deskOf(answers: Answers) {
  const listeners = new Set<(kinds: string[]) => void>();
  const calls: { command: string; args: Record<string, unknown> }[] = [];
  const backend: Backend = {
    async call<T>(command: string, args: Record<string, unknown> = {}) {
      calls.push({ command, args });
      if (!(command in answers)) throw new BackendProblem("unknown_command", undefined, { command });
      const answer = answers[command];
      return (typeof answer === "function" ? await answer(args) : answer) as T;
    },
    onChanged(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  return {
    backend,
    calls,
    answers,
    changed(kinds: string[]) {
      for (const listener of listeners) listener(kinds);
    },
  };
}

/** Draws it. */
export function draw(content: ReactNode, options: { language?: Language; backend?: Backend } = {}) {
  return render(
    <PreferencesProvider start={{ language: options.language ?? "en", theme: "light" }}>
      <IntlLayer>
        <QueryClientProvider client={newQueries()}>
          <BackendProvider backend={options.backend ?? deskOf({}).backend}>{content}</BackendProvider>
        </QueryClientProvider>
      </IntlLayer>
    </PreferencesProvider>,
  );
}
