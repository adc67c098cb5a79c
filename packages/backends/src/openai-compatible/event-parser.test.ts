import { describe, expect, it } from 'vitest'
import { EventParser, MOST_LINE_LENGTH } from './event-parser.ts'

const stream = [
  ': a comment\n',
  'data: one\n\n',
  'data:two\r\n\r\n',
  'data: a\r\ndata: b\r\n\r\n',
  'data: three\rdata:  four\r\rdata\n\n',
  'event: error\nid: 7\nretry: 10\ndata: {"a":\ndata: 1}\n\n',
  'event: nothing\n\n',
  'error: {"code":500}\n\n',
  'data: é✓🛶\n\n',
  'data: cut off\n',
].join('')
const expected = [
  { type: 'message', data: 'one' },
  { type: 'message', data: 'two' },
  { type: 'message', data: 'a\nb' },
  { type: 'message', data: 'three\n four' },
  { type: 'message', data: '' },
  { type: 'error', data: '{"a":\n1}' },
  { type: 'error', data: '{"code":500}' },
  { type: 'message', data: 'é✓🛶' },
]

describe('EventParser', () => {
  it('reads fields, comments, every end of a line and data over several lines', () => {
    expect(new EventParser().push(stream)).toEqual(expected)
  })

  it.each([1, 2, 3, 7])('reads the same in pieces of %i', (size) => {
    const parser = new EventParser()
    const pieces = Array.from({ length: Math.ceil(stream.length / size) }, (_, at) =>
      stream.slice(at * size, (at + 1) * size),
    )
    expect(pieces.flatMap((piece) => [...parser.push(''), ...parser.push(piece)])).toEqual(expected)
  })

  it('refuses lines and events without end', () => {
    const line = new EventParser()
    line.push('data: ')
    expect(() => {
      for (let i = 0; i < 99; i++) line.push('x'.repeat(MOST_LINE_LENGTH / 10))
    }).toThrow(expect.objectContaining({ code: 'backend-failed' }))
    const event = new EventParser()
    expect(() => {
      for (let i = 0; i < 99; i++) event.push(`data: ${'x'.repeat(MOST_LINE_LENGTH / 10)}\n`)
    }).toThrow(expect.objectContaining({ code: 'backend-failed' }))
  })
})
