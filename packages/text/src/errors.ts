/** Every error that leaves Sampan carries this mark, so that it is recognised across bundles, realms and Workers. */
const marker: unique symbol = Symbol.for('sampan.error') as never

export type TextErrorCode =
  | 'tokenizer-malformed'
  | 'tokenizer-unsupported'
  | 'tokenizer-limit-exceeded'
  | 'token-out-of-range'
  | 'text-too-long'
  | 'template-missing'
  | 'template-malformed'
  | 'template-unsupported'
  | 'template-refused'
  | 'template-failed'
  | 'template-limit-exceeded'
  | 'schema-invalid'
  | 'schema-unsupported'
  | 'schema-limit-exceeded'
  | 'token-not-allowed'

/** A failure with a stable `code`, a message that says what to do, and plain (structured-cloneable) `details`. */
export class TextError extends Error {
  override readonly name = 'TextError'
  readonly code: TextErrorCode
  readonly details: Readonly<Record<string, unknown>>
  readonly [marker] = true

  constructor(code: TextErrorCode, message: string, details: Readonly<Record<string, unknown>> = {}, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.code = code
    this.details = details
  }

  static isInstance(value: unknown): value is TextError {
    return value instanceof Error && value.name === 'TextError' && marker in value
  }
}
