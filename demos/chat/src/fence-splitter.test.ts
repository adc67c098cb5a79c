import { describe, expect, it } from 'vitest'
import { FenceSplitter } from './fence-splitter.ts'

function split(chunks: readonly string[]): string {
  let seen = ''
  const splitter = new FenceSplitter({
    text: (text) => {
      seen += text
    },
    open: (info) => {
      seen += `<${info}>`
    },
    code: (text) => {
      seen += text.toUpperCase()
    },
    close: () => {
      seen += '</>'
    },
  })
  for (const chunk of chunks) splitter.push(chunk)
  splitter.finish()
  return seen
}

describe('FenceSplitter', () => {
  const answer = 'Look:\n```python\nprint("hi")\n```\nDone `x`.\n'
  const expected = 'Look:\n<python>PRINT("HI")\n</>Done `x`.\n'

  it('separates code from prose', () => {
    expect(split([answer])).toBe(expected)
  })

  it('gives the same however the text is cut', () => {
    for (let size = 1; size < answer.length; size++) {
      const chunks = answer.match(new RegExp(`[^]{1,${size}}`, 'g')) ?? []
      expect(split(chunks)).toBe(expected)
    }
  })

  it('keeps a shorter fence inside a longer one', () => {
    expect(split(['````md\n```js\na\n```\n````\nb'])).toBe('<md>```JS\nA\n```\n</>b')
  })

  it('ends a block that is never closed, and keeps what waited', () => {
    expect(split(['```c\nint'])).toBe('<c>INT</>')
    expect(split(['a\n``'])).toBe('a\n``')
  })

  it('leaves inline code and indented backticks alone', () => {
    expect(split(['```x``` is inline\n    ```\n'])).toBe('```x``` is inline\n    ```\n')
  })

  it('hands prose on without waiting for its line to end', () => {
    let seen = ''
    const splitter = new FenceSplitter({
      text: (text) => {
        seen += text
      },
      open: () => undefined,
      code: () => undefined,
      close: () => undefined,
    })
    splitter.push('Hel')
    expect(seen).toBe('Hel')
  })
})
