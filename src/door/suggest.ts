/** The name that was probably meant, by the fewest letters changed; undefined when none is near. */
export function suggestion(given: string, names: readonly string[]): string | undefined {
  let best: string | undefined
  let fewest = Math.max(1, Math.floor(given.length / 3)) + 1
  for (const name of names) {
    const changes = distance(given.toLowerCase(), name.toLowerCase())
    if (changes < fewest) {
      best = name
      fewest = changes
    }
  }
  return best
}

/** Letters to insert, delete, replace or swap with their neighbour (optimal string alignment). */
function distance(a: string, b: string): number {
  let before: number[] = []
  let row = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1]
      let least = Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (same ? 0 : 1))
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) least = Math.min(least, before[j - 2]! + 1)
      next.push(least)
    }
    before = row
    row = next
  }
  return row[b.length]!
}

/** `; did you mean …?`, or nothing. */
export function didYouMean(given: string, names: readonly string[]): string {
  const meant = suggestion(given, names)
  return meant === undefined ? '' : `; did you mean \`${meant}\`?`
}
