export type BenchErrorCode =
  /** This engine cannot run this model, or this test, here: not a failure, but `n/a`. */
  | 'not-available'
  /** The engine did something else than it was asked. */
  | 'engine-misbehaved'
  /** A result file that is none. */
  | 'result-invalid'
  /** A result file of a newer major version of the format. */
  | 'result-unsupported'
  /** A result file whose derived numbers do not follow from its samples. */
  | 'result-inconsistent'
  /** Too few or impossible numbers. */
  | 'statistics-invalid'
  | 'option-invalid'

const MARK = Symbol.for('sampan.error')

/** What goes wrong in the harness itself. Errors of engines keep their own types. */
export class BenchError extends Error {
  readonly code: BenchErrorCode
  readonly details: Readonly<Record<string, unknown>>
  readonly [MARK] = true

  constructor(code: BenchErrorCode, message: string, details: Readonly<Record<string, unknown>> = {}, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.name = 'BenchError'
    this.code = code
    this.details = details
  }

  static isInstance(value: unknown): value is BenchError {
    return value instanceof Error && value.name === 'BenchError' && MARK in value
  }
}
