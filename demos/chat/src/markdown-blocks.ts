/** What a card is made of: as much of Markdown as it needs. Lines of text keep their inline marks. */
export type Block =
  | { readonly kind: 'heading'; readonly level: number; readonly text: string }
  | { readonly kind: 'paragraph'; readonly text: string }
  | { readonly kind: 'list'; readonly items: readonly string[] }
  | { readonly kind: 'code'; readonly text: string }
  | { readonly kind: 'table'; readonly head: readonly string[]; readonly rows: readonly (readonly string[])[] }

export type Inline =
  | { readonly kind: 'text' | 'code' | 'strong' | 'em'; readonly text: string }
  | { readonly kind: 'link'; readonly text: string; readonly url: string }

const listItem = /^\s{0,3}(?:[-*]|\d+\.)\s+(.*)$/

export function parseBlocks(markdown: string): Block[] {
  const lines = markdown.replaceAll(/<!--[\s\S]*?-->/g, '').split(/\r?\n/)
  const blocks: Block[] = []
  let at = 0
  const takeWhile = (fits: (line: string) => boolean): string[] => {
    const start = at
    while (at < lines.length && fits(lines[at] ?? '')) at++
    return lines.slice(start, at)
  }
  while (at < lines.length) {
    const line = lines[at] ?? ''
    const heading = /^(#{1,6})\s+(.*)$/.exec(line)
    if (line.trim() === '') at++
    else if (heading) {
      blocks.push({ kind: 'heading', level: heading[1]?.length ?? 1, text: heading[2] ?? '' })
      at++
    } else if (line.startsWith('```')) {
      at++
      blocks.push({ kind: 'code', text: takeWhile((next) => !next.startsWith('```')).join('\n') })
      at++
    } else if (isTableRow(line)) {
      const [head = [], ...rows] = takeWhile(isTableRow).map(cells)
      blocks.push({ kind: 'table', head, rows: rows.filter((row) => !row.every((cell) => /^:?-+:?$/.test(cell))) })
    } else if (listItem.test(line)) {
      const items: string[] = []
      for (const next of takeWhile((next) => listItem.test(next) || /^\s{2,}\S/.test(next))) {
        const item = listItem.exec(next)?.[1]
        if (item !== undefined) items.push(item)
        else items.push(`${items.pop() ?? ''} ${next.trim()}`)
      }
      blocks.push({ kind: 'list', items })
    } else {
      const text = takeWhile((next) => next.trim() !== '' && !isTableRow(next) && !/^(#{1,6}\s|```)/.test(next))
      blocks.push({ kind: 'paragraph', text: text.map((part) => part.trim()).join(' ') })
    }
  }
  return blocks
}

function isTableRow(line: string): boolean {
  return line.trimStart().startsWith('|')
}

function cells(line: string): string[] {
  return line
    .trim()
    .replaceAll(/^\||\|$/g, '')
    .split('|')
    .map((cell) => cell.trim())
}

export function parseInline(text: string): Inline[] {
  const parts: Inline[] = []
  let from = 0
  for (const match of text.matchAll(/`([^`]+)`|\*\*([^*]+)\*\*|\*([^*\s][^*]*)\*|\[([^\]]+)\]\(([^)\s]+)\)/g)) {
    if (match.index > from) parts.push({ kind: 'text', text: text.slice(from, match.index) })
    const [whole, code, strong, em, label = '', url = ''] = match
    if (code !== undefined) parts.push({ kind: 'code', text: code })
    else if (strong !== undefined) parts.push({ kind: 'strong', text: strong })
    else if (em !== undefined) parts.push({ kind: 'em', text: em })
    // Files beside the card are not served with this page.
    else if (/^https?:\/\//.test(url)) parts.push({ kind: 'link', text: label, url })
    else parts.push({ kind: 'text', text: label })
    from = match.index + whole.length
  }
  if (from < text.length) parts.push({ kind: 'text', text: text.slice(from) })
  return parts
}
