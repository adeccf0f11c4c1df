// Puts the compiled modules of the package together, for whoever installs it: they are small and many, and Node takes most of a
// millisecond for each file that it loads. Tests, benches and scripts use them as they are.
// Decision 32 (docs/adr/0032-a-process-starts-with-its-first-block.md).
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { rolldown } from 'rolldown'

const MODULES = resolve('dist/src')
const OUTPUT = resolve('dist/lib')

/** What is loaded by its name: by users, by npm, as a thread. */
const ENTRIES = {
  index: 'index.js',
  vm: 'vm/index.js',
  main: 'cli/main.js',
  worker: 'workers/entry.js',
  stateWorker: 'spectests/stateWorker.js',
  mutationThread: 'fuzz/mutations/mutationThread.js',
  soakBlocks: 'cli/defi/soakBlocks.js',
}
/** Ends the name of every file that is made, so that a module knows whether it is in one of them or in a bundle of somebody else's. */
const MARK = '.parallevm.js'

const at = (name) => join(MODULES, name)
const known = new Set(Object.values(ENTRIES).map(at))

/**
 * A module's own place is that which it would have as a file: files of those names lead to what it asks for there. In a bundle of
 * somebody else's it has none.
 */
const ownPlaces = {
  name: 'own places',
  transform(code, id) {
    if (!code.includes('import.meta.url')) return null
    for (const [, file] of code.matchAll(/new URL\('([^']+\.js)'/g)) {
      if (!known.has(resolve(dirname(id), file))) throw new Error(`${id} loads ${file}, which is none of the entries`)
    }
    const place = JSON.stringify(`./${relative(MODULES, id)}`)
    const own = `(import.meta.url?.endsWith('${MARK}') ? new URL(${place}, import.meta.url).href : import.meta.url)`
    return code.replaceAll('import.meta.url', own)
  },
}

/** What an entry needs at once. */
const needed = new Map()
function neededBy(entry, context) {
  const before = needed.get(entry)
  if (before !== undefined) return before
  const found = new Set()
  needed.set(entry, found)
  for (const open = [at(entry)]; open.length > 0; ) {
    const id = open.pop()
    if (found.has(id)) continue
    found.add(id)
    open.push(...(context.getModuleInfo(id)?.importedIds ?? []))
  }
  return found
}

const isNeeded = (entry, id, context) => neededBy(entry, context).has(id)

/**
 * One file for what library and worker need, one for what only the library needs, one for the worker's; other files as they come.
 * An entry stays out of them: whoever imported the file for another module would begin it.
 */
const groups = [
  {
    debugName: 'of both',
    // A group takes what its modules import along, unless one before it has that.
    priority: 2,
    name: (id, context) =>
      isNeeded(ENTRIES.index, id, context) && isNeeded(ENTRIES.worker, id, context) ? 'shared' : null,
  },
  {
    debugName: 'of one',
    priority: 1,
    name(id, context) {
      if (known.has(id)) return null
      if (isNeeded(ENTRIES.index, id, context)) return 'library'
      return isNeeded(ENTRIES.worker, id, context) ? 'thread' : null
    },
  },
]

const bundle = await rolldown({
  input: Object.fromEntries(Object.entries(ENTRIES).map(([name, file]) => [name, at(file)])),
  platform: 'node',
  external: (id) => !/^[./]/.test(id),
  plugins: [ownPlaces],
})
const { output } = await bundle.write({
  dir: OUTPUT,
  cleanDir: true,
  format: 'esm',
  entryFileNames: `[name]${MARK}`,
  chunkFileNames: `[name]-[hash]${MARK}`,
  // Error classes are told apart by their names in messages and stacks.
  keepNames: true,
  codeSplitting: { groups },
})
for (const [name, file] of Object.entries(ENTRIES)) {
  const path = join(OUTPUT, file)
  mkdirSync(dirname(path), { recursive: true })
  const up = relative(dirname(path), OUTPUT)
  const first = name === 'main' ? '#!/usr/bin/env node\n' : ''
  const from = `from '${up === '' ? '.' : up}/${name}${MARK}'\n`
  const named = output.find(({ fileName }) => fileName === `${name}${MARK}`).exports.includes('default')
  writeFileSync(path, `${first}export * ${from}${named ? `export { default } ${from}` : ''}`)
}
console.log(`${relative('.', OUTPUT)}: ${output.length} files`)
