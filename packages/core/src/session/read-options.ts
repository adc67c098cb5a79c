import { copyJsonObject } from '../chat/copy-json.ts'
import { type Fields, fieldUnsupported, isAbsent, isFields } from '../chat/request-fields.ts'
import { validateRequest } from '../chat/validate-request.ts'
import { SampanError } from '../errors.ts'
import { checkSignal } from '../load/check-load-options.ts'
import type { ContextStrategy, SendOptions, SessionBehaviour, SessionFields } from './session-types.ts'

/** Of a request, that a session decides itself. */
const OWN_FIELDS = ['messages', 'stream', 'stream_options', 'n', 'continue_final_message', 'truncation']

const ANY_MESSAGES = [{ role: 'user', content: '' }]

/**
 * A copy of what a session or one send sets, over what is set already.
 * @throws SampanError `request-invalid`, `request-unsupported`, naming the field
 */
export function readSessionFields(given: Fields, base: SessionFields = {}): SessionFields {
  for (const field of OWN_FIELDS) if (!isAbsent(given[field])) throw fieldUnsupported(field)
  const fields = { ...base, ...copyJsonObject(given, 'options') }
  checkFields(fields)
  return Object.freeze(fields)
}

function checkFields(fields: Fields): asserts fields is SessionFields {
  validateRequest({ ...fields, messages: ANY_MESSAGES })
}

export function checkOptions(options: unknown, method: string): void {
  if (!isFields(options)) throw new SampanError('option-invalid', `The options of \`${method}\` must be an object.`)
}

export function readOnFull(value: unknown): ContextStrategy | undefined {
  if (isAbsent(value)) return undefined
  if (value === 'error' || value === 'drop-oldest' || isStrategy(value)) return value
  throw optionInvalid('onFull', '"error", "drop-oldest" or a function')
}

export function readOnAbort(value: unknown): SessionBehaviour['onAbort'] {
  if (isAbsent(value)) return undefined
  if (value === 'keep' || value === 'roll-back') return value
  throw optionInvalid('onAbort', '"keep" or "roll-back"')
}

export interface ReadSendOptions {
  /** Of the session, too. */
  readonly fields: SessionFields
  readonly signal: AbortSignal | undefined
  readonly onAbort: SessionBehaviour['onAbort']
}

export function readSendOptions(options: SendOptions, method: string, base: SessionFields): ReadSendOptions {
  checkOptions(options, method)
  const { signal, onAbort, ...fields } = options
  return { fields: readSessionFields(fields, base), signal: checkSignal(signal), onAbort: readOnAbort(onAbort) }
}

export function optionInvalid(option: string, wanted: string): SampanError {
  return new SampanError('option-invalid', `The option ${option} must be ${wanted}.`, { option })
}

function isStrategy(value: unknown): value is Extract<ContextStrategy, (...given: never) => unknown> {
  return typeof value === 'function'
}
