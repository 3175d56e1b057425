/** Draws a component in a test with its language, cache and a backend of the test's own. */
import { QueryClientProvider } from "@tanstack/react-query";
import { render } from "@testing-library/react";
import type { ReactNode } from "react";
import { newQueries } from "../app/queries";
import { type Backend, BackendProblem } from "../backend";
import { BackendProvider } from "../backend-context";
import type { DeskStatus } from "../generated/wire";
import { IntlLayer } from "../i18n/IntlLayer";
import { type Language, PreferencesProvider } from "../preferences";

/** Answers by command, or by `view <name>`; a function is asked with the arguments. A view's answer is its data. */
export type Answers = Record<string, unknown | ((args: Record<string, unknown>) => unknown)>;

/** A desk in memory. `changed` tells the window that kinds changed; `calls` lists what was asked. */
export function deskOf(answers: Answers) {
  const listeners = new Set<(kinds: string[]) => void>();
  const closing = new Set<() => boolean>();
  const calls: { command: string; args: Record<string, unknown> }[] = [];
  const answerTo = async (name: string, args: Record<string, unknown>) => {
    if (!(name in answers)) throw new BackendProblem("unknown_command", { command: name });
    const answer = answers[name];
    const given = typeof answer === "function" ? await answer(args) : answer;
    if (given instanceof BackendProblem) throw given;
    return given;
  };
  const backend: Backend = {
    async call<T>(command: string, args: Record<string, unknown> = {}) {
      calls.push({ command, args });
      if (command !== "view") return (await answerTo(command, args)) as T;
      const data = await answerTo(`view ${args.name}`, (args.args ?? {}) as Record<string, unknown>);
      return { as_of: 1, data } as T;
    },
    onChanged(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    onClosing(isKept) {
      closing.add(isKept);
      return () => closing.delete(isKept);
    },
    fillScreen(whole) {
      calls.push({ command: "(fill screen)", args: { whole } });
    },
    close() {
      calls.push({ command: "(close)", args: {} });
    },
  };
  return {
    backend,
    calls,
    answers,
    changed(kinds: string[]) {
      for (const listener of listeners) listener(kinds);
    },
    /** Somebody closes the window; false when it is kept open. */
    closes: () => ![...closing].some((isKept) => isKept()),
  };
}

/** How a desk stands with a nurse at it; tests change what they are about. */
export function statusOf(part: Partial<DeskStatus> = {}): DeskStatus {
  const nurse = { person: "p1", username: "anju", name: "Anju Thomas", role: "nurse" };
  return {
    phase: "open",
    problem: null,
    people: [nurse],
    suspended: [],
    emergency: null,
    who: { ...nurse, read_only: false, has_run_out: false, not_after: null, due: null },
    facility: "f1",
    utc_offset_minutes: 330,
    server: "https://district.example:8443",
    sample: false,
    secret_home: "key_store",
    recovery: null,
    sync: {
      state: "all_sent",
      waiting: 0,
      parked: 0,
      aside: 0,
      conflicts: 0,
      last_contact: 0,
      waiting_since: null,
      clock_off_ms: null,
      arriving: null,
      problem: null,
    },
    version: "0.1.0",
    lock_after_minutes: 5,
    ...part,
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
