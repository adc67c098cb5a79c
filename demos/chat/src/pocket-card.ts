import { pocketFacts } from '@sampan/pocket'
import { element } from './element.ts'
import { factsList } from './facts-list.ts'
import { markdownView } from './markdown-view.ts'
import type { Strings } from './strings.ts'

/** What Pocket is, is for and is not for. */
export function pocketCard(strings: Strings, language: string): HTMLElement[] {
  const number = new Intl.NumberFormat(language)
  const { bytes, parameters, contextLength, licence } = pocketFacts
  const facts: [string, string][] = [
    [
      strings.factSize,
      strings.megabytes(new Intl.NumberFormat(language, { maximumFractionDigits: 1 }).format(bytes / 1e6)),
    ],
    [strings.factWeights, number.format(parameters)],
    [strings.factContext, strings.tokens(number.format(contextLength))],
    [strings.factLicence, licence],
  ]
  return [
    element('section', {}, [
      element('h3', {}, [strings.aboutPocket]),
      element('p', {}, [strings.pocketIs]),
      element('p', {}, [strings.pocketFor]),
      element('p', {}, [strings.pocketNotFor]),
      factsList(facts),
    ]),
    measuredCard(strings),
  ]
}

/** The package's own README with what was measured, read when it is opened. */
function measuredCard(strings: Strings): HTMLElement {
  const details = element('details', { class: 'measured' }, [element('summary', {}, [strings.pocketCard])])
  const read = async (): Promise<void> => {
    const { default: text } = await import('@sampan/pocket/README.md?raw')
    const view = markdownView(text, 'The card')
    view.lang = 'en'
    details.append(view)
  }
  details.addEventListener('toggle', () => void read(), { once: true })
  return details
}

/** Of the weights, for people. */
export function pocketSize(strings: Strings, language: string): string {
  return strings.megabytes(
    new Intl.NumberFormat(language, { maximumFractionDigits: 0 }).format(pocketFacts.bytes / 1e6),
  )
}
