// The order of rooms: what a folder may import. Checked over the text of the imports, types included, for both trees.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import { dirname, join, normalize, sep } from 'node:path'

/** Rooms from the lowest up: each imports itself and those before it. A file of the tree's own folder is a room by its name. */
export const ROOMS = {
  assembly: [
    'abi',
    'mem',
    'fork',
    'registry.generated',
    'hash',
    'u256',
    'bignum',
    'rlp',
    'secp256k1',
    'bn254',
    'bls12381',
    'p256',
    'trie',
    'state',
    'stateRoot',
    'stm',
    'journal',
    'evm',
    'tx',
    'block',
    'index',
    'traceIndex',
  ],
  src: [
    'errors',
    'types',
    'bytes',
    'abi',
    'crypto',
    'door',
    'setup',
    'rpc',
    'sources',
    'wasm',
    'tracers',
    'block',
    'store',
    'ethereumjs',
    'workers',
    'blockFiles',
    'workloads',
    'reference',
    'executor',
    'scaling',
    'index',
    'vm',
    'spectests',
    'fuzz',
    't8n',
    'node',
    'cli',
  ],
} as const satisfies Record<string, readonly string[]>

export interface Import {
  /** Paths relative to the project, with `/`. */
  from: string
  to: string
}

const IMPORT = /(?:\bfrom|\bimport)\s*\(?\s*['"](\.{1,2}\/[^'"]+)['"]/g

const LOADED = /^(?:import|export)(?! type\b)(?:[^'"=(;]*?\bfrom)? '([^']+)'/gm

/** Packages that a module of TypeScript loads with all that it imports, each with the first module that names it. */
export function packagesLoadedBy(root: string, entry: string): Map<string, string> {
  const packages = new Map<string, string>()
  const seen = new Set([entry])
  for (const from of seen) {
    for (const [, specifier] of readFileSync(join(root, from), 'utf8').matchAll(LOADED)) {
      if (specifier?.startsWith('.')) seen.add(target(root, from, specifier))
      else if (specifier !== undefined && !isBuiltin(specifier) && !packages.has(specifier))
        packages.set(specifier, from)
    }
  }
  return packages
}

/** Every relative import of a tree of TypeScript or AssemblyScript files. */
export function importsOf(root: string, tree: string): Import[] {
  const files = readdirSync(join(root, tree), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.d.ts'))
    .map((file) => `${tree}/${file.split(sep).join('/')}`)
  return files.flatMap((from) => {
    const text = readFileSync(join(root, from), 'utf8')
    return [...text.matchAll(IMPORT)].map(([, specifier]) => ({ from, to: target(root, from, specifier as string) }))
  })
}

function target(root: string, from: string, specifier: string): string {
  const base = normalize(join(dirname(from), specifier))
    .split(sep)
    .join('/')
  const candidates = [base.replace(/\.js$/, '.ts'), `${base}.ts`, `${base}/index.ts`]
  const found = candidates.find((file) => file.endsWith('.ts') && existsSync(join(root, file)))
  if (found === undefined) throw new Error(`${from} imports ${specifier}, which is no file`)
  return found
}

export function roomOf(file: string): string {
  const [, first, second] = file.split('/')
  return second === undefined ? (first as string).replace(/\.ts$/, '') : (first as string)
}

/** Imports that point up, or from or to a room that the list lacks; one line each. */
export function forbidden(imports: readonly Import[], order: readonly string[]): string[] {
  return imports.flatMap(({ from, to }) => {
    const [lower, upper] = [order.indexOf(roomOf(to)), order.indexOf(roomOf(from))]
    if (upper < 0) return [`${from}: room ${roomOf(from)} is not in the list of rooms`]
    if (lower < 0) return [`${from} imports ${to}: room ${roomOf(to)} is not in the list of rooms`]
    return lower <= upper ? [] : [`${from} imports ${to}: ${roomOf(from)} lies below ${roomOf(to)}`]
  })
}

/** Circles of files, each as the chain of paths that closes it. */
export function circles(imports: readonly Import[]): string[] {
  const edges = new Map<string, string[]>()
  for (const { from, to } of imports) edges.set(from, [...(edges.get(from) ?? []), to])
  const done = new Set<string>()
  const found: string[] = []
  const visit = (file: string, path: string[]): void => {
    const at = path.indexOf(file)
    if (at >= 0) found.push([...path.slice(at), file].join(' -> '))
    if (at >= 0 || done.has(file)) return
    for (const next of edges.get(file) ?? []) visit(next, [...path, file])
    done.add(file)
  }
  for (const file of edges.keys()) visit(file, [])
  return found
}
