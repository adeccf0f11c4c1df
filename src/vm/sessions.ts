import type { Common, StateManagerInterface } from '@ethereumjs/common'
import type { MerkleStateManager } from '@ethereumjs/statemanager'
import type { VM } from '@ethereumjs/vm'
import { sameBytes } from '../bytes.js'
import { integer, that } from '../door/choices.js'
import { optional, record } from '../door/compounds.js'
import { check, type Shape } from '../door/shape.js'
import { BlockExecutor } from '../executor/blockExecutor.js'
import { invalidOptions } from '../executor/errors.js'
import type { BlockExecutorOptions } from '../executor/options.js'
import { merkleState, whyNotMerkle } from '../sources/merkle.js'
import type { StateSource } from '../sources/source.js'
import { stateManagerState } from '../sources/stateManager.js'

/** How the blocks of a VM are executed. */
export type VmOptions = Pick<BlockExecutorOptions, 'threads' | 'maxMemory'>

const OPTIONS = record('an object with options for a VM', 'option', {
  threads: optional(integer(1, 63)),
  maxMemory: optional(integer(2 ** 20, 2 ** 32, ' (bytes)')),
} satisfies Record<keyof VmOptions, Shape<unknown>>)

const A_VM = that(
  'a VM of @ethereumjs/vm',
  (value): value is VM => typeof value === 'object' && value !== null && 'stateManager' in value && 'evm' in value,
)

/** What is kept for a VM from block to block. */
interface Session {
  options: VmOptions
  /** Blocks run in the order of the calls. */
  queue: Promise<unknown>
  running?: Running
}

interface Running {
  readonly executor: BlockExecutor
  /** The rules that it was created for. */
  readonly rules: string
  /** Whose state it has, and by which way. */
  stateManager: StateManagerInterface
  direct: boolean
  /** Root of the state that it has. */
  root: Uint8Array | undefined
}

const SESSIONS = new WeakMap<VM, Session>()

function sessionOf(vm: VM): Session {
  let session = SESSIONS.get(vm)
  if (session === undefined) {
    session = { options: {}, queue: Promise.resolve() }
    SESSIONS.set(vm, session)
  }
  return session
}

/**
 * Says how the blocks of a VM are executed, from the next one on. Without it: by as many threads as there are cores, in
 * 2 GiB of address space.
 * @throws InvalidOptionsError
 */
export function configure(vm: VM, options: VmOptions): void {
  const session = sessionOf(check(A_VM, vm, 'vm', invalidOptions))
  session.options = check(OPTIONS, options, 'options', invalidOptions)
  void enqueue(vm, () => end(session))
}

/**
 * Ends the threads that execute the blocks of a VM, after those that were given; a later block starts new ones. They do not
 * keep the process alive; a program that goes on and has no more blocks for this VM should call it.
 */
export async function close(vm: VM): Promise<void> {
  const session = SESSIONS.get(check(A_VM, vm, 'vm', invalidOptions))
  if (session !== undefined) await enqueue(vm, () => end(session))
}

async function end(session: Session): Promise<void> {
  const { running } = session
  delete session.running
  await running?.executor.close()
}

/** Does something for a VM after what was asked before. */
export function enqueue<T>(vm: VM, work: () => Promise<T>): Promise<T> {
  const session = sessionOf(vm)
  const result = session.queue.then(work)
  session.queue = result.catch(() => {})
  return result
}

/** An executor that has the state of the VM's state manager, and how to tell what state it has next. */
export interface Ready {
  executor: BlockExecutor
  /** The root after a block, undefined when what it has is not known. */
  has(root: Uint8Array | undefined): void
}

/**
 * The VM's executor with the state as it is now: what it has read and made is kept where the root says that nobody else has
 * changed it.
 * @param fresh the memory is to be filled anew
 * @throws what BlockExecutor.create and the state manager throw
 */
export async function ready(vm: VM, schedule: boolean, fresh = false): Promise<Ready> {
  const session = sessionOf(vm)
  const { stateManager } = vm
  const direct = whyNotMerkle(stateManager) === undefined
  const root = await stateManager.getStateRoot()
  const rules = rulesKey(vm.common, schedule)
  if (session.running !== undefined && session.running.rules !== rules) await end(session)
  const { running } = session
  if (running === undefined) {
    const executor = await BlockExecutor.create({
      ...session.options,
      common: bare(vm.common),
      hardfork: schedule ? 'schedule' : vm.common.hardfork(),
      fallback: false,
      state: sourceOf(stateManager, direct),
    })
    session.running = { executor, rules, stateManager, direct, root }
  } else {
    const same = running.stateManager === stateManager && running.direct === direct
    if (fresh || !same || running.root === undefined || !sameBytes(running.root, root)) {
      running.root = undefined
      await running.executor.setState(sourceOf(stateManager, direct))
    }
    Object.assign(running, { stateManager, direct, root })
  }
  const now = session.running as Running
  return {
    executor: now.executor,
    has(after) {
      now.root = after
    },
  }
}

function sourceOf(stateManager: StateManagerInterface, direct: boolean): StateSource {
  return direct ? merkleState(stateManager as MerkleStateManager) : stateManagerState(stateManager)
}

/** The core has its own functions, which do the same. */
function bare(common: Common): Common {
  return Object.assign(common.copy(), { customCrypto: {} })
}

function rulesKey(common: Common, schedule: boolean): string {
  return `${schedule ? 'schedule' : common.hardfork()} ${common.chainId()} ${common.eips().join(' ')}`
}
