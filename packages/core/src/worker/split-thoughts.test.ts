import { expect, it } from 'vitest'
import type { AnswerPart, Backend } from '../backend.ts'
import { huggingFace } from '../hub/hubs.ts'
import { browserNetwork } from '../network/network.ts'
import { splitThoughts } from './split-thoughts.ts'

function saying(pieces: readonly string[], wanted: boolean[] = [], withLogprobs = false): Backend {
  return {
    name: 'web-llm',
    load: async () => ({
      info: { backend: 'web-llm', source: 'mlc:x', contextLength: 8, bytes: 0 },
      lost: new Promise<Error>(() => {}),
      async generate(_request, output) {
        output.accepted()
        for (const text of pieces) {
          const logprobs = [{ text, bytes: [], logprob: -1, top: [] }]
          wanted.push(await output.part({ type: 'content', text, ...(withLogprobs && { logprobs }) }))
        }
        return { reason: 'stop', promptTokens: 1, completionTokens: pieces.length }
      },
      counters: () => undefined,
      ledger: () => undefined,
      dispose: async () => {},
    }),
  }
}

async function answer(backend: Backend, most = Number.POSITIVE_INFINITY): Promise<AnswerPart[]> {
  const signal = new AbortController().signal
  const model = await splitThoughts(backend).load(
    { kind: 'mlc', id: 'x' },
    { hub: huggingFace, network: browserNetwork, onProgress: () => {}, signal },
  )
  const parts: AnswerPart[] = []
  const end = await model.generate(
    { messages: [] },
    {
      signal,
      accepted: () => {},
      part: async (part) => {
        parts.push(part)
        return parts.length < most
      },
    },
  )
  expect(end.reason).toBe('stop')
  return parts
}

it('tells thoughts from content, wherever the pieces are cut', async () => {
  const parts = await answer(saying(['<th', 'ink>\n1 +', ' 1\n</thi', 'nk>\n\n', 'Two', '.']))
  const textOf = (type: AnswerPart['type']): string =>
    parts.map((part) => (part.type === type && 'text' in part ? part.text : '')).join('')
  expect([textOf('reasoning'), textOf('content')]).toEqual(['1 + 1', 'Two.'])
})

it('leaves an answer without thoughts as it is', async () => {
  expect(await answer(saying(['a < b', ' and <b>']))).toEqual([
    { type: 'content', text: 'a < b' },
    { type: 'content', text: ' and <b>' },
  ])
})

it('tells the backend when it is enough', async () => {
  const wanted: boolean[] = []
  expect(await answer(saying(['a', 'b', 'c'], wanted), 2)).toHaveLength(2)
  expect(wanted).toEqual([true, false, false])
})

it.each([
  [
    ['<think>', 'hm', '</think>', '\n\n', 'a ', '<b>'],
    [
      ['a ', ['a ']],
      ['<b>', ['<b>']],
    ],
  ],
  [
    ['a ', '<', '/b>', ' <'],
    [
      ['a ', ['a ']],
      ['</b>', ['<', '/b>']],
      [' ', []],
      ['<', [' <']],
    ],
  ],
])('gives each content of %o the chances of its tokens', async (pieces, expected) => {
  const parts = await answer(saying(pieces, [], true))
  const told = parts.flatMap((part) =>
    part.type === 'content' ? [[part.text, part.logprobs?.map(({ text }) => text)]] : [],
  )
  expect(told).toEqual(expected)
})
