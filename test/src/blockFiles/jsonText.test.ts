import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { packageRoot } from '../../../src/blockFiles/index.js'
import { parseJson } from '../../../src/blockFiles/jsonText.js'

const placeOf = (text: string): string => {
  try {
    parseJson(text)
    return 'none'
  } catch (error) {
    assert.instance(error, SyntaxError)
    return (error as Error).message
  }
}

test('the place of a fault is named by line and column', () => {
  for (const [text, place] of [
    ['{"a": [1, 2.5e-3, "\\u00ff\u0085", true, null, {}]}', 'none'],
    ['', 'line 1, column 1: the end'],
    ['not json', 'line 1, column 1: "not json"'],
    ['{\n  "a": 1,\n}', 'line 3, column 1: "}"'],
    ['{\n  "a": 1\n  "b": 2\n}', 'line 3, column 3: "\\"b\\": 2\\n}"'],
    ['[1, 2', 'line 1, column 6: the end'],
    ['{"a": 01}', 'line 1, column 8: "1}"'],
    ['{"a" 1}', 'line 1, column 6: "1}"'],
    ['{a: 1}', 'line 1, column 2: "a: 1}"'],
    ['{} x', 'line 1, column 4: "x"'],
    ['["\\x"]', 'line 1, column 2: "\\"\\\\x\\"]"'],
  ] as const) {
    assert.ok(placeOf(text).startsWith(place), `${JSON.stringify(text)}: ${placeOf(text)}`)
  }
})

test('it is the place that the engine names, where it names one', () => {
  const text = readFileSync(join(packageRoot(), 'test/data/blocks/basics.json'), 'utf8').slice(0, 3000)
  let compared = 0
  for (let at = 0; at < text.length; at += 7) {
    for (const other of [
      text.slice(0, at),
      `${text.slice(0, at)}}${text.slice(at)}`,
      text.slice(0, at) + text.slice(at + 1),
    ]) {
      let position: string | undefined
      try {
        JSON.parse(other)
        continue
      } catch (error) {
        position = /at position (\d+)/.exec((error as Error).message)?.[1]
      }
      const [, line, column] = /^line (\d+), column (\d+)/.exec(placeOf(other))!
      // Where the engine names a place inside a string, the string begins at ours.
      const lines = other.split('\n')
      const own = lines.slice(0, Number(line) - 1).reduce((sum, each) => sum + each.length + 1, 0) + Number(column) - 1
      if (position === undefined) continue
      compared++
      assert.ok(
        own === Number(position) || (own < Number(position) && other[own] === '"'),
        `${at}: ${own}, not ${position}`,
      )
    }
  }
  assert.ok(compared > 100, String(compared))
})

test.run()
