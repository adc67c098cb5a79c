import { element } from './element.ts'
import type { Strings } from './strings.ts'

export interface ModelDialogContent {
  readonly title: string
  /** Short lines about where it runs and why. */
  readonly place: readonly string[]
  readonly badge: HTMLElement
  /** What else is known of the model. */
  readonly about: readonly Node[]
}

/** About the model that is loaded, as a modal dialogue with the way to another one. */
export function modelDialog(
  strings: Strings,
  { title, place, badge, about }: ModelDialogContent,
  onAnother: () => void,
): HTMLDialogElement {
  const another = element('button', { value: 'another' }, [strings.loadAnother])
  another.classList.add('outlined')
  another.addEventListener('click', onAnother)
  return element('dialog', { class: 'settings model-dialog', 'aria-labelledby': 'model-title' }, [
    element('form', { method: 'dialog' }, [
      element('h2', { id: 'model-title', dir: 'auto', tabindex: '-1', autofocus: true }, [title]),
      element('section', { class: 'place' }, [
        element('h3', {}, [strings.whereItRuns, ' ', badge]),
        ...place.map((line) => element('p', {}, [line])),
      ]),
      ...about,
      element('div', { class: 'end two' }, [another, element('button', { class: 'primary' }, [strings.close])]),
    ]),
  ])
}
