import type { BlockCore } from './blockCore.js'
export class StateRoot {
  constructor(_b: BlockCore) {}
  prepare(): void {}
  work(): void {}
  result(): Uint8Array {
    return new Uint8Array(32)
  }
}
