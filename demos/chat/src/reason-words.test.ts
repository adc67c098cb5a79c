import type { Reason } from '@sampan/core'
import { describe, expect, it } from 'vitest'
import { reasonLines } from './reason-words.ts'
import { stringsOf } from './strings.ts'

const memory: Reason = {
  code: 'gpu-memory',
  severity: 'blocks',
  message: 'for developers',
  details: { needed: 2.1e9, most: 1.4e9, device: 'phones' },
}

describe('reasonLines', () => {
  it('says in the page’s words what blocks, with its figures', () => {
    const [line] = reasonLines([memory], stringsOf('en'), 'en')
    expect(line).toMatchObject({ words: 'page', text: expect.stringMatching(/2.1 GB.*1.4 GB/) })
    expect(reasonLines([memory], stringsOf('zh-Hans'), 'zh-Hans')[0]?.text).toMatch(/2.1 GB.*1.4 GB/)
  })

  it('leaves out what the card says anyway', () => {
    expect(reasonLines([{ ...memory, code: 'download-needed' }], stringsOf('en'), 'en')).toEqual([])
  })

  it('falls back to the library’s words', () => {
    const line = reasonLines([{ ...memory, code: 'file-invalid' }], stringsOf('zh-Hans'), 'zh-Hans')
    expect(line).toEqual([{ words: 'library', text: 'for developers', code: 'file-invalid' }])
  })

  it('has words in every language for the same reasons', () => {
    const shape = (language: 'en' | 'zh-Hans'): string[] =>
      Object.entries(stringsOf(language).reasons).map(([code, words]) => `${code} ${Object.keys(words).join(' ')}`)
    expect(shape('zh-Hans')).toEqual(shape('en'))
  })
})
