// The constants of the scheduler, as they are in assembly/stm (a test compares them), and what its steps cost.

export const POLICY = {
  MAX_RUN: 32,
  RUN_SHARE: 8,
  RUN_COST: 256,
  GROW_SPECULATIVE: 16,
  GROW_AT_FRONT: 1,
  SHRINK_SHIFT: 3,
  FIRST_PER_THREAD: 16,
  MOST_PER_THREAD: 256,
  TRY_PER_THREAD: 2,
  FADE_SHIFT: 3,
  PATIENCE: 512,
  DOUBT_OF_TRY: 384,
  SUSPENSION: 16,
  ORDER_PER_WASTE: 8,
  LONGER_SHIFT: 2,
  LONGEST: 2 ** 28,
  USUAL_COST: 128,
  TRANSFER_COST: 20,
  LONG: 256,
  AHEAD: 64,
  OF_CONFLICT: 2,
  MOST_SCORE: 8,
  FAR: 64,
  SINGLE_CLAIMS: 16,
} as const

/** Gas of a unit of cost. */
export const COST_UNIT = 1024

/** Milliseconds, but for what says otherwise. */
export interface Costs {
  /** Of an execution besides what it takes in order: taking it, recording, publishing. */
  task: number
  read: number
  change: number
  /** Of a commit, and of reading a read again. */
  commit: number
  validate: number
  /** A thread that looks for work finds it at once for so long; then it sleeps, and is awake so long after it is woken. */
  spin: number
  wake: number
  /** A thread that waits for a lower transaction looks so often, and at most for so long. */
  look: number
  looks: number
  /** Until a worker that is called has begun; a called one calls two others. */
  call: number
  /** A signature that is recovered by itself, as a multiple of one of a batch. */
  single: number
  /** What the executor's thread does besides, where there are workers: it writes to them, and hears from them; of a row. */
  workers: number
  workersInRow: number
  /** Share of the time for receipts that is divided. */
  receiptsDivided: number
  /** Share of the root's time that is divided, into how many parts at most, and what threads wait for one another in it. */
  rootDivided: number
  rootParts: number
  rootWaits: number
}

/** Of decisions 10 and 11, and read off the stages on two cores. Decision 41 (docs/adr/0041-a-model-of-many-threads.md). */
export const COSTS: Costs = {
  task: 0.0005,
  read: 0.00003,
  change: 0.00012,
  commit: 0.0003,
  validate: 0.00004,
  spin: 0.005,
  wake: 0.03,
  look: 0.001,
  looks: 0.45,
  call: 0.03,
  single: 1.67,
  workers: 0.15,
  workersInRow: 0.05,
  receiptsDivided: 0.7,
  rootDivided: 0.7,
  rootParts: 16,
  rootWaits: 0.04,
}
