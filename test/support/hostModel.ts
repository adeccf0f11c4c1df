// The host of the model (schedulerModel.ts) over an asynchronous source: it makes known what parked transactions ask for, and
// resumes them, under the names of sourceReads.ts and scheduler.ts. It may come late, with an answer to a question that nobody
// has any more.
import { goto, type Model, restart, wake } from './modelSteps.js'

export const HOST_STEPS = {
  hostWaits(_c, s, t, _i, choose) {
    const late = s.late > 0 ? s.txs.map((_, index) => s.asked.length + index) : []
    const [choice] = choose([...s.asked.keys(), ...late]) as [number]
    t.afterLower = 'wakeByHost'
    if (choice >= s.asked.length) {
      s.late--
      t.blocker = choice - s.asked.length
      return goto(t, 'resumeMissing')
    }
    const { index, locations } = s.asked[choice]!
    s.asked = s.asked.filter((_, i) => i !== choice)
    t.blocker = index
    t.asks = locations
    goto(t, 'answer')
  },
  answer(_c, s, t) {
    const [location, ...rest] = t.asks as [number, ...number[]]
    s.known[location] = true
    t.asks = rest
    if (rest.length === 0) goto(t, 'resumeMissing')
  },
  wakeByHost(_c, s, _t, i, choose) {
    if (s.waiters > 0) wake(s, choose)
    restart(s, i, 'hostWaits')
  },
} satisfies Model
