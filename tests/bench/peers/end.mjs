/**
 * What every end of a replication does alike: it reads one thing a line, as JSON, and answers one line. What the things are
 * stands in the client of each.
 */
import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'

// The answers go there; what a library logs would stand among them.
const answer = process.stdout.write.bind(process.stdout)
for (const way of ['log', 'info', 'debug', 'warn']) console[way] = (...said) => console.error(...said)

/** Does what it is told until nothing more comes. */
export async function serve(deeds) {
  for await (const line of createInterface({ input: process.stdin })) {
    const { deed, ...args } = JSON.parse(line)
    let said
    try {
      said = { answer: (await deeds[deed](args)) ?? null }
    } catch (error) {
      said = { failure: String(error?.message ?? error) }
    }
    answer(`${JSON.stringify(said)}\n`)
  }
  process.exit(0)
}

/** The records of a file, each with its `id`. */
export function recordsOf(file) {
  return readFileSync(file, 'utf8').trimEnd().split('\n').map((line) => JSON.parse(line))
}

/** What waits for a record to have a village. */
export class Waiting {
  #waiting = new Map()

  for(id, village) {
    return new Promise((resolve) => this.#waiting.set(`${id} ${village}`, resolve))
  }

  came(id, village) {
    this.#waiting.get(`${id} ${village}`)?.()
  }
}
