import { expect, it } from 'vitest'
import type { AnswerPart, TokenLogprob } from '../backend.ts'
import { StopParts } from './stop-parts.ts'

const content = (text: string): AnswerPart => ({ type: 'content', text })

it('stops in content only, and not across what stands between', () => {
  const parts = new StopParts(['END'])
  const call: AnswerPart = { type: 'tool-arguments', index: 0, text: '"END"' }
  const thought: AnswerPart = { type: 'reasoning', text: 'END' }
  const given = [thought, content('E'), call, content('ND'), content(' END no')].flatMap((part) => parts.push(part))
  expect(given).toEqual([thought, content('E'), call, content('ND'), content(' ')])
  expect(parts.stopped).toBe(true)
})

it('tells that a call is void also where its text holds a stop string', () => {
  const parts = new StopParts(['get'])
  const void0: AnswerPart = { type: 'warning', code: 'tool-call-malformed', message: 'no call', index: 0 }
  const given = [content('{"name": "get'), void0, content('more')].flatMap((part) => parts.push(part))
  expect(given).toEqual([content('{"name": "'), void0])
})

it('gives the chances of the tokens that are whole before a stop string, of pieces of several too', () => {
  const piece = (...tokens: readonly string[]): AnswerPart => ({
    type: 'content',
    text: tokens.join(''),
    logprobs: tokens.map(
      (text): TokenLogprob => ({
        text,
        bytes: [...new TextEncoder().encode(text)],
        logprob: -1,
        top: [],
      }),
    ),
  })
  const told = (
    stop: string,
    ...pieces: readonly AnswerPart[]
  ): (readonly [string, readonly string[] | undefined])[] => {
    const parts = new StopParts([stop])
    const given = [...pieces.flatMap((part) => parts.push(part)), ...parts.finish()]
    return given.flatMap((part) =>
      part.type === 'content' ? [[part.text, part.logprobs?.map(({ text }) => text)] as const] : [],
    )
  }
  expect(told('bar', piece('foo'), piece('\u00a0', ' b', 'ar'))).toEqual([
    ['foo', ['foo']],
    ['\u00a0 ', ['\u00a0']],
  ])
  expect(told('bar', piece('é', 'x', 'b'), piece('az'))).toEqual([
    ['éx', ['é', 'x']],
    ['b', ['b']],
    ['az', ['az']],
  ])
  expect(told('END', piece('aEN'), piece('DE'))).toEqual([['a', []]])
})

it('passes tokens on: those without text at once, those of a piece that is cut with its rest', () => {
  const piece = (text: string, ...ids: readonly number[]): AnswerPart => ({
    type: 'content',
    text,
    tokens: ids.map((id) => ({ id, ms: id })),
  })
  const parts = new StopParts(['END'])
  expect(parts.push(piece('', 1))).toEqual([piece('', 1)])
  expect(parts.push(piece('aE', 2))).toEqual([{ type: 'content', text: 'a' }])
  // Behind what is held back its order is kept.
  expect(parts.push(piece('', 3))).toEqual([])
  expect(parts.push(piece('n', 4))).toEqual([piece('E', 2), piece('', 3), piece('n', 4)])
})
