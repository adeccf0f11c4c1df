// What only @ethereumjs/vm itself can do: asked before each block, by what the caller has set up.
import type { Block } from '@ethereumjs/block'
import type { Common } from '@ethereumjs/common'
import { EVM } from '@ethereumjs/evm'
import {
  AccessList2930Tx,
  Blob4844Tx,
  EOACode7702Tx,
  FeeMarket1559Tx,
  LegacyTx,
  type TypedTransaction,
} from '@ethereumjs/tx'
import { KECCAK256_NULL } from '@ethereumjs/util'
import type { RunBlockOpts, VM } from '@ethereumjs/vm'
import { sameBytes } from '../bytes.js'
import { innerEvm, innerVm } from './inner.js'

/** SHA-256 of nothing. */
const SHA256_NULL = Uint8Array.from(
  Buffer.from('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855', 'hex'),
)
/** Events of an EVM: each comes in the middle of a transaction. */
const EVM_EVENTS = ['step', 'newContract', 'beforeMessage', 'afterMessage'] as const
/** Events of a VM that come between transactions. */
const TX_EVENTS = ['beforeTx', 'afterTx'] as const
/** Parameters of a listener that the VM waits for: what it is told, and the function that says that it is done. */
const WAITED = 2
/** Options of a block that ask for what the executor does not do, where they are true. */
const OPTIONS = ['skipNonce', 'skipBalance', 'reportPreimages'] as const
/** Of an EVM: the same. */
const UNLIMITED = ['allowUnlimitedContractSize', 'allowUnlimitedInitCodeSize'] as const
/** How transactions of the library find their sender: one of another class may say that anybody sent it. */
const SENDERS = new Set<unknown>(
  [LegacyTx, AccessList2930Tx, FeeMarket1559Tx, Blob4844Tx, EOACode7702Tx].map((one) => one.prototype.getSenderAddress),
)

/** Why @ethereumjs/vm must run the block; undefined when the executor may. */
export function whyLibrary(vm: VM, opts: RunBlockOpts): string | undefined {
  return whyOptions(opts) ?? whyVm(vm) ?? whyEvm(vm) ?? whyCrypto(vm.common) ?? whyBlock(vm, opts)
}

function whyOptions(opts: RunBlockOpts): string | undefined {
  const option = OPTIONS.find((name) => opts[name] === true)
  if (option !== undefined) return `the option ${option}`
  return opts.blockAccessList === undefined ? undefined : 'the option blockAccessList'
}

function whyVm(vm: VM): string | undefined {
  const { profilerOpts } = innerVm(vm)._opts
  if (profilerOpts?.reportAfterBlock === true || profilerOpts?.reportAfterTx === true) return 'the VM has a profiler'
  const event = TX_EVENTS.find((name) => vm.events.listeners(name).some(({ length }) => length === WAITED))
  if (event !== undefined) return `a listener of the VM's event ${event} that is waited for, between transactions`
  return vm.evm.stateManager === vm.stateManager ? undefined : 'VM and EVM have different state managers'
}

function whyEvm({ evm }: VM): string | undefined {
  if (Object.getPrototypeOf(evm) !== EVM.prototype) return 'the VM has an EVM of another class'
  const own = evm as EVM
  const event = EVM_EVENTS.find((name) => own.events.listenerCount(name) > 0)
  if (event !== undefined) return `a listener of the EVM's event ${event}`
  const unlimited = UNLIMITED.find((name) => own[name] === true)
  if (unlimited !== undefined) return `the EVM has the option ${unlimited}`
  const { _customOpcodes: opcodes, _customPrecompiles: precompiles, _optsCached } = innerEvm(own)
  if ((opcodes?.length ?? 0) > 0) return 'the EVM has custom opcodes'
  if ((precompiles?.length ?? 0) > 0) return 'the EVM has custom precompiles'
  return _optsCached.profiler?.enabled === true ? 'the EVM has a profiler' : undefined
}

/** Functions that do the same faster are no reason, other hash functions are. */
function whyCrypto({ customCrypto: { keccak256, sha256 } }: Common): string | undefined {
  const nothing = new Uint8Array(0)
  if (keccak256 !== undefined && !sameBytes(keccak256(nothing), KECCAK256_NULL)) return 'a keccak256 of its own'
  return sha256 !== undefined && !sameBytes(sha256(nothing), SHA256_NULL) ? 'a sha256 of its own' : undefined
}

function whyBlock({ common, blockchain }: VM, { block, ...opts }: RunBlockOpts): string | undefined {
  if (block.common.hardfork() !== common.hardfork()) {
    return `the block's hardfork ${block.common.hardfork()} is not that of the VM, ${common.hardfork()}`
  }
  if (block.header.number === 0n) return 'block 0'
  if (checksHeader(opts) && !canCheckHeader(blockchain)) return 'the blockchain has no validateHeader'
  return whyTransactions(block)
}

function whyTransactions(block: Block): string | undefined {
  const index = block.transactions.findIndex(
    (tx: TypedTransaction) => !tx.isSigned() || !SENDERS.has(tx.getSenderAddress),
  )
  return index < 0 ? undefined : `transaction ${index} names its sender otherwise than by a signature`
}

export function checksHeader(opts: Omit<RunBlockOpts, 'block'>): boolean {
  return opts.skipBlockValidation !== true && opts.skipHeaderValidation !== true
}

/** A blockchain that can validate headers. */
export interface HeaderChecker {
  validateHeader(header: Block['header']): Promise<void>
}

export function canCheckHeader(blockchain: unknown): blockchain is HeaderChecker {
  return typeof (blockchain as Partial<HeaderChecker>)?.validateHeader === 'function'
}
