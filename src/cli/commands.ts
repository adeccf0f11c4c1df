// Every command: a row makes `parallevm` have it. A test holds the files of this folder and docs/cli.md to it.
import type { Command } from 'commander'
import { benchCommand } from './bench.js'
import { blockTestCommand } from './blocktest.js'
import { buildCommand } from './build.js'
import { callCommand } from './call.js'
import { exportCommand } from './export.js'
import { fetchCommand } from './fetch.js'
import { fuzzCommand } from './fuzz.js'
import { importCommand } from './import.js'
import { replayCommand } from './replay.js'
import { runCommand } from './run.js'
import { stateTestCommand } from './statetest.js'
import { t8nCommand } from './t8n.js'
import { traceCommand } from './trace.js'
import { verifyCommand } from './verify.js'

/** In the order of the help. */
export const COMMANDS: readonly (() => Command)[] = [
  benchCommand,
  verifyCommand,
  runCommand,
  traceCommand,
  callCommand,
  buildCommand,
  fetchCommand,
  importCommand,
  replayCommand,
  exportCommand,
  stateTestCommand,
  blockTestCommand,
  t8nCommand,
  fuzzCommand,
]
