/** The keys of the board: arrows walk, what is typed finds a bed or a name, Enter opens the bed. No key here writes anything. */
import { type KeyboardEvent, useEffect, useState } from "react";
import type { WardBand } from "../../generated/wire";
import { found, neighbour } from "./grid";

/** What is typed without a pause this long belongs together, in milliseconds. */
const PAUSE_MS = 1_500;

export interface BoardKeys {
  wards: readonly WardBand[];
  /** The bed that has the focus. */
  at: string | null;
  go(bed: string): void;
  open(): void;
}

/** What is being typed, and whether any bed is found by it. */
export interface Finding {
  text: string;
  isFound: boolean;
}

/** Gives what is being typed, for the eye, and the handler. */
export function useBoardKeys({ wards, at, go, open }: BoardKeys) {
  const [finding, setFinding] = useState<Finding | null>(null);
  useEffect(() => {
    if (!finding) return;
    const timer = setTimeout(() => setFinding(null), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [finding]);
  const find = (text: string) => {
    const bed = found(wards, text);
    setFinding(text === "" ? null : { text, isFound: bed !== null });
    if (bed) go(bed);
  };
  const onKey = (event: KeyboardEvent) => {
    if (!at || event.ctrlKey || event.altKey || event.metaKey) return;
    const next = neighbour(wards, at, event.key, columnsOf(at));
    if (next !== at) go(next);
    else if (event.key === "Enter") open();
    else if (event.key === "Escape" && finding) setFinding(null);
    else if (event.key === "Backspace" && finding) find(finding.text.slice(0, -1));
    else if (isTyped(event.key, finding)) find((finding?.text ?? "") + event.key);
    else return;
    event.preventDefault();
  };
  return { finding, onKey };
}

/** Letters and figures, and once something was typed whatever names and labels hold between them. */
function isTyped(key: string, finding: Finding | null): boolean {
  return /^[\p{L}\p{M}\p{N}]$/u.test(key) || (finding !== null && /^[ .'-]$/.test(key));
}

/** How many tiles stand in a row of the band, as it is drawn. */
function columnsOf(bed: string): number {
  const band = document.getElementById(`bed-${bed}`)?.parentElement;
  return band ? getComputedStyle(band).gridTemplateColumns.split(" ").length : 1;
}
