import { element } from './element.ts'
import { type Block, type Inline, parseBlocks, parseInline } from './markdown-blocks.ts'

/** A text in Markdown as a part of the document: what follows the heading `from`, or all where there is none. */
export function markdownView(markdown: string, from: string): HTMLElement {
  const blocks = parseBlocks(markdown)
  const start = blocks.findIndex((block) => block.kind === 'heading' && block.text === from)
  return element('div', { class: 'card-text' }, blocks.slice(start + 1).map(blockView))
}

function blockView(block: Block): HTMLElement {
  switch (block.kind) {
    case 'heading':
      return element(block.level < 3 ? 'h4' : 'h5', {}, inline(block.text))
    case 'paragraph':
      return element('p', {}, inline(block.text))
    case 'list':
      return element(
        'ul',
        {},
        block.items.map((item) => element('li', {}, inline(item))),
      )
    case 'code':
      return element('pre', { tabindex: '0', translate: 'no' }, [element('code', {}, [block.text])])
    case 'table': {
      const head = block.head.map((cell) => element('th', { scope: 'col' }, inline(cell)))
      const rows = block.rows.map((row) =>
        element(
          'tr',
          {},
          row.map((cell) => element('td', {}, inline(cell))),
        ),
      )
      const table = element('table', {}, [element('thead', {}, [element('tr', {}, head)]), element('tbody', {}, rows)])
      return element('div', { class: 'table', tabindex: '0', role: 'group' }, [table])
    }
    default:
      return block satisfies never
  }
}

function inline(text: string): (Node | string)[] {
  return parseInline(text).map(inlineView)
}

function inlineView(part: Inline): Node | string {
  switch (part.kind) {
    case 'text':
      return part.text
    case 'code':
    case 'strong':
    case 'em':
      return element(part.kind, {}, [part.text])
    case 'link':
      // In this page it would end the model and the conversation.
      return element('a', { href: part.url, rel: 'noreferrer', target: '_blank' }, [part.text])
    default:
      return part satisfies never
  }
}
