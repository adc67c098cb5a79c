import { formatBytes } from './amount-format.ts'
import { element } from './element.ts'
import { keptModels, sourceOf } from './kept-models.ts'
import type { AddressSource, KeptSource, Source } from './source.ts'
import type { Strings } from './strings.ts'

/** More are in the dialogue. */
const shown = 3

/** What is on this device already, each a click away, but for what was loaded last, which has a button of its own. */
export function keptChoices(
  strings: Strings,
  language: string,
  last: KeptSource | undefined,
  { onPick, onManage }: { onPick(source: Source): void; onManage(): void },
): HTMLElement {
  const root = element('section', { class: 'alternatives', hidden: true })
  void keptModels().then((models) => {
    if (models.length === 0) return
    const rows = models
      .filter(({ state }) => state === 'complete')
      .flatMap((model) => {
        const source = sourceOf(model)
        if (!source || (last?.kind === 'address' && isSame(last, source))) return []
        const button = element('button', { type: 'button', class: 'option' }, [
          element('span', { class: 'name', dir: 'auto' }, [source.name]),
          element('small', {}, [formatBytes(model.bytes, language)]),
        ])
        button.addEventListener('click', () => onPick(source))
        return [element('li', {}, [button])]
      })
    const manage = element('button', { type: 'button', class: 'link' }, [strings.kept.manage])
    manage.addEventListener('click', () => onManage())
    root.replaceChildren(element('h3', {}, [strings.kept.title]), element('ul', {}, rows.slice(0, shown)), manage)
    root.hidden = false
  })
  return root
}

function isSame(last: KeptSource & { readonly kind: 'address' }, source: AddressSource): boolean {
  return last.address === source.address && last.options?.hub === source.options?.hub
}
