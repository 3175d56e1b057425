/** One end of Actual. A record is a note that carries its JSON: one message of the sync protocol. */
import { mkdirSync } from 'node:fs'
import { recordsOf, serve } from './end.mjs'

let requests = 0
const plain = globalThis.fetch
globalThis.fetch = (...args) => {
  requests += 1
  return plain(...args)
}
const api = await import('@actual-app/api')
const password = 'the password of a ward'

const noted = async (id) => JSON.parse((await api.getNote(id)).note)

await serve({
  // The first end makes the budget file, and answers by which name another one joins it.
  async open({ folder, url, joins }) {
    mkdirSync(folder, { recursive: true })
    if (!joins) {
      const headers = { 'content-type': 'application/json' }
      await plain(`${url}/account/bootstrap`, { method: 'POST', headers, body: JSON.stringify({ password }) })
    }
    await api.init({ dataDir: folder, serverURL: url, password, verbose: false })
    if (!joins) await api.runImport('ward', () => api.createAccount({ name: 'ward' }))
    const name = joins ?? (await api.getBudgets()).find((one) => one.groupId).groupId
    if (joins) await api.downloadBudget(name)
    await api.sync()
    return name
  },

  async fill({ file }) {
    await api.batchBudgetUpdates(async () => {
      for (const { id, ...fields } of recordsOf(file)) await api.updateNote(id, JSON.stringify(fields))
    })
  },

  async push() {
    await api.sync()
  },

  async pull() {
    await api.sync()
  },

  async count() {
    const { data } = await api.aqlQuery(api.q('notes').select('*'))
    return data.filter(({ note }) => note?.startsWith('{')).length
  },

  async edit({ id, village }) {
    await api.updateNote(id, JSON.stringify({ ...(await noted(id)), village }))
    await api.sync()
  },

  async see({ id, village }) {
    await api.sync()
    if ((await noted(id)).village !== village) throw new Error('another village')
  },

  read({ id }) {
    return noted(id)
  },

  async requests() {
    return requests
  },
})
