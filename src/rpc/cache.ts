import { createHash } from 'node:crypto'
import { appendFileSync, existsSync, mkdirSync, readFileSync, truncateSync } from 'node:fs'
import { join } from 'node:path'

/** Characters of a line's check sum. */
const SUM = 16

/**
 * Answers of a node on disk: one file for each chain and block, lines that are only ever added. Each has a check sum, so
 * that whatever a crash, a full disk or another process leaves is not read as an answer; what was cut is cut off.
 */
export class AnswerCache {
  readonly #answers = new Map<string, unknown>()
  readonly #path: string
  #lines: string[] = []

  /** @param name of the file, different for whatever may be answered differently; throws what the file system does */
  constructor(folder: string, name: string) {
    mkdirSync(folder, { recursive: true })
    this.#path = join(folder, `${name}.jsonl`)
    if (!existsSync(this.#path)) return
    const bytes = readFileSync(this.#path)
    for (const line of bytes.toString('utf8').split('\n')) this.#read(line)
    // A line that was cut would spoil the next one.
    const whole = bytes.lastIndexOf('\n') + 1
    if (whole < bytes.length) truncateSync(this.#path, whole)
  }

  #read(line: string): void {
    const text = line.slice(SUM)
    if (line === '' || line.slice(0, SUM) !== sumOf(text)) return
    const [key, answer] = JSON.parse(text) as [string, unknown]
    this.#answers.set(key, answer)
  }

  get(key: string): unknown {
    return this.#answers.get(key)
  }

  /** Lines of the same turn are written together. A disk that is full costs the cache, nothing else. */
  set(key: string, answer: unknown): void {
    if (this.#answers.has(key)) return
    this.#answers.set(key, answer)
    const text = JSON.stringify([key, answer])
    if (this.#lines.push(`${sumOf(text)}${text}\n`) === 1) setImmediate(() => this.#write())
  }

  #write(): void {
    const lines = this.#lines
    this.#lines = []
    try {
      appendFileSync(this.#path, lines.join(''))
    } catch {}
  }
}

function sumOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, SUM)
}
