import { EngineError } from '../../errors.ts'
import type { JsonObject } from '../json.ts'

/** Typed look-ups in one object of a `config.json`; `null` counts as absent, as it does for transformers. */
export class ConfigValues {
  readonly object: JsonObject
  readonly #fileName: string

  constructor(object: JsonObject, fileName: string) {
    this.object = object
    this.#fileName = fileName
  }

  number(key: string): number | undefined {
    const value = this.object[key] ?? undefined
    if (value === undefined || typeof value === 'number') return value
    throw this.#malformed(key, 'is not a number')
  }

  required(key: string): number {
    const value = this.number(key)
    if (value === undefined) throw this.#malformed(key, 'is missing')
    return value
  }

  text(key: string): string | undefined {
    const value = this.object[key] ?? undefined
    if (value === undefined || typeof value === 'string') return value
    throw this.#malformed(key, 'is not a string')
  }

  flag(key: string): boolean | undefined {
    const value = this.object[key] ?? undefined
    if (value === undefined || typeof value === 'boolean') return value
    throw this.#malformed(key, 'is neither true nor false')
  }

  unsupported(feature: string): EngineError {
    return new EngineError(
      'format-unsupported',
      `${this.#fileName} asks for ${feature}, which is not supported. Use another model.`,
      { name: this.#fileName, feature },
    )
  }

  #malformed(key: string, problem: string): EngineError {
    return new EngineError(
      'file-malformed',
      `${this.#fileName}: ${JSON.stringify(key)} ${problem}. Use another copy of the model.`,
      { name: this.#fileName, key },
    )
  }
}
