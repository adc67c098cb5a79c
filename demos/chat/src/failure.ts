import { SampanError } from '@sampan/core'
import { element } from './element.ts'
import type { Strings } from './strings.ts'

/** What went wrong, for the visitor. */
export interface Failure {
  /** Of a `SampanError`; empty where the page itself complains. */
  readonly code: string
  readonly message: string
  /** The library speaks English; the page's own words are in the page's language. */
  readonly words: 'library' | 'page'
  /** Why the CPU could not stand in for a GPU, or what was asked for in vain. */
  readonly kind?: string
  /** It had been loaded. */
  readonly lost?: boolean
}

export function failureOf(error: unknown): Failure {
  const message = error instanceof Error ? error.message : String(error)
  if (!SampanError.isInstance(error)) return { code: '', message, words: 'library' }
  const { cpu, option } = error.details
  const kind = option === 'adapters' ? option : cpu
  return { code: error.code, message, words: 'library', ...(typeof kind === 'string' && { kind }) }
}

export const failureInOwnWords = (message: string): Failure => ({ code: '', message, words: 'page' })

/** Of these the page says all; the library tells a developer what to call. */
const toldByPage: ReadonlySet<string> = new Set(['crashed-last-time', 'model-in-use'])

/** The page's words for this kind of failure, where it has any, and then what the library says of this very case. */
export function explainFailure(strings: Strings, failure: Failure): HTMLElement[] {
  if (failure.words === 'page') return [element('p', { dir: 'auto' }, [failure.message])]
  const inPageLanguage = strings.errors[`${failure.code} ${failure.kind}`] ?? strings.errors[failure.code]
  if (inPageLanguage !== undefined && toldByPage.has(failure.code)) return [element('p', {}, [inPageLanguage])]
  return [
    ...(inPageLanguage === undefined ? [] : [element('p', {}, [inPageLanguage])]),
    element('p', { lang: 'en', dir: 'auto', class: inPageLanguage === undefined ? '' : 'detail' }, [failure.message]),
  ]
}
