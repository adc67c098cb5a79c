import { element } from './element.ts'

/** Terms with what is to be said of each; a term of which nothing is known is left out. */
export function factsList(facts: readonly (readonly [term: string, value: Node | string | undefined])[]): HTMLElement {
  const rows = facts.flatMap(([term, value]) => {
    if (value === undefined) return []
    return [element('div', {}, [element('dt', {}, [term]), element('dd', { dir: 'auto' }, [value])])]
  })
  return element('dl', { class: 'facts' }, rows)
}

/** A link that leads away from the page, where the address is one of the web; else the text alone. */
export function outerLink(text: string, url: string | undefined): Node | string {
  if (url === undefined || !/^https?:\/\//i.test(url)) return text
  return element('a', { href: url, target: '_blank', rel: 'noopener noreferrer' }, [text])
}
