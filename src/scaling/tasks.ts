// The transactions of a block that is executed, each with its status, and who waits for whom.
import { COST_UNIT } from './policy.js'
import type { TracedTransaction } from './trace.js'
import { type Value, Versions } from './versions.js'

export type Status = 'ready' | 'executing' | 'executed' | 'suspended' | 'committed'

export class Task {
  readonly traced: TracedTransaction
  /** In units of 1,024 gas. */
  readonly cost: number
  status: Status = 'ready'
  incarnation = 0
  aborts = 0
  /** All lower ones were committed when it began; or while it ran, what it had read being what they left. */
  front: 'began' | 'reached' | undefined
  /** What its last execution has read, one a read. */
  seen: readonly Value[] = []
  /** Those that wait for it. */
  dependents: number[] = []

  constructor(traced: TracedTransaction) {
    this.traced = traced
    this.cost = Math.floor(traced.gas / COST_UNIT)
  }
}

export class Tasks {
  readonly all: readonly Task[]
  readonly versions: Versions
  /** All below are committed. */
  front = 0
  /** The lowest that may be ready; the next to be validated, Infinity: none. */
  execution = 0
  validation = Number.POSITIVE_INFINITY

  constructor(traced: readonly TracedTransaction[]) {
    this.all = traced.map((each) => new Task(each))
    this.versions = new Versions(traced)
  }

  /** Whether what its last execution has read is there still. */
  holds(index: number, seen: readonly Value[] = this.all[index]!.seen): boolean {
    return this.versions.holds(this.all[index]!.traced.reads, seen, index)
  }

  /** It will be executed again: who reads what it wrote waits. */
  abort(index: number, status: 'ready' | 'executing'): void {
    const task = this.all[index]!
    if (!this.versions.learned) task.aborts++
    task.incarnation++
    for (const location of task.traced.changes) this.versions.estimate(location, index)
    task.status = status
    if (status === 'ready') this.execution = Math.min(this.execution, index)
  }

  /** Makes known what an execution has written. True: other values than the one before. */
  publish(index: number, seen: readonly Value[]): boolean {
    const task = this.all[index]!
    const value = this.versions.made(index, seen)
    let changed = false
    for (const location of task.traced.changes) changed = this.versions.write(location, index, value) || changed
    task.seen = seen
    task.status = 'executed'
    return changed
  }

  /** Its execution has met an estimate of the transaction `on`. */
  suspend(index: number, on: number): void {
    this.all[index]!.status = 'suspended'
    this.all[on]!.dependents.push(index)
  }

  /** Those that wait for it may run again. True: there were such. */
  resumeDependents(index: number): boolean {
    const task = this.all[index]!
    const { dependents } = task
    task.dependents = []
    for (const dependent of dependents) {
      const waiting = this.all[dependent]!
      waiting.status = 'ready'
      waiting.incarnation++
      this.execution = Math.min(this.execution, dependent)
    }
    return dependents.length > 0
  }
}
