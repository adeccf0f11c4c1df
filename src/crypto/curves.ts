// Which library computes on BLS12-381 for the engine `ethereumjs`: mcl in WebAssembly once `loadCurves` has loaded it in
// this thread, noble before that and when it cannot be loaded. Both give the same results. The core has its own.
import { type EVMBLSInterface, NobleBLS } from '@ethereumjs/evm'
import { blsAddG1, blsAddG2 } from './curveAddition.js'
import { MclBls } from './mcl/bls.js'
import { InvalidElement } from './mcl/curve.js'
import { pointEvaluationSetup, verifyPointEvaluation } from './pointEvaluation.js'

/** Operations on inputs as the precompiled contracts take them; all throw on invalid elements and points. */
export interface Curves {
  readonly library: 'mcl' | 'noble'
  readonly bls: EVMBLSInterface
  /** See ./pointEvaluation.ts. */
  verifyPointEvaluation(commitment: Uint8Array, z: Uint8Array, y: Uint8Array, proof: Uint8Array): boolean
}

const bls = new NobleBLS()

export const nobleCurves: Curves = {
  library: 'noble',
  bls: {
    addG1: blsAddG1,
    addG2: blsAddG2,
    msmG1: (x) => bls.msmG1(x),
    msmG2: (x) => bls.msmG2(x),
    pairingCheck: (x) => bls.pairingCheck(x),
    mapFPtoG1: (x) => bls.mapFPtoG1(x),
    mapFP2toG2: (x) => bls.mapFP2toG2(x),
  },
  verifyPointEvaluation,
}

let active: Curves = nobleCurves
let failure: Error | undefined
let loading: Promise<void> | undefined

/** What computes in this thread now. */
export function activeCurves(): Curves {
  return active
}

/** The library in use in this thread, and why it is not mcl if mcl failed to load or failed since. */
export function curvesLibrary(): { library: Curves['library']; failure?: Error } {
  return failure === undefined ? { library: active.library } : { library: 'noble', failure }
}

/**
 * Loads mcl in this thread, once. It never rejects: when mcl cannot be used the curves stay on noble, which
 * `curvesLibrary` and a warning of the process (PARALLEVM_SLOW_CURVES) tell.
 */
export function loadCurves(): Promise<void> {
  loading ??= loadMcl().then((curves) => {
    active = curves
  }, giveUp)
  return loading
}

/** From here on noble computes. Seen in a worker, the warning comes out of the process all the same. */
function giveUp(cause: unknown): void {
  failure = cause instanceof Error ? cause : new Error(String(cause))
  process.emitWarning(`the engine ethereumjs is slower on BLS12-381, for mcl-wasm cannot be used: ${failure.message}`, {
    code: 'PARALLEVM_SLOW_CURVES',
  })
}

async function loadMcl(): Promise<Curves> {
  const fastBls = await MclBls.create()
  const setup = pointEvaluationSetup()
  return {
    library: 'mcl',
    bls: {
      addG1: guarded((x) => fastBls.addG1(x), nobleCurves.bls.addG1),
      addG2: guarded((x) => fastBls.addG2(x), nobleCurves.bls.addG2),
      msmG1: guarded((x) => fastBls.msmG1(x), nobleCurves.bls.msmG1),
      msmG2: guarded((x) => fastBls.msmG2(x), nobleCurves.bls.msmG2),
      pairingCheck: guarded((x) => fastBls.pairingCheck(x), nobleCurves.bls.pairingCheck),
      mapFPtoG1: guarded((x) => fastBls.mapFPtoG1(x), nobleCurves.bls.mapFPtoG1),
      mapFP2toG2: guarded((x) => fastBls.mapFP2toG2(x), nobleCurves.bls.mapFP2toG2),
    },
    verifyPointEvaluation: guarded(
      (commitment, z, y, proof) => fastBls.verifyPointEvaluation(setup, commitment, z, y, proof),
      nobleCurves.verifyPointEvaluation,
    ),
  }
}

/**
 * An error other than that of an invalid input (no memory, a trap) must not look like a failed call, and a trap leaves the
 * instance in no known state: noble computes this operation then, and everything after it.
 */
function guarded<A extends unknown[], R>(fast: (...args: A) => R, slow: (...args: A) => R): (...args: A) => R {
  return (...args) => {
    if (failure !== undefined) return slow(...args)
    try {
      return fast(...args)
    } catch (error) {
      if (error instanceof InvalidElement) throw error
      giveUp(error)
      return slow(...args)
    }
  }
}
