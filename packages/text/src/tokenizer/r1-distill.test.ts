import { gunzipSync } from 'node:zlib'
import { bytesSource, openGguf } from '@sampan/engine'
import { describe, expect, test } from 'vitest'
import { readFixture, readR1Header } from '../../fixtures/read.ts'
import { createChatTemplate } from '../chat-template/chat-template.ts'
import { chatTemplateFromGguf } from '../chat-template/template-source.ts'
import { encodePrompt } from '../prompt.ts'
import { tokenizerFromGguf } from './from-gguf.ts'

const header = readR1Header()
const name =
  header === undefined
    ? 'DeepSeek-R1-Distill-Qwen (skipped: ../shared/models/r1-distill-qwen-7b.header.gguf.gz is not beside this checkout)'
    : 'DeepSeek-R1-Distill-Qwen, the real tokenizer and template'

describe.skipIf(header === undefined)(name, async () => {
  // The body of a skipped `describe` runs all the same.
  const { metadata } =
    header === undefined ? { metadata: new Map() } : await openGguf(bytesSource(gunzipSync(header), 'r1.gguf'))
  const { rows, prompts } = readFixture('r1-distill.expected.json')
  const corpus = readFixture('corpus.json')
  const { conversations } = readFixture('templates.expected.json')

  test('ids of the nasty corpus', () => {
    const tokenizer = tokenizerFromGguf(metadata)
    expect(tokenizer.vocabularySize).toBe(152_064)
    for (const [index, text] of corpus.entries()) {
      const ids = tokenizer.encode(text, { addSpecialTokens: false })
      expect(ids, JSON.stringify(text)).toEqual(rows[index]?.ids)
      expect(tokenizer.decode(ids), JSON.stringify(text)).toBe(rows[index]?.decoded ?? text)
    }
  })

  test('prompts, and their ids with BOS once though template and tokenizer both add it', () => {
    const tokenizer = tokenizerFromGguf(metadata)
    const source = chatTemplateFromGguf(metadata)
    expect(source).toBeDefined()
    if (source === undefined) return
    const template = createChatTemplate(source, tokenizer)
    expect(tokenizer.addsBos).toBe(true)
    expect(tokenizer.endTokenIds).toEqual([151_643])
    for (const { conversation, prompt, ids, ...options } of prompts) {
      const rendered = template.render(conversations[conversation] ?? [], options)
      expect(rendered, conversation).toBe(prompt)
      expect(encodePrompt(tokenizer, rendered), conversation).toEqual(ids)
      expect(encodePrompt(tokenizer, rendered.slice('<｜begin▁of▁sentence｜>'.length)), conversation).toEqual(ids)
    }
  })
})
