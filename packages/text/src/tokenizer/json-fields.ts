import { TextError } from '../errors.ts'

/** Typed reading of hostile JSON: every accessor throws TextError `tokenizer-malformed` naming the field. */
export class JsonFields {
  readonly #value: object
  readonly #path: string

  constructor(value: unknown, path: string) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) throw malformed(path, 'an object')
    this.#value = value
    this.#path = path
  }

  /** The field's value; `undefined` where it is absent or null. */
  get(name: string): unknown {
    return Object.getOwnPropertyDescriptor(this.#value, name)?.value ?? undefined
  }

  has(name: string): boolean {
    return this.get(name) !== undefined
  }

  /** Names with values, in the file's order. */
  entries(): readonly (readonly [string, unknown])[] {
    return Object.entries(this.#value)
  }

  object(name: string): JsonFields {
    return new JsonFields(this.get(name), this.path(name))
  }

  optionalObject(name: string): JsonFields | undefined {
    return this.has(name) ? this.object(name) : undefined
  }

  list(name: string): readonly unknown[] {
    const value = this.get(name)
    if (!Array.isArray(value)) throw malformed(this.path(name), 'a list')
    return value
  }

  objects(name: string): readonly JsonFields[] {
    return this.list(name).map((item, index) => new JsonFields(item, `${this.path(name)}[${index}]`))
  }

  text(name: string): string {
    const value = this.get(name)
    if (typeof value !== 'string') throw malformed(this.path(name), 'text')
    return value
  }

  optionalText(name: string): string | undefined {
    return this.has(name) ? this.text(name) : undefined
  }

  flag(name: string, fallback: boolean): boolean {
    const value = this.get(name) ?? fallback
    if (typeof value !== 'boolean') throw malformed(this.path(name), 'true or false')
    return value
  }

  /** A whole number in `[0, limit)`. */
  index(name: string, limit: number): number {
    return checkIndex(this.get(name), limit, this.path(name))
  }

  path(name: string): string {
    return `${this.#path}.${name}`
  }
}

export function checkIndex(value: unknown, limit: number, path: string): number {
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 0 || value >= limit) {
    throw malformed(path, `a whole number from 0 to ${limit - 1}`)
  }
  return value
}

export function malformed(path: string, expected: string): TextError {
  return new TextError('tokenizer-malformed', `${path} should be ${expected}: download the file again.`, { path })
}

/** @throws TextError `tokenizer-malformed`, `tokenizer-limit-exceeded` */
export function parseJsonFields(text: string, file: string, maxLength: number): JsonFields {
  if (text.length > maxLength) {
    throw new TextError(
      'tokenizer-limit-exceeded',
      `${file} is ${text.length} characters long; ${maxLength} is the most.`,
    )
  }
  try {
    return new JsonFields(JSON.parse(text), file)
  } catch (cause) {
    if (TextError.isInstance(cause)) throw cause
    throw new TextError('tokenizer-malformed', `${file} is not valid JSON: download it again.`, {}, cause)
  }
}
