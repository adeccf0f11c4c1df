/** One opcode as it was about to run, and what became of it. */
export interface TraceStep {
  /** Program counter. */
  pc: number
  /** The opcode. */
  op: number
  /** Gas left before it. */
  gas: bigint
  /**
   * Gas it took from its frame. Of a call this includes what it gave to the callee (without the stipend); of a creation it
   * does not. Of an opcode that failed: what had been charged when it failed, which may be less than its full cost.
   */
  gasCost: bigint
  /** Bytes of memory before it. */
  memSize: number
  /** Before it, the top last. */
  stack: bigint[]
  /** 1 in the transaction's first frame. */
  depth: number
  /** Return data of the last call before it. */
  returnData: Uint8Array
  /** Refund counter before it, gas. */
  refund: bigint
  /** A status of `Halt` (assembly/abi/halts.ts), when the opcode ended its frame with other than STOP, RETURN or SELFDESTRUCT. */
  error: number | undefined
}
