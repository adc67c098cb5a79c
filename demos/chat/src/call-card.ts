import { codeFigure } from './code-figure.ts'
import { element } from './element.ts'
import { indentJson } from './indent-json.ts'
import { isJsonObject } from './json-object.ts'
import type { Strings } from './strings.ts'

/** A call of a tool that a model asks for: its name at once, its arguments as they come. Shown, never run. */
export class CallCard {
  readonly root: HTMLElement
  readonly #strings: Strings
  readonly #target: Text

  constructor(strings: Strings, name: string) {
    this.#strings = strings
    const caption = element('span', {}, [strings.wantsToCall, ' ', element('code', { translate: 'no' }, [name])])
    const { root, target } = codeFigure(strings, caption)
    root.classList.add('call', 'json')
    this.root = root
    this.#target = target
  }

  push(text: string): void {
    this.#target.appendData(text)
  }

  /** No more comes. Arguments that were cut stay as they are. */
  end(): void {
    const { data } = this.#target
    if (!isJsonObject(data)) return
    this.#target.data = indentJson(data) ?? data
    this.root.append(element('p', { class: 'hint', dir: 'auto' }, [this.#strings.callNotRun]))
  }
}
