// Compiled by tests and benches only; the product's exports are in assembly/index.ts.
export * from './constants'
export { GENERATOR } from './generator'
export { feMul, feMulSub, feSettle, feSqr, feSqrSub } from './field'
export { feFromWord, feInvert } from './element'
export { isInfinity, pointAdd, pointDouble, setInfinity } from './points'
export { p256Verify } from './verify'
export { setStack } from '../mem/stack'
export { takeChunks } from '../mem/chunks'
