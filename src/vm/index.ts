// parallevm/vm: runBlock of @ethereumjs/vm, executed by parallevm.
export { runBlock } from './runBlock.js'
export { close, configure, type VmOptions } from './sessions.js'
export type { Ran, RunBlockResult } from './types.js'
