import { type EVM, EVMError, type EVMOpts, type EVMResult, type EVMRunCallOpts, type Message } from '@ethereumjs/evm'
import { type Account, Address, bigIntToAddressBytes, bytesToBigInt, MAX_INTEGER } from '@ethereumjs/util'
import { EngineError } from '../block/errors.js'
import { MendedEVM } from '../block/mendedEvm.js'
import { VersionedAccount } from './account.js'
import type { VersionedStateManager } from './stateManager.js'

const EXTCODEHASH = 0x3f
const CREATE = 0xf0
const CALL = 0xf1
const CALLCODE = 0xf2
const CREATE2 = 0xf5
const STATICCALL = 0xfa

/** Depth of the value operand below the top of the stack; -1: the operation moves no value. */
const VALUE_OPERAND: [opcode: number, depth: number][] = [
  [CREATE, 0],
  [CALL, 2],
  [CALLCODE, 2],
  [CREATE2, 0],
  [STATICCALL, -1],
]

interface RunState {
  stack: { peek(count: number): bigint[]; pop(): bigint; push(word: bigint): void }
  env: { contract: Account }
}

type Handler = (state: RunState, common: unknown) => unknown

/** The EVM of @ethereumjs, reading balances only where a value decides something. */
export class VersionedEVM extends MendedEVM {
  readonly #manager: VersionedStateManager

  constructor(options: EVMOpts, manager: VersionedStateManager) {
    super({ ...options, stateManager: manager })
    this.#manager = manager
    for (const eip of [7864, 7928, 8037]) {
      if (this.common.isActivatedEIP(eip)) {
        throw new EngineError(
          'UNSUPPORTED_EIP',
          `EIP-${eip} is not supported; use a hardfork up to Osaka and its BPO forks`,
        )
      }
    }
  }

  override getActiveOpcodes(): ReturnType<EVM['getActiveOpcodes']> {
    const opcodes = super.getActiveOpcodes()
    for (const [opcode, depth] of VALUE_OPERAND) {
      const entry = this._opcodeMap[opcode]
      if (entry === undefined) continue
      // A new entry: the table may share entries with other instances.
      this._opcodeMap[opcode] = { ...entry, opHandler: withoutBalance(entry.opHandler as Handler, depth) as never }
    }
    const entry = this._opcodeMap[EXTCODEHASH]
    if (entry !== undefined) {
      this._opcodeMap[EXTCODEHASH] = { ...entry, opHandler: ((state: RunState) => this.#extCodeHash(state)) as never }
    }
    return opcodes
  }

  /** EIP-1052. The handler of @ethereumjs loads the code first, which a witness has only when somebody needs its bytes. */
  async #extCodeHash({ stack }: RunState): Promise<void> {
    const address = new Address(bigIntToAddressBytes(BigInt.asUintN(160, stack.pop())))
    const account = await this.#manager.getAccount(address)
    stack.push(account === undefined || account.isEmpty() ? 0n : bytesToBigInt(account.codeHash))
  }

  override runCall(options: EVMRunCallOpts): Promise<EVMResult> {
    return options.message === undefined ? this.#runOutermost(options) : super.runCall(options)
  }

  async #runOutermost(options: EVMRunCallOpts): Promise<EVMResult> {
    this.#manager.enterCall()
    const result = await super.runCall(options)
    this.#manager.leaveCall()
    return result
  }

  /** Nothing to take: the balance need not be known (EIP-161 still touches the account). */
  protected override _reduceSenderBalance(account: Account, message: Message): Promise<void> {
    if (message.value === 0n) return this.journal.putAccount(message.caller, account)
    return super._reduceSenderBalance(account, message)
  }

  /** A transfer into an account whose balance nobody asked for is a credit: it commutes with those of other transactions. */
  protected override async _addToBalance(account: Account, message: Message & { to: Address }): Promise<void> {
    if (!(account instanceof VersionedAccount)) return super._addToBalance(account, message)
    account.add(message.value)
    if (account._balance !== null && account._balance > MAX_INTEGER) {
      throw new EVMError(EVMError.errorMessages.VALUE_OVERFLOW)
    }
    await this.journal.putAccount(message.to, account)
  }

  /** Drops what a transaction left that was stopped in its middle. */
  reset(): void {
    this.journal.cleanJournal()
    const fresh = new (this.transientStorage.constructor as new () => EVM['transientStorage'])()
    Object.assign(this, { transientStorage: fresh })
  }
}

/**
 * The interpreter compares the contract's balance with the value before every call and creation, and does so before the
 * handler first waits. With no value the comparison cannot fail, so it must not record a read of the balance: a contract
 * that only receives and calls would conflict with everybody who pays it.
 */
function withoutBalance(handler: Handler, depth: number): Handler {
  return (state, common) => {
    const { contract } = state.env
    if (!(contract instanceof VersionedAccount)) return handler(state, common)
    if (depth >= 0 && state.stack.peek(depth + 1)[depth] !== 0n) return handler(state, common)
    contract.quiet = true
    try {
      return handler(state, common)
    } finally {
      contract.quiet = false
    }
  }
}
