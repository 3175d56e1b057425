/** Versions, states and counts for the person who looks after the computers. Never a record, a name or an address of a person. */
import type { DeskStatus, SyncPage } from "../../generated/wire";

/** The facts as lines of text, in English: they are read by whoever mends it. */
export function diagnosticsOf(status: DeskStatus, sync: SyncPage | null, window: string): string {
  const summary = sync?.summary ?? status.sync;
  const moment = (at: number | null) => (at === null ? "never" : new Date(at).toISOString());
  const facts: [string, string | number][] = [
    ["Wardroom", status.version],
    ["window", window],
    ["phase", status.phase],
    ["role", status.who?.role ?? "nobody"],
    ["read only", status.who?.read_only ? "yes" : "no"],
    ["right has run out", status.who?.has_run_out ? "yes" : "no"],
    ["facility", status.facility ?? "none"],
    ["device", sync?.device ?? "unknown"],
    ["server", status.server ?? "none"],
    ["sample", status.sample ? "yes" : "no"],
    ["key", status.secret_home ?? "none"],
    ["people here", status.people.length],
    ["sync", summary.state],
    ["sync problem", summary.problem?.code ?? "none"],
    ["waiting", summary.waiting],
    ["oldest waiting", moment(summary.waiting_since)],
    ["kept aside", summary.parked],
    ["conflicts", summary.conflicts],
    ["last contact", moment(summary.last_contact)],
    ["clock off, ms", summary.clock_off_ms ?? 0],
  ];
  for (const space of sync?.spaces ?? []) {
    const numbers = `${space.state}, received ${space.cursor} of ${space.head}, waiting ${space.pending}`;
    facts.push([
      space.space,
      `${numbers}, kept aside ${space.parked}, heard ${moment(space.heard)}, ${space.digest}`,
    ]);
  }
  const width = Math.max(...facts.map(([name]) => name.length));
  return facts.map(([name, fact]) => `${name.padEnd(width)}  ${fact}`).join("\n");
}
