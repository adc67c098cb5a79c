import { element } from './element.ts'
import { type Source, sourceFromAddress } from './source.ts'
import type { Strings } from './strings.ts'

/** Some to begin with, smallest first; what each costs is asked of the hub before anything is downloaded. */
const suggested = [
  ['Qwen2.5 0.5B', 'Qwen/Qwen2.5-0.5B-Instruct-GGUF:qwen2.5-0.5b-instruct-q4_k_m.gguf', '0.5 GB'],
  ['Qwen3 0.6B', 'Qwen/Qwen3-0.6B-GGUF:Qwen3-0.6B-Q8_0.gguf', '0.6 GB'],
  ['Qwen2.5 1.5B', 'Qwen/Qwen2.5-1.5B-Instruct-GGUF:qwen2.5-1.5b-instruct-q4_k_m.gguf', '1.1 GB'],
] as const

/** Models that are known to be good, each a click away. */
export function suggestionsView(strings: Strings, onPick: (source: Source) => void): HTMLElement {
  const buttons = suggested.map(([name, address, size]) => {
    const button = element('button', { type: 'button', class: 'chip' }, [
      `${name} `,
      element('small', { class: 'hint' }, [size]),
    ])
    button.addEventListener('click', () => onPick(sourceFromAddress(address)))
    return element('li', {}, [button])
  })
  return element('div', { class: 'suggestions' }, [
    element('p', { class: 'hint', id: 'suggestions-title' }, [strings.suggestions]),
    element('ul', { 'aria-labelledby': 'suggestions-title' }, buttons),
  ])
}
