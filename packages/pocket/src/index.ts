export { type PocketFacts, pocketFacts } from './facts.ts'

/** Address of the weights, an asset of this package: nothing is fetched until `load(pocket)` or `load('pocket')`. */
export const pocket: URL = new URL('../pocket.gguf', import.meta.url)

// A global mark instead of an import in either direction: core stays without these weights, and this package without code.
Reflect.set(globalThis, Symbol.for('sampan.pocket'), pocket)
