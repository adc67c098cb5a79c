import type { SampanErrorCode } from '../error-codes.ts'
import { SampanError } from '../errors.ts'
import { jsonResponse } from './json-response.ts'

/** OpenAI's body of a response that is an error. */
export interface OpenAIError {
  readonly message: string
  readonly type: 'invalid_request_error' | 'server_error'
  /** The field of the request that is wrong. */
  readonly param: string | null
  readonly code: string | null
}

/**
 * What the request itself is to blame for, and what another model could do; everything else is 500. `code`: OpenAI's, where it has one.
 */
const STATUS: Readonly<Partial<Record<SampanErrorCode, { readonly status: number; readonly code?: string }>>> = {
  'request-invalid': { status: 400, code: 'invalid_value' },
  'request-unsupported': { status: 400, code: 'unsupported_parameter' },
  'context-length-exceeded': { status: 400, code: 'context_length_exceeded' },
  'text-too-long': { status: 400, code: 'string_above_max_length' },
  'token-out-of-range': { status: 400 },
  'tokenizer-unsupported': { status: 400, code: 'unsupported_parameter' },
  'template-unsupported': { status: 400, code: 'unsupported_parameter' },
  'template-refused': { status: 400 },
  'template-failed': { status: 400 },
  'template-limit-exceeded': { status: 400 },
  'schema-invalid': { status: 400, code: 'invalid_json_schema' },
  'schema-unsupported': { status: 400, code: 'invalid_json_schema' },
  'schema-limit-exceeded': { status: 400, code: 'invalid_json_schema' },
  'consent-missing': { status: 403 },
  'model-disposed': { status: 503 },
  'device-lost': { status: 503 },
  'engine-disposed': { status: 503 },
  'worker-failed': { status: 503 },
  'model-unloaded': { status: 503 },
}

/** What messages or prompt are to blame for, though the error names no field. */
const OF_INPUT: ReadonlySet<SampanErrorCode> = new Set([
  'context-length-exceeded',
  'text-too-long',
  'template-refused',
  'template-failed',
  'template-limit-exceeded',
])

/** The field of a request that the model reads. */
export type InputField = 'messages' | 'prompt'

export function errorBody(error: unknown): { readonly error: OpenAIError } {
  return { error: describe(error, null).error }
}

export function errorResponse(error: unknown, input: InputField): Response {
  const { status, error: body } = describe(error, input)
  return failure(status, body)
}

/** Clients ask again after errors of a server; here nothing would be different. */
export function failure(status: number, error: OpenAIError, headers: Readonly<Record<string, string>> = {}): Response {
  return jsonResponse(status, { error }, { 'x-should-retry': 'false', ...headers })
}

export function urlUnknown(method: string, path: string): Response {
  const message = `Unknown request URL: ${method} ${path}. Sampan answers POST /v1/chat/completions and /v1/completions, GET /v1/models and GET /v1/models/{id}; the base URL must end in /v1.`
  return failure(404, { message, type: 'invalid_request_error', param: null, code: 'unknown_url' })
}

export function methodNotAllowed(method: string, path: string, allowed: string): Response {
  const message = `Not allowed: ${method} ${path}. Use ${allowed}.`
  const error: OpenAIError = { message, type: 'invalid_request_error', param: null, code: 'method_not_allowed' }
  return failure(405, error, { allow: allowed })
}

function describe(error: unknown, input: InputField | null): { readonly status: number; readonly error: OpenAIError } {
  if (!SampanError.isInstance(error)) {
    const message = error instanceof Error ? error.message : String(error)
    return { status: 500, error: { message, type: 'server_error', param: null, code: 'internal' } }
  }
  const { status, code = error.code } = STATUS[error.code] ?? { status: 500 }
  const field = error.details['field']
  return {
    status,
    error: {
      message: error.message,
      type: status < 500 ? 'invalid_request_error' : 'server_error',
      param: typeof field === 'string' ? field : OF_INPUT.has(error.code) ? input : null,
      code,
    },
  }
}
