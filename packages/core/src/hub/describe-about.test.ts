import { describe, expect, it } from 'vitest'
import { aboutCard, aboutGguf } from './describe-about.ts'
import { readFrontMatter, summaryOf } from './model-card.ts'

const readme = `---
license: other
license_name: "tiny-research"
license_link: https://x.test/LICENSE # see there
base_model:
- org/base
- org/second
tags: [chat, 'small']
model-index:
  - name: x
---

<div align="center"><img src="x.png"></div>

[![badge](https://x.test/badge.svg)](https://x.test) [paper](https://x.test)

# Tiny

| a | b |
|---|---|

\`\`\`python
This is code that goes on for long enough to be taken for a paragraph of prose.
\`\`\`

**Tiny** is a [small](https://x.test) model of _boats_ and \`snake_case\`
for tests of a loader.

More.`

describe('what a card says', () => {
  it('is licence, base models and the first paragraph of prose', () => {
    expect(aboutCard({ readme, page: 'https://hub.test/org/tiny' })).toEqual({
      licence: 'tiny-research',
      licenceUrl: 'https://x.test/LICENSE',
      baseModel: 'org/base, org/second',
      summary: 'Tiny is a small model of boats and snake_case for tests of a loader.',
      page: 'https://hub.test/org/tiny',
    })
    expect(readFrontMatter(readme)).toMatchObject({ tags: ['chat', 'small'], license: 'other' })
  })

  it('is what the hub parsed of it, where it did', () => {
    const card = { license: ['mit', 'x'], base_model: 'org/base' }
    expect(aboutCard({ card })).toEqual({ licence: 'mit', baseModel: 'org/base' })
  })

  it.each<[string, string]>([
    ['nothing', ''],
    ['no head and no prose', '# Title\n\n- a list of things that goes on and on for long enough\n'],
    ['a head without an end', '---\nlicense: mit\n'],
    ['an open fence', '```\n'.padEnd(5000, 'x')],
    ['an open comment', '<!-- '.padEnd(5000, 'x')],
  ])('may be nothing: %s', (_, readme) => {
    expect(aboutCard({ readme })).toEqual({})
  })

  it('cannot hide, turn or lengthen what people read, nor link to a script', () => {
    const about = aboutCard({
      card: {
        license: 'a\u202eb\u0000\nc',
        license_link: 'javascript:alert(1)',
        base_model: [{}, 5, 'x'.repeat(9999)],
      },
      readme: 'Prose that goes on and on, much longer than anyone would read. '.repeat(100),
    })
    expect(about.licence).toBe('a b c')
    expect(about).not.toHaveProperty('licenceUrl')
    expect(about.baseModel?.length).toBe(200)
    expect(about.summary?.length).toBe(600)
    expect(about.summary?.endsWith('…')).toBe(true)
  })

  it.each(['[', '![', '<', '`', '*a', '- ', '> ', '\n', '---\n', '[a](', '<!--', '<style>', '_a_ ', '```\n\n'])(
    'is read in time, whatever there is much of: %j',
    (piece) => {
      summaryOf(piece.repeat(60_000 / piece.length))
      readFrontMatter(`---\n${piece.repeat(60_000 / piece.length)}\n---\n`)
      // That it ends: what takes quadratic time takes minutes here.
      expect(aboutCard({ readme: piece.repeat(60_000 / piece.length) }).licence).toBeUndefined()
    },
  )
})

describe("what a GGUF file's metadata says", () => {
  it('is licence, base models and where it comes from', () => {
    const metadata = new Map<string, unknown>([
      ['general.license', 'apache-2.0'],
      ['general.license.link', 'https://x.test/LICENSE'],
      ['general.base_model.count', 2],
      ['general.base_model.0.name', 'Base'],
      ['general.base_model.0.repo_url', 'https://huggingface.co/org/base'],
      ['general.base_model.1.name', 'Second'],
      ['general.description', 'A model.'],
      ['general.repo_url', 'https://huggingface.co/org/tiny'],
    ])
    expect(aboutGguf(metadata)).toEqual({
      licence: 'apache-2.0',
      licenceUrl: 'https://x.test/LICENSE',
      baseModel: 'org/base, Second',
      summary: 'A model.',
      page: 'https://huggingface.co/org/tiny',
    })
  })

  it('may be nothing, or nonsense', () => {
    expect(aboutGguf(new Map())).toEqual({})
    const metadata = new Map<string, unknown>([
      ['general.license', 5],
      ['general.base_model.count', 1e9],
      ['general.repo_url', 'data:x'],
    ])
    expect(aboutGguf(metadata)).toEqual({})
  })
})
