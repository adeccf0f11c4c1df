// The scheduler of the core (assembly/stm/scheduler.ts, txn.ts, queue.ts) as a model in time: the same policy, step by step, over a block
// whose transactions are known. Decision 41 (docs/adr/0041-a-model-of-many-threads.md).
import type { Clock, ThreadSteps } from './clock.js'
import { type Costs, POLICY } from './policy.js'
import type { Task, Tasks } from './tasks.js'
import type { Value } from './versions.js'
import type { Window } from './window.js'

/** What threads do besides transactions, in milliseconds; undefined where there is nothing to do. */
export interface OtherWork {
  /** Before they look for a transaction, where the next one has this index. */
  due(thread: number, execution: number): number | undefined
  /** Instead of waiting. */
  meanwhile(thread: number, front: number): number | undefined
  /** What a transaction takes besides, because something of it is not ready. */
  missing(index: number): number
}

/** Of one thread. */
class Thread {
  /** The rest of the transactions that it has taken together. */
  next = 0
  end = 0
  /** It is to look at the front before it goes on with these. */
  hurry = false
  /** Claims of one transaction that are left. */
  single = 0
  lately: number = POLICY.USUAL_COST
  /** The transaction at the front that it has given up. */
  again: number | undefined
  /** Since when it waits. */
  waiting: number | undefined
}

export class Scheduler {
  executions = 0
  readonly #threads: readonly Thread[]
  #locked = false

  constructor(
    private readonly clock: Clock,
    private readonly tasks: Tasks,
    private readonly window: Window,
    private readonly costs: Costs,
    private readonly work: OtherWork,
    threads: number,
  ) {
    this.#threads = Array.from({ length: threads }, () => new Thread())
  }

  /** A thread's part in the block, from its beginning until all is committed. */
  *run(id: number): ThreadSteps {
    const thread = this.#threads[id]!
    const { tasks, work } = this
    for (;;) {
      const due = work.due(id, tasks.execution)
      if (due !== undefined) {
        yield due
        continue
      }
      const index = yield* this.#find(thread)
      if (index === 'done') return
      if (index !== undefined) {
        this.#offer()
        yield* this.#execute(index, thread)
        continue
      }
      const other = work.meanwhile(id, tasks.front)
      if (other !== undefined) {
        yield other
        continue
      }
      thread.waiting = this.clock.now
      yield 'sleep'
      thread.waiting = undefined
    }
  }

  get #limit(): number {
    const { front, all } = this.tasks
    const limit = front + this.window.size
    // The last one is the block's own work.
    return limit < all.length ? limit : front + 1 < all.length ? all.length - 1 : all.length
  }

  *#find(thread: Thread): Generator<number, number | 'done' | undefined, void> {
    const { tasks } = this
    for (;;) {
      if (thread.again !== undefined) {
        const index = thread.again
        thread.again = undefined
        if (!tasks.versions.learned) this.window.givenUp(tasks.all[index]!.cost)
        return index
      }
      const rest = this.#rest(thread)
      if (rest !== undefined) return rest
      const again = yield* this.#commit()
      if (again !== undefined) return again
      if (tasks.validation < tasks.execution) {
        yield* this.#validate(tasks.validation++)
        continue
      }
      return this.#claim(thread)
    }
  }

  #rest(thread: Thread): number | undefined {
    while (thread.next < thread.end) {
      if (thread.hurry || thread.next >= this.#limit) {
        thread.end = 0
        this.tasks.execution = Math.min(this.tasks.execution, thread.next)
        break
      }
      const task = this.tasks.all[thread.next++]!
      if (task.status !== 'ready') continue
      task.status = 'executing'
      return thread.next - 1
    }
    thread.hurry = false
    return undefined
  }

  #claim(thread: Thread): number | undefined {
    const { tasks, window } = this
    for (;;) {
      const index = tasks.execution
      const limit = this.#limit
      if (index >= limit) return undefined
      const left = Math.min(window.size, tasks.all.length - index)
      const share = Math.floor(left / (POLICY.RUN_SHARE * this.#threads.length))
      const most =
        thread.single-- > 0 ? 1 : Math.min(share, POLICY.MAX_RUN, Math.floor(POLICY.RUN_COST / (thread.lately + 1)))
      thread.next = index
      thread.end = index + Math.min(limit - index, Math.max(1, most))
      tasks.execution = thread.end
      const first = this.#rest(thread)
      if (first !== undefined) return first
    }
  }

  /** Commits what can be; a transaction that this thread is to run again at once. */
  *#commit(): Generator<number, number | 'done' | undefined, void> {
    const { all } = this.tasks
    for (;;) {
      if (this.tasks.front === all.length) return 'done'
      if (this.#locked || all[this.tasks.front]!.status !== 'executed') return undefined
      this.#locked = true
      const again = yield* this.#commitLocked()
      this.#locked = false
      if (again !== undefined) return again
    }
  }

  *#commitLocked(): Generator<number, number | 'done' | undefined, void> {
    const { tasks, costs, window } = this
    for (;;) {
      const { front, all } = tasks
      const task = all[front]!
      if (task.status !== 'executed') return undefined
      const { incarnation } = task
      yield costs.commit + (task.front === undefined ? task.seen.length * costs.validate : 0)
      if (task.status !== 'executed' || task.incarnation !== incarnation) continue
      if (task.front === undefined && !tasks.holds(front)) {
        tasks.abort(front, 'executing')
        return front
      }
      task.status = 'committed'
      window.judge({ cost: task.cost, incarnation, aborts: task.aborts, beganAtFront: task.front === 'began' })
      tasks.front++
      if (tasks.front === all.length) {
        this.#wakeAll()
        return 'done'
      }
    }
  }

  *#validate(index: number): Generator<number, void, void> {
    const { tasks, costs } = this
    const task = tasks.all[index]!
    const { incarnation } = task
    if (task.status !== 'executed') return
    yield task.seen.length * costs.validate
    if (task.status !== 'executed' || task.incarnation !== incarnation || tasks.holds(index)) return
    tasks.abort(index, 'ready')
  }

  *#execute(index: number, thread: Thread): Generator<number, void, void> {
    const { tasks, costs, window } = this
    const task = tasks.all[index]!
    const { ms, reads, changes } = task.traced
    this.executions++
    task.front = tasks.front === index ? 'began' : undefined
    let recording = task.front === undefined
    const seen: Value[] = []
    /** A look at the front, as txTurn of the core: what was read must hold when its turn has come. */
    const goesOn = (): boolean => {
      if (!recording || (tasks.front !== index && !window.inOrder)) return true
      recording = false
      if (tasks.front !== index || !tasks.holds(index, seen)) return false
      task.front = 'reached'
      return true
    }
    const ahead = this.work.missing(index)
    if (ahead > 0) yield ahead
    let done = 0
    for (const { location, at } of reads) {
      const until = at * ms + (seen.length + 1) * costs.read
      if (until > done) {
        yield until - done
        done = until
      }
      if (!goesOn()) return this.#giveUp(index, task, thread)
      if (recording && tasks.versions.isCrowded(location)) {
        thread.single = POLICY.SINGLE_CLAIMS
        yield* this.#awaitLower(location, index)
        if (!goesOn()) return this.#giveUp(index, task, thread)
      }
      const found = tasks.versions.read(location, index)
      if ('waitFor' in found) {
        tasks.suspend(index, found.waitFor)
        const { status } = tasks.all[found.waitFor]!
        if ((status === 'executed' || status === 'committed') && tasks.resumeDependents(found.waitFor))
          thread.hurry = true
        return this.#offer()
      }
      seen.push(found.value)
    }
    yield Math.max(0, ms - done) + costs.task + changes.length * costs.change
    const changed = tasks.publish(index, seen)
    thread.lately = (3 * thread.lately + task.cost - Math.min(task.cost, POLICY.TRANSFER_COST)) >> 2
    if (task.cost > POLICY.LONG) thread.hurry = true
    if (tasks.resumeDependents(index)) thread.hurry = true
    if (recording) tasks.validation = Math.min(tasks.validation, index)
    else if (changed && tasks.execution > index + 1) tasks.validation = Math.min(tasks.validation, index + 1)
    this.#offer()
  }

  *#awaitLower(location: number, index: number): Generator<number, void, void> {
    const { tasks, costs, window } = this
    const lowest = Math.max(tasks.front, index - POLICY.FAR)
    let waited = index
    let ms = 0
    for (let lower = index - 1; lower >= lowest && ms < costs.looks; lower--) {
      if (!tasks.versions.mayChange(location, lower)) continue
      while (tasks.all[lower]!.status === 'executing' && ms < costs.looks) {
        waited = lower
        if (tasks.front === index || window.inOrder) return
        ms += costs.look
        yield costs.look
      }
    }
    if (waited < index) tasks.versions.waited(location, index, waited)
  }

  #giveUp(index: number, task: Task, thread: Thread): void {
    const { tasks } = this
    task.incarnation++
    if (tasks.front === index) thread.again = index
    else {
      task.status = 'ready'
      tasks.execution = Math.min(tasks.execution, index)
    }
    this.#offer()
  }

  /** Where there is a transaction to execute: one that sleeps is woken, those that still look for work see it. */
  #offer(): void {
    if (this.tasks.execution >= this.#limit) return
    let woken = false
    for (const [id, { waiting }] of this.#threads.entries()) {
      if (waiting === undefined) continue
      const looks = this.clock.now - waiting < this.costs.spin
      if (!looks && woken) continue
      this.clock.wake(id, looks ? 0 : this.costs.wake)
      woken ||= !looks
    }
  }

  #wakeAll(): void {
    for (const [id, { waiting }] of this.#threads.entries()) {
      if (waiting !== undefined) this.clock.wake(id, this.clock.now - waiting < this.costs.spin ? 0 : this.costs.wake)
    }
  }
}
