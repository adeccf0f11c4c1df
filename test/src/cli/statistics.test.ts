import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { geometricMean, median, sum } from '../../../src/cli/statistics.js'

test('the median sorts by value, not by text, and leaves its input alone', () => {
  const values = [100, 9, 20]
  assert.is(median(values), 20)
  assert.equal(values, [100, 9, 20])
})

test('the median of an even number of values is the mean of the middle two', () => {
  assert.is(median([4, 1, 3, 2]), 2.5)
  assert.is(median([7]), 7)
})

test('an outlier does not move the median', () => {
  assert.is(median([1, 2, 3, 4, 1e9]), 3)
})

test('the geometric mean of a ratio and its inverse is one', () => {
  assert.ok(Math.abs(geometricMean([8, 1 / 8]) - 1) < 1e-12)
  assert.ok(Math.abs(geometricMean([1, 2, 4]) - 2) < 1e-12)
})

test('no values, or a ratio that is none, give NaN rather than a number that looks right', () => {
  assert.ok(Number.isNaN(median([])))
  assert.ok(Number.isNaN(geometricMean([])))
  assert.ok(Number.isNaN(geometricMean([1, 0])))
  assert.ok(Number.isNaN(geometricMean([1, Number.NaN])))
})

test('sum', () => {
  assert.is(sum([]), 0)
  assert.is(sum([1, 2, 3.5]), 6.5)
})

test.run()
