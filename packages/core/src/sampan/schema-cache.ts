import { anyJsonObject, compileJsonSchema, type JsonGrammar } from '@sampan/text'
import type { AnswerFormat } from '../backend.ts'

/** As many schemas as an app has forms and tools. */
const MOST_SCHEMAS = 32

/** Schemas are compiled once: apps ask with the same ones again and again. */
export class SchemaCache {
  readonly #grammars = new Map<string, JsonGrammar>()
  #anyObject: JsonGrammar | undefined

  /** @throws TextError `schema-unsupported`, `schema-invalid`, `schema-limit-exceeded` */
  grammar(format: AnswerFormat): JsonGrammar {
    if (format.type === 'json-object') {
      this.#anyObject ??= anyJsonObject()
      return this.#anyObject
    }
    const key = JSON.stringify(format.schema)
    const grammar = this.#grammars.get(key) ?? compileJsonSchema(format.schema)
    // The one used last stands last.
    this.#grammars.delete(key)
    this.#grammars.set(key, grammar)
    const [oldest] = this.#grammars.keys()
    if (this.#grammars.size > MOST_SCHEMAS && oldest !== undefined) this.#grammars.delete(oldest)
    return grammar
  }
}
