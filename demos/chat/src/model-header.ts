import type { Model } from '@sampan/core'
import { element, icons } from './element.ts'
import { runPlace } from './run-place.ts'
import type { Strings } from './strings.ts'

export interface HeaderHandlers {
  onAbout(): void
  onNewChat(): void
  onAnother(): void
  onSettings(): void
}

/** What is at the top: the model's name, where there is one, and what can be done at any time. */
export function headerContent(
  strings: Strings,
  loaded: { readonly model: Model; readonly name: string } | undefined,
  handlers: HeaderHandlers,
): Node[] {
  const button = (label: string, icon: SVGElement, action: () => void): HTMLButtonElement => {
    const node = element('button', { type: 'button', class: 'quiet round', 'aria-label': label, title: label }, [icon])
    node.addEventListener('click', action)
    return node
  }
  const name = loaded
    ? modelButton(strings, loaded.name, placeBadge(strings, loaded.model), () => handlers.onAbout())
    : element('p', { class: 'model-name' })
  const actions = loaded
    ? [
        button(strings.newChat, icons.plus(), () => handlers.onNewChat()),
        button(strings.loadAnother, icons.swap(), () => handlers.onAnother()),
      ]
    : []
  const settings = button(strings.settings, icons.sliders(), () => handlers.onSettings())
  return [element('div', { class: 'mark' }, [icons.boat()]), name, element('nav', {}, [...actions, settings])]
}

/** Name and badge: opens what is known of the model, and why it runs where it does. */
function modelButton(strings: Strings, name: string, badge: HTMLElement, onAbout: () => void): HTMLElement {
  const label = strings.aboutModel(name, badge.textContent ?? '')
  const text = element('span', { class: 'name', dir: 'auto' }, [name])
  const button = element('button', { type: 'button', class: 'model-name', 'aria-label': label }, [text, badge])
  button.addEventListener('click', onAbout)
  return button
}

export function placeBadge(strings: Strings, { info }: Model): HTMLElement {
  const place = runPlace(info)
  return element('span', { class: `badge on-${place}` }, [strings.badges[place]])
}
