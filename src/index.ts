// The public API of parallevm, and nothing else.

export { InvalidAncestorsError } from './block/ancestors.js'
export { EngineError, InvalidBlockError } from './block/errors.js'
export { type BlockCase, bundledCases, FixtureError, listCases, loadCase } from './blockFiles/index.js'
export type { AddressLike, BytesLike, QuantityLike, RlpLike, WordLike } from './door/bytes.js'
export { InvalidInputError } from './door/errors.js'
export { OutOfSpaceError, ParallevmError } from './errors.js'
export { BlockExecutor } from './executor/blockExecutor.js'
export type * from './executor/builder/types.js'
export type * from './executor/callTypes.js'
export {
  DifferenceError,
  EngineUnavailableError,
  ExecutorClosedError,
  InvalidOptionsError,
  WrongStateError,
} from './executor/errors.js'
export type * from './executor/options.js'
export type * from './executor/simulateTypes.js'
export type * from './executor/traceTypes.js'
export { RpcError, type RpcErrorCode } from './rpc/errors.js'
export { type CustomPrecompile, PrecompileError } from './setup/precompiles.js'
export { type SetupModule, WorkerSetupError } from './setup/setupModule.js'
export { StateChangedError, StateSourceError, StateUnknownError } from './sources/errors.js'
export { InvalidStateError, type MemoryAccount, type Witness } from './sources/inputs.js'
export { memoryState } from './sources/memory.js'
export { merkleState } from './sources/merkle.js'
export type { ReaderSpec, RowReader } from './sources/rows.js'
export { type PinnedBlock, type RpcState, type RpcStateOptions, type RpcWitness, rpcState } from './sources/rpc.js'
export type {
  AttachedTo,
  BaseAccount,
  BaseWriter,
  StagedState,
  StateSource,
  TrieNode,
  TriePlace,
  TriesAfter,
} from './sources/source.js'
export { stateManagerState } from './sources/stateManager.js'
export { type WitnessState, witnessState } from './sources/witness.js'
export { dumpLines, stateOfDump } from './store/dump.js'
export type { EngineBatch, StorageEngine } from './store/engine.js'
export { StoreError } from './store/errors.js'
export type { StateAfter } from './store/firstState.js'
export { type GenesisAccount, type GenesisJson, genesisCommon } from './store/genesis.js'
export { type LmdbStateOptions, lmdbState, type StateStoreOptions, storeState } from './store/lmdbState.js'
export type { Head } from './store/meta.js'
export type { StateStore, StoreOptions } from './store/stateStore.js'
export type * from './types.js'
export { MalformedStateError, MissingStateError } from './wasm/blockCore.js'
export { UnsupportedHostError } from './wasm/instance.js'
export { MalformedNodeError, MissingNodeError } from './wasm/trieErrors.js'
export { WorkerFailedError } from './workers/errors.js'
