/**
 * One end of a replication: reads one thing a line, as JSON, and answers one line.
 */
import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import PouchDB from 'pouchdb'

let local, remote, requests = 0
const waiting = new Map()

const deeds = {
  async open({ folder, url }) {
    local = new PouchDB(folder)
    remote = new PouchDB(url, {
      fetch: (to, how) => {
        requests += 1
        return PouchDB.fetch(to, how)
      },
    })
    await Promise.all([local.info(), remote.info()])
  },

  async fill({ file }) {
    const docs = readFileSync(file, 'utf8').trimEnd().split('\n').map((line) => JSON.parse(line))
    for (let at = 0; at < docs.length; at += 1_000) {
      const written = await local.bulkDocs(docs.slice(at, at + 1_000))
      if (written.some((one) => one.error)) throw new Error('a record was not written')
    }
  },

  async push({ options, records }) {
    const { docs_written } = await local.replicate.to(remote, options)
    if (docs_written !== records) throw new Error(`${docs_written} records were pushed`)
  },

  async pull({ options, records }) {
    const { docs_written } = await local.replicate.from(remote, options)
    if (docs_written !== records) throw new Error(`${docs_written} records were pulled`)
  },

  // Goes on replicating one way from here on, and tells whoever waits what came.
  async live({ way, options }) {
    const going = local.replicate[way](remote, { ...options, live: true, retry: true })
    going.catch((error) => console.error(error))
    local.changes({ since: 'now', live: true, include_docs: true }).on('change', ({ doc }) => {
      waiting.get(`${doc._id} ${doc.village}`)?.()
    })
  },

  async edit({ id, village }) {
    const doc = await local.get(id)
    await local.put({ ...doc, village })
  },

  wait_for({ id, village }) {
    return new Promise((resolve) => waiting.set(`${id} ${village}`, resolve))
  },

  async requests() {
    return requests
  },
}

for await (const line of createInterface({ input: process.stdin })) {
  const { deed, ...args } = JSON.parse(line)
  let said
  try {
    said = { answer: (await deeds[deed](args)) ?? null }
  } catch (error) {
    said = { failure: String(error) }
  }
  process.stdout.write(`${JSON.stringify(said)}\n`)
}
process.exit(0)
