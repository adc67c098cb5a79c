import type { Markup } from '@sampan/bench'

type Children = readonly (Node | string)[]

/** An element with attributes and children; a boolean attribute is present when true. */
export function element<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes: Readonly<Record<string, string | boolean>> = {},
  children: Children = [],
): HTMLElementTagNameMap[Name] {
  const node = document.createElement(name)
  for (const [key, value] of Object.entries(attributes)) {
    if (value === true) node.setAttribute(key, '')
    else if (value !== false) node.setAttribute(key, value)
  }
  node.append(...children)
  return node
}

export function button(text: string, onClick: () => void, className = 'outlined'): HTMLButtonElement {
  const node = element('button', { type: 'button', class: className }, [text])
  node.addEventListener('click', onClick)
  return node
}

const svgNamespace = 'http://www.w3.org/2000/svg'

/** What the report writes as text, as nodes: no text of a file is ever parsed. */
export function shown({ name, attributes, children }: Markup, isSvg = false): Element {
  const within = isSvg || name === 'svg'
  const node = within ? document.createElementNS(svgNamespace, name) : document.createElement(name)
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value)
  node.append(...children.map((child) => (typeof child === 'string' ? child : shown(child, within))))
  return node
}
