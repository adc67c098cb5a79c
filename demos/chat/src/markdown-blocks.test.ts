import { describe, expect, it } from 'vitest'
import { parseBlocks, parseInline } from './markdown-blocks.ts'

describe('parseBlocks', () => {
  it('tells the blocks of a card apart, without its comments', () => {
    const card = `# Pocket
Six million
weights.
<!-- results: made -->
| task | en |
| --- | ---: |
| forms | 0.91 |
<!-- /results -->

- one
  goes on
- two

\`\`\`ts
| no table
\`\`\``
    expect(parseBlocks(card)).toEqual([
      { kind: 'heading', level: 1, text: 'Pocket' },
      { kind: 'paragraph', text: 'Six million weights.' },
      { kind: 'table', head: ['task', 'en'], rows: [['forms', '0.91']] },
      { kind: 'list', items: ['one goes on', 'two'] },
      { kind: 'code', text: '| no table' },
    ])
  })

  it('ends with the text, also within code', () => {
    expect(parseBlocks('```\nx')).toEqual([{ kind: 'code', text: 'x' }])
    expect(parseBlocks('')).toEqual([])
  })
})

describe('parseInline', () => {
  it('knows code, emphasis and links to other sites', () => {
    expect(parseInline('a `b` **c***e* [d](https://e.test/) [f](training/README.md) <b>')).toEqual([
      { kind: 'text', text: 'a ' },
      { kind: 'code', text: 'b' },
      { kind: 'text', text: ' ' },
      { kind: 'strong', text: 'c' },
      { kind: 'em', text: 'e' },
      { kind: 'text', text: ' ' },
      { kind: 'link', text: 'd', url: 'https://e.test/' },
      { kind: 'text', text: ' ' },
      { kind: 'text', text: 'f' },
      { kind: 'text', text: ' <b>' },
    ])
  })

  it('leaves signs between numbers alone', () => {
    expect(parseInline('3 * 4 * 5 and **open')).toEqual([{ kind: 'text', text: '3 * 4 * 5 and **open' }])
  })

  it('makes no link of a script', () => {
    expect(parseInline('[x](javascript:alert)')).toEqual([{ kind: 'text', text: 'x' }])
  })
})
