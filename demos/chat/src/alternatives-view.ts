import type { Alternative } from '@sampan/core'
import { formatBytes } from './amount-format.ts'
import { element } from './element.ts'
import { type Source, sourceFromAddress } from './source.ts'
import type { Strings } from './strings.ts'

/** More are folded away. */
const shownAtOnce = 3

/** Other sources, each a click away; undefined where there are none. */
export function alternativesView(
  strings: Strings,
  language: string,
  title: string,
  alternatives: readonly Alternative[],
  onPick: (source: Source) => void,
): HTMLElement | undefined {
  if (alternatives.length === 0) return undefined
  const rows = alternatives.map((alternative) => {
    const { source, relation, bytes, quantization, licence } = alternative
    const size = bytes === undefined ? '' : `${relation === 'other-model' ? '≈ ' : ''}${formatBytes(bytes, language)}`
    const facts = [quantization, size, licence].filter((fact) => fact !== undefined && fact !== '').join(' · ')
    const other = sourceFromAddress(source)
    const button = element('button', { type: 'button', class: 'option', title: source }, [
      element('span', { class: 'name', dir: 'ltr' }, [other.name]),
      element('small', {}, [facts]),
    ])
    button.addEventListener('click', () => onPick(other))
    return element('li', {}, [button])
  })
  const more = rows.slice(shownAtOnce)
  return element('section', { class: 'alternatives' }, [
    element('h3', {}, [title]),
    element('ul', {}, rows.slice(0, shownAtOnce)),
    ...(more.length === 0
      ? []
      : [
          element('details', {}, [
            element('summary', {}, [strings.consent.moreOfThem(String(more.length))]),
            element('ul', {}, more),
          ]),
        ]),
  ])
}
