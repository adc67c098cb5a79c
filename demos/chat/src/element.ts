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

const svgNamespace = 'http://www.w3.org/2000/svg'

/** A 24 × 24 line icon from path data. */
export function icon(...paths: readonly string[]): SVGSVGElement {
  const svg = document.createElementNS(svgNamespace, 'svg')
  svg.setAttribute('viewBox', '0 0 24 24')
  svg.setAttribute('aria-hidden', 'true')
  for (const data of paths) {
    const path = document.createElementNS(svgNamespace, 'path')
    path.setAttribute('d', data)
    svg.append(path)
  }
  return svg
}

export const icons = {
  plus: () => icon('M12 5v14', 'M5 12h14'),
  sliders: () => icon('M4 7h10', 'M18 7h2', 'M16 5v4', 'M4 17h2', 'M10 17h10', 'M8 15v4'),
  send: () => icon('M12 19V5', 'M6 11l6-6 6 6'),
  stop: () => icon('M8 8h8v8H8z', 'M9 10h6', 'M9 12h6', 'M9 14h6'),
  file: () => icon('M6 3h8l4 4v14H6z', 'M14 3v4h4'),
  folder: () => icon('M3 6h6l2 2h10v11H3z'),
  boat: () =>
    icon(
      'M3 14c5 1.6 13 1.6 18 0-1 4-3.5 5.5-9 5.5S4 18 3 14z',
      'M8 12c0-4 1.7-6.5 4.2-6.5S16 8 16 12c-2.5.5-5.5.5-8 0z',
    ),
  swap: () => icon('M4 8h14', 'M15 5l3 3-3 3', 'M20 16H6', 'M9 13l-3 3 3 3'),
}
