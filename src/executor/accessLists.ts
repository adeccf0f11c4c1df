import { accessedBy, sameList } from './accessed.js'
import type { RunContext } from './blockRun.js'
import type { CheckedCall, CheckedCallOptions } from './callShapes.js'
import { runCalls } from './calls.js'
import type { AccessedAccount, AccessListResult, CallResult } from './callTypes.js'

/**
 * Of each call an access list with which it touches nothing beyond the list: it is run again with what it touched until that
 * stays. @throws as runCalls
 */
export async function runAccessLists(
  context: RunContext,
  calls: readonly CheckedCall[],
  options: CheckedCallOptions,
): Promise<AccessListResult[]> {
  const results = new Array<AccessListResult>(calls.length)
  // What is warm anyway is not in the list that a call begins with either.
  let open = calls.map((call, index) => ({ index, call: { ...call, accessList: given(call) } }))
  while (open.length > 0) {
    const round = open
    open = []
    const answers = await runCalls(
      context,
      round.map(({ call }) => call),
      { ...options, accessList: true },
    )
    for (const [place, { index, call }] of round.entries()) {
      const result = answers[place] as CallResult
      const list = result.accessList ?? call.accessList
      if (sameList(list, call.accessList)) results[index] = { ...result, accessList: list }
      else open.push({ index, call: { ...call, accessList: list } })
    }
  }
  return results
}

const NO_FINDINGS = new Uint8Array(4)

function given(call: CheckedCall): AccessedAccount[] {
  return accessedBy(call, { status: 'refused', returnData: NO_FINDINGS, gasUsed: 0n, logs: [] }, NO_FINDINGS)
}
