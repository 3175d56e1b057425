/** The only file that talks to the window's own process: one call, one event, one shape of error. No rule of the ward lives here. */
import { invoke } from "@tauri-apps/api/core";
import { listen } from "@tauri-apps/api/event";
import { getCurrentWindow } from "@tauri-apps/api/window";

/** What stands behind the window: the desk in the real program, an in-memory one in tests. */
export interface Backend {
  /** Runs one command; rejects with a `BackendProblem` and nothing else. */
  call<T>(command: string, args?: Record<string, unknown>): Promise<T>;
  /** Tells which kinds of record changed, from this desk or another. Returns how to stop listening. */
  onChanged(listener: (kinds: string[]) => void): () => void;
  /** Asks when the window is about to be closed; true keeps it open. Returns how to stop asking. */
  onClosing(isKept: () => boolean): () => void;
  /** Fills the whole screen, or no longer. */
  fillScreen(whole: boolean): void;
  /** Closes the window without asking. */
  close(): void;
}

/** What is wrong with a draft: which field, which rule, which numbers. `ask` may be confirmed. */
export interface Problem {
  kind: string;
  field: string;
  code: string;
  numbers: Record<string, string>;
  ask: boolean;
}

/** Why a command was refused. The window branches on `code`; words come from the texts. */
export class BackendProblem extends Error {
  constructor(
    readonly code: string,
    /** Limits and counts for the words. */
    readonly numbers: Record<string, string> = {},
    /** What is wrong with the drafts, when `code` is "problems". */
    readonly problems: readonly Problem[] = [],
  ) {
    super(code);
    this.name = "BackendProblem";
  }
}

/** Turns whatever was thrown into a `BackendProblem`. */
export function problemFrom(thrown: unknown): BackendProblem {
  if (thrown instanceof BackendProblem) return thrown;
  if (typeof thrown === "object" && thrown !== null && "code" in thrown && typeof thrown.code === "string") {
    const { code, numbers, problems } = thrown as {
      code: string;
      numbers?: Record<string, string>;
      problems?: Problem[];
    };
    return new BackendProblem(code, numbers, problems);
  }
  return new BackendProblem("unexpected");
}

/** The desk of this computer. */
export const desk: Backend = {
  async call<T>(command: string, args?: Record<string, unknown>): Promise<T> {
    try {
      return await invoke<T>(command, args);
    } catch (thrown) {
      throw problemFrom(thrown);
    }
  },
  onChanged(listener) {
    return stopOf(listen<{ kinds: string[] }>("changed", (event) => listener(event.payload.kinds)));
  },
  onClosing(isKept) {
    return stopOf(
      getCurrentWindow().onCloseRequested((event) => {
        if (isKept()) event.preventDefault();
      }),
    );
  },
  fillScreen(whole) {
    getCurrentWindow()
      .setFullscreen(whole)
      .catch(() => undefined);
  },
  close() {
    getCurrentWindow()
      .destroy()
      .catch(() => undefined);
  },
};

/** How to stop listening, also before the window's process has answered that it listens. */
function stopOf(listening: Promise<() => void>): () => void {
  listening.catch(() => undefined);
  return () => {
    listening.then((unlisten) => unlisten()).catch(() => undefined);
  };
}
