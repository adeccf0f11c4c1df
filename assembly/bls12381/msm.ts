import { drop, take } from '../mem/stack'
import { BUCKET_MULTIPLES, sumOfMany } from './buckets'
import { inGroup } from './group'
import { INVALID, POINT, pointBytes, readPoint } from './input'
import { pointAdd, POINT_SIZE, setInfinity } from './points'
import { STRAUS_MULTIPLES, sumOfFew } from './straus'
import { dropTerms, setTerm, takeTerms, termsThatFit } from './terms'

// Sums of multiples of points, as the contracts take them. Terms are summed as many at a time as there is memory for.

const SCALAR: usize = 32
/** From so many on buckets cost less. */
const MANY: usize = 32

/**
 * out = the sum of the multiples at `input`, a point and its scalar (32 bytes) each, up to `end`; false when a point
 * is none of its group.
 */
export function sumOfMultiples(input: usize, end: usize, out: usize): bool {
  const acc = take(POINT_SIZE)
  const size = pointBytes() + SCALAR
  setInfinity(out)
  let valid = true
  while (valid && input < end) {
    const many = (end - input) / size >= MANY
    takeTerms(many ? BUCKET_MULTIPLES : STRAUS_MULTIPLES)
    let count: usize = 0
    for (; valid && input < end && count < termsThatFit(); input += size) {
      const kind = readTerm(input, count)
      valid = kind != INVALID
      if (kind == POINT) count++
    }
    if (valid && count != 0) {
      if (many) sumOfMany(count, acc)
      else sumOfFew(count, acc)
      pointAdd(out, acc, false)
    }
    dropTerms()
  }
  drop(POINT_SIZE)
  return valid
}

/** Reads a point and its scalar, and makes its tables. */
function readTerm(input: usize, index: usize): i32 {
  const point = take(2 * POINT_SIZE)
  const multiple = point + POINT_SIZE
  let kind = readPoint(input, point)
  if (kind == POINT) {
    if (inGroup(point, multiple)) setTerm(index, point, multiple, input + pointBytes())
    else kind = INVALID
  }
  drop(2 * POINT_SIZE)
  return kind
}
