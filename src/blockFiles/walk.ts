import { type Dirent, existsSync, readdirSync, realpathSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { FixtureError } from './errors.js'
import { reasonOf } from './json.js'

/** What `walk` makes of a file or folder: an input as a whole, to be left out, or (a folder) to be looked into. */
export type Take = 'take' | 'leave' | 'enter'

/**
 * Inputs below a folder, subfolders included, in the order of their names with numbers by value. Hidden folders and
 * node_modules are left out. Links are followed, but no folder is entered inside itself.
 * @throws FixtureError
 */
export function walk(folder: string, take: (path: string, isFolder: boolean) => Take): string[] {
  return below(folder, take, new Set([realpathSync(folder)]))
}

function below(folder: string, take: (path: string, isFolder: boolean) => Take, above: ReadonlySet<string>): string[] {
  const entries = entriesOf(folder)
  entries.sort((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true }))
  return entries.flatMap((entry) => {
    const path = join(folder, entry.name)
    // A link to nothing.
    if (!existsSync(path)) return []
    const isFolder = isFolderEntry(entry, path)
    if (isFolder && (entry.name.startsWith('.') || entry.name === 'node_modules')) return []
    const answer = take(path, isFolder)
    if (answer === 'take') return [path]
    if (answer === 'leave' || !isFolder) return []
    const real = realpathSync(path)
    return above.has(real) ? [] : below(path, take, new Set([...above, real]))
  })
}

function entriesOf(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
  } catch (error) {
    throw new FixtureError(
      'FIXTURE_NOT_FOUND',
      folder,
      '',
      `cannot be read (${reasonOf(error)}); check its permissions`,
    )
  }
}

function isFolderEntry(entry: Dirent, path: string): boolean {
  return entry.isSymbolicLink() ? statSync(path).isDirectory() : entry.isDirectory()
}
