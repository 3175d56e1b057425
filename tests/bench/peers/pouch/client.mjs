/** One end of PouchDB. */
import PouchDB from 'pouchdb'
import { recordsOf, serve, Waiting } from './end.mjs'

let local, remote, options, requests = 0
const waiting = new Waiting()

await serve({
  async open({ folder, url, ...more }) {
    options = more.options
    local = new PouchDB(folder)
    remote = new PouchDB(`${url}/patients`, {
      fetch: (to, how) => {
        requests += 1
        return PouchDB.fetch(to, how)
      },
    })
    await Promise.all([local.info(), remote.info()])
  },

  async fill({ file }) {
    const docs = recordsOf(file).map(({ id, ...fields }) => ({ _id: id, ...fields }))
    for (let at = 0; at < docs.length; at += 1_000) {
      const written = await local.bulkDocs(docs.slice(at, at + 1_000))
      if (written.some((one) => one.error)) throw new Error('a record was not written')
    }
  },

  async push() {
    await local.replicate.to(remote, options)
  },

  async pull() {
    await local.replicate.from(remote, options)
  },

  async count() {
    return (await local.info()).doc_count
  },

  // Goes on replicating one way from here on, and tells whoever waits what came.
  async follow({ way }) {
    const going = local.replicate[way](remote, { ...options, live: true, retry: true })
    going.catch((error) => console.error(error))
    local.changes({ since: 'now', live: true, include_docs: true }).on('change', ({ doc }) => {
      waiting.came(doc._id, doc.village)
    })
  },

  async edit({ id, village }) {
    const doc = await local.get(id)
    await local.put({ ...doc, village })
  },

  see({ id, village }) {
    return waiting.for(id, village)
  },

  read({ id }) {
    return local.get(id)
  },

  async requests() {
    return requests
  },
})
