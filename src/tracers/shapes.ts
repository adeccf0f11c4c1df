// What tracers take and give, as go-ethereum's do. Shapes only.

/** Options of `callTracer`. */
export interface CallTracerConfig {
  /** Only the transaction's first frame. */
  onlyTopCall?: boolean | undefined
  /** Logs as well, each with its frame. */
  withLog?: boolean | undefined
}

/** A log of a frame, as the tracer tells it. */
export interface CallTraceLog {
  /** 20 bytes. */
  address: string
  /** 32 bytes each. */
  topics: string[]
  /** Bytes. */
  data: string
  /** Among the logs of the transaction. */
  index: string
  /** How many calls of its frame were made before it. */
  position: string
}

/** A frame as go-ethereum's callTracer gives it: numbers and bytes in hexadecimal, what is empty left out. */
export interface CallTrace {
  /** 20 bytes. */
  from: string
  /** Of the transaction's first frame the transaction's own. */
  gas: string
  /** Gas, those of the frames below it included; of the first frame that of the receipt. */
  gasUsed: string
  /** 20 bytes; of a creation the new contract. */
  to?: string
  /** Calldata, or init code. */
  input: string
  /** Return data, or the code that was deployed. */
  output?: string
  /** Why the frame failed, in go-ethereum's words. */
  error?: string
  /** What `Error(string)` says. */
  revertReason?: string
  /** Frames below it, in order. */
  calls?: CallTrace[]
  /** With `withLog`. */
  logs?: CallTraceLog[]
  /** wei; STATICCALL has none. */
  value?: string
  /** The opcode that opened the frame. */
  type: string
}

/** Options of `flatCallTracer`. */
export interface FlatCallTracerConfig {
  /** Errors in the words of Parity. */
  convertParityErrors?: boolean | undefined
  /** Calls of precompiled contracts as well. */
  includePrecompiles?: boolean | undefined
}

/** A frame as go-ethereum's flatCallTracer gives it (trace_transaction of Parity). */
export interface FlatCallTrace {
  /** What was asked for. */
  action: {
    /** SELFDESTRUCT: the contract, 20 bytes. */
    address?: string
    /** SELFDESTRUCT: wei that it had. */
    balance?: string
    /** call, callcode, delegatecall or staticcall. */
    callType?: string
    /** create or create2. */
    creationMethod?: string
    /** 20 bytes. */
    from?: string
    /** Gas given to the frame. */
    gas?: string
    /** Init code. */
    init?: string
    /** Calldata. */
    input?: string
    /** SELFDESTRUCT: who gets the wei, 20 bytes. */
    refundAddress?: string
    /** 20 bytes. */
    to?: string
    /** wei. */
    value?: string
  }
  /** 32 bytes. */
  blockHash: string
  /** Number of the block. */
  blockNumber: number
  /** Why it failed. */
  error?: string
  /** What came of it; absent when it failed. */
  result?: {
    /** The contract that was created, 20 bytes. */
    address?: string
    /** Its code. */
    code?: string
    /** Gas. */
    gasUsed?: string
    /** Return data. */
    output?: string
  }
  /** Frames directly below it. */
  subtraces: number
  /** Position among the frames of each level, from the first frame on. */
  traceAddress: number[]
  /** 32 bytes. */
  transactionHash: string
  /** Index in the block. */
  transactionPosition: number
  /** call, create or suicide. */
  type: string
}

/** Options of `prestateTracer`. */
export interface PrestateTracerConfig {
  /** What changed, before and after, rather than all that was looked at. */
  diffMode?: boolean | undefined
  /** Leave codes out. */
  disableCode?: boolean | undefined
  /** Leave slots out. */
  disableStorage?: boolean | undefined
  /** Accounts that do not exist as well; not with `diffMode`. */
  includeEmpty?: boolean | undefined
}

/** An account as go-ethereum's prestateTracer gives it; what is empty, or after the transaction unchanged, is left out. */
export interface PrestateAccount {
  /** wei. */
  balance?: string
  /** Left out where there is none. */
  code?: string
  /** keccak-256 of the code, 32 bytes. */
  codeHash?: string
  /** Left out for 0. */
  nonce?: number
  /** Keys and values, 32 bytes each. */
  storage?: Record<string, string>
}

/** Accounts by address, as they were before the transaction. */
export type PrestateTrace = Record<string, PrestateAccount>

/** What a transaction changed: with `diffMode`. */
export interface PrestateDiff {
  /** What is different after the transaction. */
  post: PrestateTrace
  /** The accounts that changed, before it. */
  pre: PrestateTrace
}

/** Numbers of calls by selector and length of the arguments: `0x27dc297e-128`. */
export type FourByteTrace = Record<string, number>

/** As the options of debug_traceTransaction. */
export interface StructLoggerConfig {
  /** The memory before each step. */
  enableMemory?: boolean | undefined
  /** Leave the stack out. */
  disableStack?: boolean | undefined
  /** Leave slots out. */
  disableStorage?: boolean | undefined
  /** The return data of the last call. */
  enableReturnData?: boolean | undefined
}

/** A step as debug_traceTransaction gives it. */
export interface StructLog {
  /** Program counter. */
  pc: number
  /** The opcode's name. */
  op: string
  /** Gas left before it. */
  gas: number
  /** Gas. */
  gasCost: number
  /** 1 in the first frame. */
  depth: number
  /** Why it failed. */
  error?: string
  /** The top last, 0x hex. */
  stack?: string[]
  /** Bytes. */
  returnData?: string
  /** 32 bytes each. */
  memory?: string[]
  /** Slots of the contract that the transaction has used so far; only of SLOAD and SSTORE. */
  storage?: Record<string, string>
  /** Refund counter before it, gas. */
  refund?: number
}

/** The steps of a transaction, as debug_traceTransaction has them. */
export interface StructLogs {
  /** Of the receipt. */
  gas: number
  /** The transaction did not succeed. */
  failed: boolean
  /** Return data of the first frame. */
  returnValue: string
  /** Step by step. */
  structLogs: StructLog[]
}

/** As the options of `evm t8n --trace`. */
export interface Eip3155Config {
  /** The memory before each step. */
  enableMemory?: boolean | undefined
  /** Leave the stack out. */
  disableStack?: boolean | undefined
  /** The return data of the last call. */
  enableReturnData?: boolean | undefined
}

/** Numbers of runs by the opcode's name, as of `evm t8n --opcode.count`. */
export type OpcodeCounts = Record<string, number>

/** By the opcode's name: how often it ran, and the gas that it took of its frame, a callee's not included. */
export type OpcodeGas = Record<
  string,
  {
    /** How often. */
    count: number
    /** Gas. */
    gas: number
  }
>

/** What each tracer is configured with. */
export interface TracerConfigs {
  /** Which frames, and logs. */
  callTracer: CallTracerConfig
  /** Words of errors, precompiled contracts. */
  flatCallTracer: FlatCallTracerConfig
  /** Before only, or before and after. */
  prestateTracer: PrestateTracerConfig
  /** None. */
  '4byteTracer': Record<string, never>
  /** What of a step is told. */
  structLogger: StructLoggerConfig
  /** What of a step is told. */
  eip3155: Eip3155Config
  /** None. */
  opcodeCount: Record<string, never>
  /** None. */
  opcodeGas: Record<string, never>
}

/** What each tracer makes of a transaction. */
export interface TracerResults {
  /** The frames, the first one holding the others. */
  callTracer: CallTrace
  /** The frames one after another, as trace_transaction has them. */
  flatCallTracer: FlatCallTrace[]
  /** Accounts that the transaction looked at, or changed. */
  prestateTracer: PrestateTrace | PrestateDiff
  /** How often each selector was called with calldata of each length. */
  '4byteTracer': FourByteTrace
  /** Step by step. */
  structLogger: StructLogs
  /** Lines of JSON, one text. */
  eip3155: string
  /** How often each opcode ran. */
  opcodeCount: OpcodeCounts
  /** How often each opcode ran, and its gas. */
  opcodeGas: OpcodeGas
}

/** As go-ethereum names them; `eip3155` is its `--trace`. */
export type TracerName = keyof TracerConfigs
