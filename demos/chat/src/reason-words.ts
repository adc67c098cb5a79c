import type { Reason } from '@sampan/core'
import { formatBytes } from './amount-format.ts'
import type { Strings } from './strings.ts'

/** A reason of `canRun` in the page's own words; undefined where it has none. */
export function reasonWords(
  { code, severity, details }: Reason,
  strings: Strings,
  language: string,
): string | undefined {
  const amount = (name: string): string => {
    const bytes = details[name]
    return typeof bytes === 'number' ? formatBytes(bytes, language) : '?'
  }
  const words = strings.reasons[code]
  const say = words?.[severity] ?? words?.warns ?? words?.blocks
  return say?.({ needed: amount('needed'), free: amount('free'), most: amount('most') })
}

/** What the card says anyway. */
const toldElsewhere: ReadonlySet<Reason['code']> = new Set(['download-needed', 'other-bits-cached'])

/** All that the visitor has not been told yet; the library's own words are marked as English. */
export function reasonLines(
  reasons: readonly Reason[],
  strings: Strings,
  language: string,
): readonly { readonly text: string; readonly words: 'page' | 'library'; readonly code: string }[] {
  return reasons
    .filter(({ code }) => !toldElsewhere.has(code))
    .map((reason) => {
      const own = reasonWords(reason, strings, language)
      const { code, message } = reason
      return own === undefined ? { text: message, words: 'library', code } : { text: own, words: 'page', code }
    })
}
