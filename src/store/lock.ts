import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { StoreError } from './errors.js'

const NAME = 'parallevm.lock'
/** Between two looks at the lock of a process that is gone, somebody else may have taken it. */
const ATTEMPTS = 8

/**
 * Makes this process the only one that writes into a folder; a lock of a process that is gone is taken over. Where two do so
 * at once it is the batches that tell (see SequenceCheck in rowStore.ts).
 * @returns what gives the lock back
 * @throws StoreError STORE_LOCKED
 */
export function lockFolder(folder: string): () => void {
  const file = join(folder, NAME)
  const own = JSON.stringify({ pid: process.pid, started: startOf(process.pid) })
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    try {
      writeFileSync(file, own, { flag: 'wx' })
      return () => {
        if (read(file) === own) rmSync(file, { force: true })
      }
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    }
    const found = read(file)
    if (found !== undefined && lives(found)) throw locked(folder, found)
    takeAway(file, found)
  }
  throw locked(folder, read(file) ?? '')
}

function takeAway(file: string, found: string | undefined): void {
  const aside = `${file}.${process.pid}`
  try {
    renameSync(file, aside)
    // A new one that came meanwhile goes back.
    const taken = read(aside)
    if (taken !== found && taken !== undefined && lives(taken)) renameSync(aside, file)
    else rmSync(aside, { force: true })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
  }
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
}

function lives(lock: string): boolean {
  let pid: number
  let started: string | undefined
  try {
    ;({ pid, started } = JSON.parse(lock) as { pid: number; started?: string })
  } catch {
    // Cut short: its process was killed while it wrote it.
    return false
  }
  try {
    process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
  return started === undefined || started === startOf(pid)
}

/** When a process began, where the system says: its number may be another one's by now. */
function startOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]
  } catch {
    return undefined
  }
}

function locked(folder: string, lock: string): StoreError {
  const { pid } = JSON.parse(lock || '{}') as { pid?: number }
  return new StoreError(
    'STORE_LOCKED',
    `the state store ${folder} is in use${pid === undefined ? '' : ` by process ${pid}`}: close it there, or use another folder`,
    { path: folder },
  )
}
