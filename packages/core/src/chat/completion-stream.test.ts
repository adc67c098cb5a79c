import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { describe, expect, it, vi } from 'vitest'
import { AnswerReceiver } from '../worker/answer-receiver.ts'
import type { StreamCommand, StreamEvent } from '../worker/protocol.ts'
import { answerHead } from './answer.ts'
import { AnswerRun } from './answer-run.ts'
import type { ChatCompletionChunk } from './chat-types.ts'
import { ChatCompletionStream } from './completion-stream.ts'

setFlagsFromString('--expose-gc')
const collectGarbage: () => void = runInNewContext('gc')

interface Wire {
  readonly stream: ChatCompletionStream
  readonly commands: StreamCommand[]
  send(event: StreamEvent): void
}

const request = { generation: { messages: [] }, stop: [], choices: 1, stream: true, includeUsage: undefined }

async function open(includeUsage?: boolean): Promise<Wire> {
  const { port1, port2 } = new MessageChannel()
  const commands: StreamCommand[] = []
  port2.onmessage = ({ data }: MessageEvent<StreamCommand>) => commands.push(data)
  const source = { generate: () => Promise.resolve(new AnswerReceiver(port1)) }
  const run = await AnswerRun.start(source, request)
  return {
    stream: new ChatCompletionStream(answerHead('test'), run, includeUsage),
    commands,
    send: (event) => port2.postMessage(event),
  }
}

const aborted = (commands: readonly StreamCommand[]): Promise<void> =>
  vi.waitFor(() => {
    collectGarbage()
    expect(commands).toContainEqual({ type: 'abort' })
  })

describe('ChatCompletionStream', () => {
  it('stops the generation when it is left before the first chunk', async () => {
    const { stream, commands } = await open()
    const iterator = stream[Symbol.asyncIterator]()
    expect(await iterator.return?.()).toEqual({ done: true, value: undefined })
    expect(await iterator.next()).toEqual({ done: true, value: undefined })
    await vi.waitFor(() => expect(commands).toEqual([{ type: 'abort' }]))
  })

  it('stops the generation when it is left while a chunk is awaited', async () => {
    const { stream, commands } = await open()
    const iterator = stream[Symbol.asyncIterator]()
    await iterator.next()
    const waiting = iterator.next()
    expect(await iterator.return?.()).toMatchObject({ done: true })
    expect(await waiting).toMatchObject({ done: true })
    await vi.waitFor(() => expect(commands).toEqual([{ type: 'abort' }]))
  })

  it('stops the generation when nobody holds it any more', async () => {
    await aborted((await open()).commands)
  })

  it('stops the generation when nobody holds its iterator any more, used or not', async () => {
    const unused = await open()
    unused.stream[Symbol.asyncIterator]()
    await aborted(unused.commands)
    const used = await open()
    await (async () => {
      await used.stream[Symbol.asyncIterator]().next()
    })()
    await aborted(used.commands)
    expect(unused.stream).not.toBe(used.stream)
  })

  it('goes on while its iterator is held and the stream is not', async () => {
    let wire: Wire | undefined = await open()
    const { commands, send } = wire
    const iterator = wire.stream[Symbol.asyncIterator]()
    wire = undefined
    for (let round = 0; round < 5; round++) {
      await new Promise((resolve) => setTimeout(resolve, 10))
      collectGarbage()
    }
    send({ type: 'parts', parts: [{ type: 'content', text: 'x' }] })
    await iterator.next()
    expect(await iterator.next()).toMatchObject({ value: { choices: [{ delta: { content: 'x' } }] } })
    expect(commands).not.toContainEqual({ type: 'abort' })
  })

  it('tells the usage where it was asked for', async () => {
    const usage = { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 }
    const chunksWith = async (includeUsage?: boolean): Promise<ChatCompletionChunk[]> => {
      const { stream, send } = await open(includeUsage)
      send({ type: 'end', end: { reason: 'length', promptTokens: 3, completionTokens: 2 } })
      const chunks: ChatCompletionChunk[] = []
      for await (const chunk of stream) chunks.push(chunk)
      return chunks
    }
    const finish = { choices: [{ finish_reason: 'length' }] }
    const [, unasked, none] = await chunksWith()
    expect(unasked).toMatchObject({ ...finish, usage })
    expect(none).toBeUndefined()
    const [, asked, last] = await chunksWith(true)
    expect(asked).toMatchObject(finish)
    expect(asked).not.toHaveProperty('usage')
    expect(last).toMatchObject({ choices: [], usage })
    const refused = await chunksWith(false)
    expect(refused.at(-1)).toMatchObject(finish)
    expect(refused.some((chunk) => 'usage' in chunk)).toBe(false)
  })
})
