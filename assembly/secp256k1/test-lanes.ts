// Compiled by tests of recovery four at once only; the product's exports are in assembly/index.ts.
export {
  mul13,
  mulDifference,
  mulDifferenceSub,
  mulDifferenceSubMul,
  mulDifferenceSubSqr,
  mulPositive,
  setPage,
  sqr13,
  sqrLessTwice,
  sqrPositive,
  sqrScaled,
  sqrSub,
  sqrSubTwice,
  sqrThrice,
} from './field13'
export { laneFromWord, laneToWord } from './lanes'
export { invertAll } from './points13'
export { recoverInLanes } from './batch'
export { ecrecoverBatch } from './recover'
export { generatorWindows } from './windows'
export { giveChunks, takeChunks } from '../mem/chunks'
