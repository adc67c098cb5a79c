/** An element of HTML or SVG. Names are ours; attributes and texts may be anybody's. */
export interface Markup {
  readonly name: string
  readonly attributes: Readonly<Record<string, string>>
  readonly children: readonly (Markup | string)[]
}

export function tag(
  name: string,
  attributes: Readonly<Record<string, string | number | undefined>> = {},
  children: readonly (Markup | string | undefined)[] = [],
): Markup {
  const given = Object.entries(attributes).flatMap(([key, value]) =>
    value === undefined ? [] : [[key, String(value)] as const],
  )
  return {
    name,
    attributes: Object.fromEntries(given),
    children: children.filter((child) => child !== undefined),
  }
}

const VOID = new Set(['meta', 'br', 'hr', 'link'])

/** As HTML, every text and attribute escaped: nothing that a file says can begin an element or end an attribute. */
export function markupText({ name, attributes, children }: Markup): string {
  const given = Object.entries(attributes).map(([key, value]) => ` ${key}="${escaped(value)}"`)
  const inner = children.map((child) => (typeof child === 'string' ? escaped(child) : markupText(child)))
  return `<${name}${given.join('')}>${VOID.has(name) ? '' : `${inner.join('')}</${name}>`}`
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => ENTITIES[sign] ?? '')
}
