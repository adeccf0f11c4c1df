// Decision 17 (docs/adr/0017-results-are-packed.md).

/**
 * Gives `target` a property that is made when it is first read, and is an ordinary one from then on.
 * `make` must not depend on anything that changes.
 */
export function lazily<T extends object, K extends keyof T>(target: Omit<T, K>, key: K, make: () => T[K]): void {
  const become = (value: T[K]): void => {
    Object.defineProperty(target, key, { value, writable: true, enumerable: true, configurable: true })
  }
  Object.defineProperty(target, key, {
    get: (): T[K] => {
      const value = make()
      become(value)
      return value
    },
    set: become,
    enumerable: true,
    configurable: true,
  })
}
