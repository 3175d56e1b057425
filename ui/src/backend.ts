/** The only file that talks to the window's own process: one call, one event, one shape of error. No rule of the ward lives here. */
import { invoke } from "@tauri-apps/api/core";
import { listen } from "@tauri-apps/api/event";

/** What stands behind the window: the desk in the real program, an in-memory one in tests. */
export interface Backend {
  /** Runs one command; rejects with a `BackendProblem` and nothing else. */
  call<T>(command: string, args?: Record<string, unknown>): Promise<T>;
  /** Tells which kinds of record changed, from this desk or another. Returns how to stop listening. */
  onChanged(listener: (kinds: string[]) => void): () => void;
}

/** Why a command was refused. The window branches on `code`; words come from the texts. */
export class BackendProblem extends Error {
  constructor(
    readonly code: string,
    readonly messageKey?: string,
    readonly details?: Record<string, unknown>,
  ) {
    super(code);
    this.name = "BackendProblem";
  }
}

/** Turns whatever was thrown into a `BackendProblem`. */
export function problemFrom(thrown: unknown): BackendProblem {
  if (thrown instanceof BackendProblem) return thrown;
  if (typeof thrown === "object" && thrown !== null && "code" in thrown && typeof thrown.code === "string") {
    const { code, message_key, details } = thrown as {
      code: string;
      message_key?: string;
      details?: Record<string, unknown>;
    };
    return new BackendProblem(code, message_key, details);
  }
  return new BackendProblem("unexpected", undefined, { reason: String(thrown) });
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
    const stop = listen<{ kinds: string[] }>("changed", (event) => listener(event.payload.kinds));
    stop.catch(() => undefined);
    return () => {
      stop.then((unlisten) => unlisten()).catch(() => undefined);
    };
  },
};
