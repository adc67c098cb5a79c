import { Ajv2020 } from 'ajv/dist/2020.js'

/** Complaints of ajv about `text`, or undefined when it is valid JSON that the schema accepts. */
export function complaint(schema: object | boolean, text: string): string | undefined {
  const validate = validatorOf(schema)
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    return String(error)
  }
  if (hasDuplicateKeys(text, value)) return 'The text repeats a key.'
  return validate(value) ? undefined : JSON.stringify(validate.errors)
}

const validators = new WeakMap<object, ReturnType<Ajv2020['compile']>>()

function validatorOf(schema: object | boolean): ReturnType<Ajv2020['compile']> {
  const known = typeof schema === 'object' ? validators.get(schema) : undefined
  if (known !== undefined) return known
  const ajv = new Ajv2020({
    strict: false,
    ownProperties: true,
    validateFormats: false,
    logger: false,
    validateSchema: false,
  })
  const validate = ajv.compile(schema)
  if (typeof schema === 'object') validators.set(schema, validate)
  return validate
}

/** A key that is there twice is lost in parsing, so that the text has more colons outside strings than the value has keys. */
function hasDuplicateKeys(text: string, value: unknown): boolean {
  const colons = text.replace(/"(?:[^"\\]|\\.)*"/g, '').split(':').length - 1
  return colons !== countKeys(value)
}

function countKeys(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0
  const own = Array.isArray(value) ? 0 : Object.keys(value).length
  return Object.values(value).reduce<number>((sum, inner) => sum + countKeys(inner), own)
}
