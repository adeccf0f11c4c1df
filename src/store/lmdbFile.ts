// What an LMDB file says of itself: looked at before it is mapped, because the library believes it and a process that reads
// beyond the end of a mapped file is killed.
import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { join } from 'node:path'
import { corrupt } from './errors.js'

const MAGIC = 0xbeef_c0de
/** That of the library's own format. */
const VERSION = 2
/** Of a meta page: after its own header. */
const [MAGIC_AT, VERSION_AT, PAGE_SIZE_AT, ROOT_AT, LAST_PAGE_AT, TRANSACTION_AT] = [24, 28, 48, 0x88, 0x90, 0x98]
const META_SIZE = 0xa0
/** Pages at the end of a file that were used and given back within a transaction are counted, and never written. */
const SLACK = 64

/** @throws StoreError STORE_CORRUPT when the folder has a file that is no database, or has lost its end */
export function checkLmdbFile(folder: string): void {
  let file: number
  try {
    file = openSync(join(folder, 'data.mdb'), 'r')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return
    throw error
  }
  try {
    const { size } = fstatSync(file)
    if (size === 0) return
    const first = metaAt(file, 0, folder)
    const second = metaAt(file, first.pageSize, folder)
    const { root, lastPage, pageSize } = first.transaction > second.transaction ? first : second
    const pages = size / pageSize
    if (pages + SLACK < lastPage + 1 || (root >= 0 && root >= pages)) {
      throw corrupt(`data.mdb has ${Math.floor(pages)} pages of ${lastPage + 1}`, folder)
    }
  } finally {
    closeSync(file)
  }
}

function metaAt(file: number, at: number, folder: string) {
  const meta = Buffer.alloc(META_SIZE)
  const read = readSync(file, meta, 0, META_SIZE, at)
  if (read < META_SIZE || meta.readUInt32LE(MAGIC_AT) !== MAGIC) throw corrupt('data.mdb is no LMDB database', folder)
  const version = meta.readUInt32LE(VERSION_AT)
  if (version !== VERSION) throw corrupt(`data.mdb is of LMDB's format ${version}, not ${VERSION}`, folder)
  return {
    pageSize: meta.readUInt32LE(PAGE_SIZE_AT),
    /** -1: there are no rows. */
    root: Number(meta.readBigInt64LE(ROOT_AT)),
    lastPage: Number(meta.readBigInt64LE(LAST_PAGE_AT)),
    transaction: meta.readBigInt64LE(TRANSACTION_AT),
  }
}
