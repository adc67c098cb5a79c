import { element } from './element.ts'
import type { Strings } from './strings.ts'

/** How results of one's own come among the committed ones. */
export function addView({ add }: Strings): HTMLElement {
  return element('section', { class: 'card', 'aria-labelledby': 'add-title' }, [
    element('h2', { id: 'add-title' }, [add.title]),
    element(
      'ol',
      {},
      add.steps.map((step) => element('li', {}, [step])),
    ),
    element(
      'ul',
      {},
      add.rules.map((rule) => element('li', {}, [rule])),
    ),
  ])
}
