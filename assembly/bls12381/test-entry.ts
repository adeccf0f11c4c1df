// Compiled by tests and benches only; the product's exports are in assembly/index.ts.
export * from './constants'
export { bls12381 } from './precompile'
export * from './element'
export * from './fp2'
export { takeChunks } from '../mem/chunks'
export { setStack } from '../mem/stack'
export { wideMul, wideSqr, reduce } from './field'
