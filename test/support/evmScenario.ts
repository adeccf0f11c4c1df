// Small scenarios for the core's EVM: a few accounts, a few transactions in order.

import * as assert from 'uvu/assert'
import { BlockMode, Rules } from '../../src/abi/core.generated.js'
import { type EvmBlock, type EvmTransaction, parametersOf } from '../../src/abi/evmRecords.js'
import { decodeOutcome, type Outcome } from '../../src/abi/outcome.js'
import { Op } from '../../src/abi/registry.js'
import type { StateDiff } from '../../src/types.js'
import { keccak256 } from '../../src/wasm/keccak.js'
import { type Machine, newMachine } from './evmMachine.js'
import { hex } from './mapState.js'

/** Bytes of a program: numbers are opcodes, bigints are pushed as shortest PUSH, arrays are taken as they are. */
export function program(...parts: (number | bigint | Uint8Array)[]): Uint8Array {
  const bytes: number[] = []
  for (const part of parts) {
    if (typeof part === 'number') bytes.push(part)
    else if (typeof part === 'bigint') bytes.push(...push(part))
    else bytes.push(...part)
  }
  return Uint8Array.from(bytes)
}

function push(value: bigint): number[] {
  const digits = value.toString(16)
  const data = (digits.length % 2 === 0 ? digits : `0${digits}`).match(/../g) ?? []
  return [Op.PUSH0 + data.length, ...data.map((byte) => Number.parseInt(byte, 16))]
}

/** Returns the top of the stack. */
export const RETURN_TOP = program(0n, Op.MSTORE, 32n, 0n, Op.RETURN)

export const address = (n: number): Uint8Array =>
  Uint8Array.from({ length: 20 }, (_, i) => (i === 0 ? 0xaa : i < 18 ? 0 : i === 18 ? n >> 8 : n & 255))
export const SENDER = address(1)
export const COINBASE = address(0xcc)

export interface ScenarioAccount {
  nonce?: bigint
  balance?: bigint
  code?: Uint8Array
  storage?: Record<string, bigint>
}

export const ENV: EvmBlock = {
  rules: Rules.PRAGUE,
  maxBlobs: 9,
  number: 1000n,
  timestamp: 5000n,
  gasLimit: 1n << 40n,
  coinbase: COINBASE,
  prevRandao: 77n,
  baseFee: 7n,
  blobBaseFee: 1n,
  chainId: 1n,
  blockHashes: [keccak256(Uint8Array.of(1))],
}

export function transaction(fields: Partial<EvmTransaction>): EvmTransaction {
  return {
    type: 2,
    sender: SENDER,
    nonce: 0n,
    gasLimit: 1_000_000n,
    value: 0n,
    maxFeePerGas: 10n,
    maxPriorityFeePerGas: 1n,
    data: new Uint8Array(0),
    ...fields,
  }
}

export interface ScenarioRun {
  outcomes: Outcome[]
  raw: Uint8Array[]
  diff: StateDiff
}

/** The sender has 10^18 wei unless the accounts say otherwise. */
export function setAccounts(machine: Machine, accounts: [Uint8Array, ScenarioAccount][]): void {
  const { block } = machine
  const all: [Uint8Array, ScenarioAccount][] = [[SENDER, { balance: 10n ** 18n }], ...accounts]
  for (const [at, { nonce = 0n, balance = 0n, code = new Uint8Array(0), storage = {} }] of all) {
    block.setBaseAccount(at, { nonce, balance, code, codeHash: keccak256(code) })
    for (const [key, value] of Object.entries(storage)) block.setBaseSlot(at, word(BigInt(key)), word(value))
  }
}

export const word = (value: bigint): Uint8Array => Buffer.from(value.toString(16).padStart(64, '0'), 'hex')

/** Runs transactions in order on a fresh machine. */
export function play(
  accounts: [Uint8Array, ScenarioAccount][],
  txs: EvmTransaction[],
  env: Partial<EvmBlock> = {},
): ScenarioRun {
  const machine = newMachine()
  setAccounts(machine, accounts)
  return playOn(machine, txs, env)
}

export function playOn({ block, evm }: Machine, txs: EvmTransaction[], env: Partial<EvmBlock> = {}): ScenarioRun {
  const whole = { ...ENV, ...env }
  const params = whole.rules >= Rules.AMSTERDAM ? parametersOf('amsterdam', whole.gasLimit) : undefined
  evm.setBlock({ params, ...whole })
  block.blockBegin(txs.length, 1, BlockMode.SEQUENTIAL)
  for (let task = block.nextTask(); task >= 0; task = block.nextTask()) assert.ok(evm.run(task, txs[task]!))
  assert.is(block.collectDiff(), undefined)
  const raw = txs.map((_, i) => block.outcome(i)!)
  return { raw, outcomes: raw.map((bytes) => decodeOutcome(bytes)), diff: block.readDiff() }
}

/** What a call of the code returns, as a number; it must succeed. */
export function evaluate(code: Uint8Array, env: Partial<EvmBlock> = {}, fields: Partial<EvmTransaction> = {}): bigint {
  const { outcomes } = play([[address(2), { code }]], [transaction({ to: address(2), ...fields })], env)
  const outcome = outcomes[0]!
  if (outcome.kind !== 1)
    throw new Error(`outcome ${JSON.stringify(outcome, (_, v) => (typeof v === 'bigint' ? `${v}` : v))}`)
  return BigInt(`0x0${hex(outcome.returnData)}`)
}

export function change(diff: StateDiff, at: Uint8Array) {
  return diff.find((account) => hex(account.address) === hex(at))
}
