import type { SampanErrorCode } from './error-codes.ts'

/** Every error that leaves Sampan carries this mark, so that it is recognised across bundles, realms and Workers. */
const marker: unique symbol = Symbol.for('sampan.error') as never

/**
 * What every call of Sampan throws, except for aborts (those throw the signal's reason). `code` is stable, the message says
 * what to do, `details` is plain data. On an error that was raised in the Worker `name` tells the part it came from
 * (`EngineError`, `TextError`, `BackendError`).
 */
export class SampanError extends Error {
  override readonly name: string
  readonly code: SampanErrorCode
  readonly details: Readonly<Record<string, unknown>>
  readonly [marker] = true

  constructor(
    code: SampanErrorCode,
    message: string,
    details: Readonly<Record<string, unknown>> = {},
    options: { readonly cause?: unknown; readonly name?: string } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = options.name ?? 'SampanError'
    this.code = code
    this.details = details
  }

  /** True for an error of any Sampan package, also when it comes from another copy of this module. */
  static isInstance(value: unknown): value is SampanError {
    return typeof value === 'object' && value !== null && marker in value
  }
}
