import type { SampanErrorCode } from '../error-codes.ts'
import { SampanError } from '../errors.ts'

/** Causes of causes that cross; deeper ones are dropped. */
const MAX_CAUSES = 4

/** An error as plain data: structured clone keeps neither the class, nor `code`, nor the mark. */
export type ErrorEnvelope =
  | {
      readonly kind: 'sampan'
      readonly name: string
      readonly code: SampanErrorCode
      readonly message: string
      readonly details: Readonly<Record<string, unknown>>
      readonly stack: string | undefined
      readonly cause: ErrorEnvelope | undefined
    }
  | { readonly kind: 'abort'; readonly message: string }
  | { readonly kind: 'other'; readonly name: string; readonly message: string; readonly stack: string | undefined }

export type Result<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: ErrorEnvelope }

export function packError(error: unknown, causes = MAX_CAUSES): ErrorEnvelope {
  if (SampanError.isInstance(error)) {
    const { name, code, message, details, stack, cause } = error
    const packedCause = cause === undefined || causes === 0 ? undefined : packError(cause, causes - 1)
    return { kind: 'sampan', name, code, message, details: cloneable(details), stack, cause: packedCause }
  }
  if (error instanceof DOMException && error.name === 'AbortError') return { kind: 'abort', message: error.message }
  if (error instanceof Error) return { kind: 'other', name: error.name, message: error.message, stack: error.stack }
  return { kind: 'other', name: 'Error', message: String(error), stack: undefined }
}

export function unpackError(envelope: ErrorEnvelope): SampanError | DOMException {
  switch (envelope.kind) {
    case 'sampan': {
      const { code, message, details, name, stack } = envelope
      const cause = envelope.cause && unpackError(envelope.cause)
      return withStack(new SampanError(code, message, details, { name, cause }), stack)
    }
    case 'abort':
      return new DOMException(envelope.message, 'AbortError')
    case 'other': {
      const message = `${envelope.name}: ${envelope.message}. This is not expected: please report it with the stack.`
      return withStack(new SampanError('internal', message), envelope.stack)
    }
    default:
      return envelope satisfies never
  }
}

/** Runs `work` and makes its outcome plain data, so that it crosses to the page whole. */
export async function attempt<T>(work: () => T | Promise<T>): Promise<Result<T>> {
  try {
    return { ok: true, value: await work() }
  } catch (error) {
    return { ok: false, error: packError(error) }
  }
}

export function unwrap<T>(result: Result<T>): T {
  if (result.ok) return result.value
  throw unpackError(result.error)
}

function withStack(error: SampanError, stack: string | undefined): SampanError {
  if (stack !== undefined) error.stack = stack
  return error
}

function cloneable(details: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(details).map(([key, value]) => [key, isCloneable(value) ? value : String(value)]),
  )
}

function isCloneable(value: unknown): boolean {
  try {
    structuredClone(value)
    return true
  } catch {
    return false
  }
}
