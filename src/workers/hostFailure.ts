/** Codes that this side of the border gives to blockFail; those of the core are its status codes, which are lower. */
export const HostFailure = {
  /** A thread's engine threw. */
  WORKER: 100,
  /** The source could not answer. */
  SOURCE: 101,
  /** A worker died. */
  DEATH: 102,
} as const
