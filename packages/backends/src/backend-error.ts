import type { SampanErrorCode } from '@sampan/core'

/** Every error that leaves Sampan carries this mark, so that it is recognised across bundles, realms and Workers. */
const marker: unique symbol = Symbol.for('sampan.error') as never

/** A failure of another library, told in Sampan's codes. */
export class BackendError extends Error {
  override readonly name = 'BackendError'
  readonly code: SampanErrorCode
  readonly details: Readonly<Record<string, unknown>>
  readonly [marker] = true

  constructor(
    code: SampanErrorCode,
    message: string,
    details: Readonly<Record<string, unknown>> = {},
    cause?: unknown,
  ) {
    super(message, cause === undefined ? undefined : { cause })
    this.code = code
    this.details = details
  }

  static isInstance(value: unknown): value is BackendError {
    return value instanceof Error && value.name === 'BackendError' && marker in value
  }
}
