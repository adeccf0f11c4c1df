// Decision 17 (docs/adr/0017-results-are-packed.md).

/**
 * Gives `target` properties that are made when they are first read, and are ordinary ones from then on.
 * What makes one must not depend on anything that changes.
 */
export function lazily<T extends object, Lazy extends object>(
  target: T,
  makers: { [K in keyof Lazy]: () => Lazy[K] },
): T & Lazy {
  for (const key of Object.keys(makers) as (keyof Lazy)[]) {
    const become = (value: Lazy[keyof Lazy]): void => {
      Object.defineProperty(target, key, { value, writable: true, enumerable: true, configurable: true })
    }
    const get = (): Lazy[keyof Lazy] => {
      const value = makers[key]()
      become(value)
      return value
    }
    Object.defineProperty(target, key, { get, set: become, enumerable: true, configurable: true })
  }
  return target as T & Lazy
}
