import { maxSchemaNodes } from './limits.ts'
import { exceeded, invalid, unsupported } from './schema-error.ts'

export type SchemaObject = Readonly<Record<string, unknown>>
export type Schema = SchemaObject | boolean

/** A schema and the places of those within it. */
export class SchemaTree {
  readonly root: Schema
  readonly #paths = new Map<object, string>()
  readonly #ids = new Map<Schema, number>()

  constructor(root: unknown) {
    this.root = this.schemaAt(root, '#')
  }

  /** Where a schema was first met, as a JSON pointer. */
  pathOf(schema: Schema): string {
    return typeof schema === 'boolean' ? '#' : (this.#paths.get(schema) ?? '#')
  }

  idOf(schema: Schema): number {
    const id = this.#ids.get(schema) ?? this.#ids.size
    this.#ids.set(schema, id)
    return id
  }

  /** Checks that `value`, found at `path`, is a schema. @throws TextError `schema-invalid`, `schema-limit-exceeded` */
  schemaAt(value: unknown, path: string): Schema {
    if (typeof value === 'boolean') return value
    if (!isRecord(value)) throw invalid(path, 'a schema is an object, true or false.')
    if (!this.#paths.has(value)) {
      if (this.#paths.size === maxSchemaNodes) throw exceeded('schemas', maxSchemaNodes, path)
      this.#paths.set(value, path)
    }
    return value
  }

  child(parent: SchemaObject, ...keys: readonly string[]): Schema {
    let value: unknown = parent
    let path = this.pathOf(parent)
    for (const key of keys) {
      value = isRecord(value) || Array.isArray(value) ? Reflect.get(value, key) : undefined
      path += `/${escapePointer(key)}`
    }
    return this.schemaAt(value, path)
  }

  /** Schemas under each key of `keyword`'s object. */
  children(parent: SchemaObject, keyword: string): readonly (readonly [key: string, schema: Schema])[] {
    const value = parent[keyword]
    if (value === undefined) return []
    if (!isRecord(value)) throw invalid(`${this.pathOf(parent)}/${keyword}`, 'it must be an object of schemas.')
    return Object.keys(value).map((key) => [key, this.child(parent, keyword, key)])
  }

  /** Schemas of `keyword`'s array. */
  list(parent: SchemaObject, keyword: string): readonly Schema[] {
    const value = parent[keyword]
    if (value === undefined) return []
    if (!Array.isArray(value)) throw invalid(`${this.pathOf(parent)}/${keyword}`, 'it must be an array of schemas.')
    return value.map((_, index) => this.child(parent, keyword, String(index)))
  }

  /** @throws TextError `schema-invalid` where nothing is there, `schema-unsupported` for another document */
  resolve(reference: unknown, from: SchemaObject): Schema {
    const path = this.pathOf(from)
    if (typeof reference !== 'string') throw invalid(`${path}/$ref`, 'it must be a string.')
    const id = isRecord(this.root) && typeof this.root['$id'] === 'string' ? this.root['$id'].replace(/#$/, '') : ''
    const local = id !== '' && reference.startsWith(id) ? reference.slice(id.length) : reference
    if (local === '' || local === '#') return this.root
    if (!local.startsWith('#/')) {
      throw unsupported('$ref', path, `${JSON.stringify(reference)} is no pointer (#/…) into the schema itself.`)
    }
    let value: unknown = this.root
    for (const part of decodeFragment(local.slice(2), path).split('/')) {
      const key = part.replaceAll('~1', '/').replaceAll('~0', '~')
      const found = (isRecord(value) || Array.isArray(value)) && Object.hasOwn(value, key)
      if (!found) throw invalid(`${path}/$ref`, `there is nothing at ${JSON.stringify(reference)}.`)
      value = Reflect.get(Object(value), key)
    }
    return this.schemaAt(value, local)
  }
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function escapePointer(key: string): string {
  return key.replaceAll('~', '~0').replaceAll('/', '~1')
}

function decodeFragment(fragment: string, path: string): string {
  try {
    return decodeURIComponent(fragment)
  } catch {
    throw invalid(`${path}/$ref`, `${JSON.stringify(fragment)} is not percent-encoded rightly.`)
  }
}
