import { EngineError } from '@sampan/engine'
import { SampanError } from '../errors.ts'
import { isReason } from './explain-failure.ts'
import type { Failure } from './facts.ts'

/** What `work` comes to, or why it does not, where that is something to tell the caller; other errors are thrown. */
export async function catchFailure<T>(
  work: () => Promise<T>,
): Promise<{ readonly value: T; readonly failure?: never } | { readonly value?: never; readonly failure: Failure }> {
  try {
    return { value: await work() }
  } catch (error) {
    if (!SampanError.isInstance(error) && !EngineError.isInstance(error)) throw error
    const { code, message, details } = error
    const failure = { code, message, details }
    if (isReason(failure)) return { failure }
    throw error
  }
}
