import * as abi from '../abi/core.generated.js'
import { Rules, TraceEvent, TraceWant } from '../abi/core.generated.js'
import { getWord } from '../abi/word256.js'
import { faultAt } from './faults.js'
import { isCreation } from './frames.js'
import type { PrestateAccount, PrestateTrace, PrestateTracerConfig } from './shapes.js'
import { addressAt, addressOfWord, hexAt, quantity, wordAt } from './text.js'
import type { TextTracer, TraceContext } from './tracer.js'

interface Account {
  existed: boolean
  exists: boolean
  balance: [before: bigint, after: bigint]
  nonce: [before: bigint, after: bigint]
  code: [before: number, after: number]
  slots: Map<string, [before: string, after: string]>
}

const NO_VALUE = `0x${'00'.repeat(32)}`
const NO_CODE = '0xc5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470'

export class PrestateTracer implements TextTracer {
  readonly wants: number = TraceWant.STATE
  readonly #context: TraceContext
  readonly #config: PrestateTracerConfig
  /** Accounts that were looked at, and slots by account. */
  readonly #looked = new Map<string, Set<string>>()
  /** Accounts that were called: a delegate of theirs was looked at as well. */
  readonly #called = new Set<string>()
  #to = ''
  readonly #created = new Set<string>()
  readonly #deleted = new Set<string>()
  readonly #accounts = new Map<string, Account>()
  /** Of the step that is not known yet to have been paid; and which it was. */
  #pending: (() => void) | undefined
  #step = ''

  constructor(context: TraceContext, config: PrestateTracerConfig) {
    this.#context = context
    this.#config = config
  }

  event(type: TraceEvent, view: DataView, bytes: Buffer, at: number): void {
    if (type === TraceEvent.HALT) {
      const unpaid = faultAt(view, bytes, at, this.#context.rules)?.paid === false
      if (unpaid && this.#step === stepAt(view, at)) this.#pending = undefined
      return
    }
    this.#pending?.()
    this.#pending = undefined
    if (type === TraceEvent.BEGIN) this.#begin(view, bytes, at)
    else if (type === TraceEvent.STEP) this.#opcode(view, bytes, at)
    else if (type === TraceEvent.ENTER) this.#enter(view, bytes, at)
    else if (type === TraceEvent.TARGET) this.#creates(addressAt(bytes, at + abi.T_CALLEE))
    else if (type === TraceEvent.ACCOUNT)
      this.#accounts.set(addressAt(bytes, at + abi.T_ADDRESS), readAccount(view, at))
  }

  #begin(view: DataView, bytes: Buffer, at: number): void {
    this.#to = addressAt(bytes, at + abi.T_TO)
    if (view.getUint32(at + abi.T_CREATES, true) !== 0) this.#created.add(this.#to)
    for (const field of [abi.T_SENDER, abi.T_TO, abi.T_COINBASE]) this.#look(addressAt(bytes, at + field))
    const count = view.getUint32(at + abi.T_AUTHORITIES, true)
    for (let i = 0; i < count; i++) this.#look(hexAt(bytes, at + abi.T_BEGIN_SIZE + 20 * i, 20))
  }

  #look(address: string): Set<string> {
    const slots = this.#looked.get(address) ?? new Set<string>()
    this.#looked.set(address, slots)
    return slots
  }

  #opcode(view: DataView, bytes: Buffer, at: number): void {
    this.#step = stepAt(view, at)
    const op = bytes[at + abi.T_OP] as number
    const count = view.getUint32(at + abi.T_WORDS, true)
    const word = (index: number) => at + abi.T_STEP_SIZE + 32 * (count - 1 - index)
    const self = addressAt(bytes, at + abi.T_SELF)
    if (count === 0) return
    if (op === 0x54 || op === 0x55) {
      const key = wordAt(view, word(0))
      this.#pending = () => this.#look(self).add(key)
    } else if (op === 0xf1 || op === 0xf2 || op === 0xf4 || op === 0xfa) {
      if (view.getUint32(at + abi.T_HEIGHT, true) < 5) return
      const address = addressOfWord(view, word(1))
      this.#pending = () => {
        this.#look(address)
        this.#called.add(address)
      }
    } else {
      const address = addressOfWord(view, word(0))
      this.#pending = () => {
        this.#look(address)
        if (op === 0xff && (this.#context.rules < Rules.CANCUN || this.#created.has(self))) this.#deleted.add(self)
      }
    }
  }

  #enter(view: DataView, bytes: Buffer, at: number): void {
    if (!isCreation(bytes[at + abi.T_OP] as number) || view.getUint16(at + abi.T_DEPTH, true) === 0) return
    this.#creates(addressAt(bytes, at + abi.T_CALLEE))
  }

  #creates(address: string): void {
    this.#look(address)
    this.#created.add(address)
  }

  #lookAtDelegates(): void {
    if (this.#context.rules < Rules.PRAGUE) return
    const follow = (address: string, which: 0 | 1): void => {
      const record = this.#accounts.get(address)?.code[which]
      const code = record ? this.#context.code(record).bytes : undefined
      if (code?.length === 23 && code.toString('hex', 0, 3) === 'ef0100') this.#look(hexAt(code, 3, 20))
    }
    if (!this.#created.has(this.#to)) follow(this.#to, 0)
    for (const address of this.#called) follow(address, 1)
  }

  finish(): string {
    this.#lookAtDelegates()
    const { diffMode, includeEmpty } = this.#config
    const pre: PrestateTrace = {}
    const post: PrestateTrace = {}
    const addresses = [...this.#looked.keys()].sort()
    for (const address of addresses) {
      const account = this.#accounts.get(address) ?? ABSENT
      const slots = [...(this.#looked.get(address) as Set<string>)].sort()
      const shown = this.#before(account, slots)
      const empty = isEmpty(account)
      if (!diffMode) {
        if (includeEmpty || !empty) pre[address] = shown
        continue
      }
      if (!this.#deleted.has(address)) {
        const after = this.#after(account, shown)
        if (after === undefined) continue
        post[address] = after
      }
      if (!empty) pre[address] = shown
    }
    return JSON.stringify(diffMode ? { post, pre } : pre)
  }

  #before({ balance, nonce, code, slots }: Account, keys: string[]): PrestateAccount {
    const found = code[0] === 0 ? undefined : this.#context.code(code[0])
    const storage = Object.fromEntries(keys.map((key) => [key, slots.get(key)?.[0] ?? NO_VALUE]))
    return {
      balance: quantity(balance[0]),
      ...(found && !this.#config.disableCode && { code: hexAt(found.bytes, 0, found.bytes.length) }),
      ...(found && { codeHash: found.hash }),
      ...(nonce[0] !== 0n && { nonce: Number(nonce[0]) }),
      ...(keys.length > 0 && !this.#config.disableStorage && { storage }),
    }
  }

  /** What changed; takes from `before` the slots that did not. Undefined when nothing did. */
  #after({ exists, balance, nonce, code, slots }: Account, before: PrestateAccount): PrestateAccount | undefined {
    const { disableCode } = this.#config
    const after: PrestateAccount = {}
    const found = code[1] === 0 ? undefined : this.#context.code(code[1])
    const hash = found?.hash ?? (exists ? NO_CODE : NO_VALUE)
    let changed = false
    const set = (fields: PrestateAccount): void => {
      Object.assign(after, fields)
      changed = true
    }
    if (balance[1] !== balance[0]) set({ balance: quantity(balance[1]) })
    const bytes = found ? hexAt(found.bytes, 0, found.bytes.length) : '0x'
    if (!disableCode && bytes !== (before.code ?? '0x')) set({ code: bytes })
    if (hash !== (before.codeHash ?? NO_CODE)) set({ codeHash: hash })
    if (nonce[1] !== nonce[0]) set(nonce[1] === 0n ? {} : { nonce: Number(nonce[1]) })
    const written: Record<string, string> = {}
    for (const [key, value] of Object.entries(before.storage ?? {})) {
      const now = exists ? (slots.get(key)?.[1] ?? NO_VALUE) : NO_VALUE
      if (now !== value) {
        changed = true
        if (now !== NO_VALUE) written[key] = now
      }
      if (now === value || value === NO_VALUE) delete before.storage?.[key]
    }
    if (before.storage && Object.keys(before.storage).length === 0) delete before.storage
    if (Object.keys(written).length > 0) after.storage = written
    return changed ? after : undefined
  }
}

/** Of steps and halts: no two steps of a transaction have all of this in common, since gas only falls. */
function stepAt(view: DataView, at: number): string {
  return `${view.getUint16(at + abi.T_DEPTH, true)} ${view.getUint32(at + abi.T_PC, true)} ${view.getBigInt64(at + abi.T_GAS, true)}`
}

const ABSENT: Account = {
  existed: false,
  exists: false,
  balance: [0n, 0n],
  nonce: [0n, 0n],
  code: [0, 0],
  slots: new Map(),
}

function isEmpty({ balance, nonce, code }: Account): boolean {
  return balance[0] === 0n && nonce[0] === 0n && code[0] === 0
}

function readAccount(view: DataView, at: number): Account {
  const flags = view.getUint32(at + abi.T_ACCOUNT_FLAGS, true)
  const count = view.getUint32(at + abi.T_SLOTS, true)
  const slots: Account['slots'] = new Map()
  for (let i = 0; i < count; i++) {
    const slot = at + abi.T_ACCOUNT_SIZE + abi.T_SLOT_SIZE * i
    slots.set(wordAt(view, slot), [wordAt(view, slot + 32), wordAt(view, slot + 64)])
  }
  return {
    existed: (flags & abi.ACCOUNT_EXISTED) !== 0,
    exists: (flags & abi.ACCOUNT_EXISTS) !== 0,
    balance: [getWord(view, at + abi.T_BALANCE_BEFORE), getWord(view, at + abi.T_BALANCE_AFTER)],
    nonce: [view.getBigUint64(at + abi.T_NONCE_BEFORE, true), view.getBigUint64(at + abi.T_NONCE_AFTER, true)],
    code: [view.getUint32(at + abi.T_CODE_BEFORE, true), view.getUint32(at + abi.T_CODE_AFTER, true)],
    slots,
  }
}
