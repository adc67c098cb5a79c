/** Every error that leaves Sampan carries this mark, so that it is recognised across bundles, realms and Workers. */
const marker: unique symbol = Symbol.for('sampan.error') as never

export type EngineErrorCode =
  | 'file-truncated'
  | 'file-malformed'
  | 'file-damaged'
  | 'file-limit-exceeded'
  | 'format-unsupported'
  | 'architecture-unknown'
  | 'tensor-missing'
  | 'tensor-shape-mismatch'
  | 'tensor-values-invalid'
  | 'webgpu-unavailable'
  | 'device-limit-exceeded'
  | 'device-out-of-memory'
  | 'device-lost'
  | 'device-validation-failed'
  | 'logits-invalid'
  | 'context-length-exceeded'
  | 'token-out-of-range'
  | 'engine-disposed'
  | 'adapter-mismatch'
  | 'option-invalid'

/** A failure with a stable `code`, a message that says what to do, and plain (structured-cloneable) `details`. */
export class EngineError extends Error {
  override readonly name = 'EngineError'
  readonly code: EngineErrorCode
  readonly details: Readonly<Record<string, unknown>>
  readonly [marker] = true

  constructor(
    code: EngineErrorCode,
    message: string,
    details: Readonly<Record<string, unknown>> = {},
    cause?: unknown,
  ) {
    super(message, cause === undefined ? undefined : { cause })
    this.code = code
    this.details = details
  }

  static isInstance(value: unknown): value is EngineError {
    return value instanceof Error && value.name === 'EngineError' && marker in value
  }
}
