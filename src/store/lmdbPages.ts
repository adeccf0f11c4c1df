// LMDB believes its file: a page that is damaged ends the process that comes to it. So a process of its own reads all of them first.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { corrupt, StoreError } from './errors.js'

/**
 * Arguments: the module lmdb, the folder, the options to open it. Reads every row; then begins a write, which reads the list of free
 * pages, and gives it up. Damaged pages may lead in a circle: there are no more rows than the database counts.
 */
const PROGRAM = `
const { open, ABORT } = require(process.argv[1])
const db = open({ path: process.argv[2], ...JSON.parse(process.argv[3]) })
let left = db.getStats().entryCount
let bytes = 0
for (const { key, value } of db.getRange({})) {
  if (left-- === 0) throw new Error('it has more rows than it counts')
  bytes += key.length
  for (const byte of value) bytes += byte
}
if (left !== 0) throw new Error('it has fewer rows than it counts')
db.transactionSync(() => {
  db.putSync(Buffer.from([255]), Buffer.alloc(1))
  return ABORT
})
process.stdout.write('whole')
`

/** @throws StoreError STORE_CORRUPT when reading the database in a folder fails, or ends the process that does */
export async function checkPages(folder: string, options: object): Promise<void> {
  if (!existsSync(join(folder, 'data.mdb'))) return
  const args = ['-e', PROGRAM, lmdbModule(), folder, JSON.stringify(options)]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  let [said, complaint] = ['', '']
  child.stdout.on('data', (data) => {
    said += data
  })
  child.stderr.on('data', (data) => {
    complaint += data
  })
  const [code, signal] = await once(child, 'close')
  if (said === 'whole') return
  const why = complaint.split('\n').find((line) => /error|assert/i.test(line))
  const end = signal === null ? `exit code ${code}` : `signal ${signal}`
  throw corrupt(`reading all of it ended with ${end}${why === undefined ? '' : `: ${why.trim()}`}`, folder)
}

/** As this module would find it, or the program where this is a part of it. */
function lmdbModule(): string {
  for (const from of [import.meta.url, `${process.cwd()}/`]) {
    try {
      return createRequire(from).resolve('lmdb')
    } catch {}
  }
  throw new StoreError(
    'STORE_ENGINE_MISSING',
    'a state on disk needs the package lmdb, which is optional: npm install lmdb',
  )
}
