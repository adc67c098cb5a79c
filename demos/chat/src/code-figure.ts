import { element } from './element.ts'
import type { Strings } from './strings.ts'

const copiedForMs = 1_500

/** Code apart from prose, with a button that copies it. */
export interface CodeFigure {
  readonly root: HTMLElement
  /** The code itself; it may grow. */
  readonly target: Text
}

export function codeFigure(strings: Strings, caption: Node | string, text = ''): CodeFigure {
  const target = document.createTextNode(text)
  const copy = element('button', { type: 'button', class: 'quiet small' }, [strings.copy])
  copy.addEventListener('click', () => {
    void navigator.clipboard.writeText(target.data).then(() => {
      copy.textContent = strings.copied
      setTimeout(() => {
        copy.textContent = strings.copy
      }, copiedForMs)
    })
  })
  // Browsers give the clipboard to secure pages only.
  copy.hidden = !('clipboard' in navigator)
  const code = element('code', { translate: 'no' }, [target])
  const head = element('figcaption', {}, [element('span', {}, [caption]), copy])
  const root = element('figure', { class: 'code', dir: 'ltr' }, [head, element('pre', { tabindex: '0' }, [code])])
  return { root, target }
}
