// Every command: a row makes `parallevm` have it. A test holds the files of this folder and docs/cli.md to it.
import type { Command } from 'commander'

export interface CommandRow {
  readonly name: string
  /** A line of the help. */
  readonly summary: string
  /** Only the command that was asked for is loaded: what fuzzes, or makes blocks, is heavy. */
  load(): Promise<Command>
}

/** In the order of the help. */
export const COMMANDS: readonly CommandRow[] = [
  {
    name: 'bench',
    summary: 'measure engines side by side against sequential @ethereumjs/vm',
    load: async () => (await import('./bench.js')).benchCommand(),
  },
  {
    name: 'verify',
    summary: 'execute blocks and say of each root whether it is the one in the header',
    load: async () => (await import('./verify.js')).verifyCommand(),
  },
  {
    name: 'run',
    summary: 'execute a block of a node on its state, without writing files',
    load: async () => (await import('./run.js')).runCommand(),
  },
  {
    name: 'trace',
    summary: 'trace transactions of a block as go-ethereum does',
    load: async () => (await import('./trace.js')).traceCommand(),
  },
  {
    name: 'call',
    summary: 'ask what calls would come to, one or thousands',
    load: async () => (await import('./call.js')).callCommand(),
  },
  {
    name: 'build',
    summary: 'build a block of transactions',
    load: async () => (await import('./build.js')).buildCommand(),
  },
  {
    name: 'fetch',
    summary: 'write block files with witnesses from a node',
    load: async () => (await import('./fetch.js')).fetchCommand(),
  },
  {
    name: 'import',
    summary: 'execute a chain from files and keep its state on disk',
    load: async () => (await import('./import.js')).importCommand(),
  },
  {
    name: 'replay',
    summary: 'execute blocks again that `import` has kept',
    load: async () => (await import('./replay.js')).replayCommand(),
  },
  {
    name: 'export',
    summary: 'write a state on disk as a dump or a genesis',
    load: async () => (await import('./export.js')).exportCommand(),
  },
  {
    name: 'statetest',
    summary: 'run official state tests',
    load: async () => (await import('./statetest.js')).stateTestCommand(),
  },
  {
    name: 'blocktest',
    summary: 'run official blockchain tests',
    load: async () => (await import('./blocktest.js')).blockTestCommand(),
  },
  {
    name: 't8n',
    summary: "execute transactions on a state, as go-ethereum's evm t8n",
    load: async () => (await import('./t8n.js')).t8nCommand(),
  },
  {
    name: 'fuzz',
    summary: 'execute random blocks and compare with other clients',
    load: async () => (await import('./fuzz.js')).fuzzCommand(),
  },
]
