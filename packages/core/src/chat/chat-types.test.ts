import type { OpenAI } from 'openai'
import { expectTypeOf, it } from 'vitest'
import { answerHead, completion, deltaChunk, usageChunk } from './answer.ts'
import type {
  ChatCompletion,
  ChatCompletionChunk,
  ChatCompletionRequestNonStreaming,
  ChatCompletionRequestStreaming,
} from './chat-types.ts'

it('gives answers that code written for the openai package takes', () => {
  expectTypeOf<ChatCompletion>().toExtend<OpenAI.ChatCompletion>()
  expectTypeOf<ChatCompletionChunk>().toExtend<OpenAI.ChatCompletionChunk>()
  const head = answerHead('model')
  const end = { reason: 'stop', promptTokens: 1, completionTokens: 2 } as const
  const values: (OpenAI.ChatCompletion | OpenAI.ChatCompletionChunk)[] = [
    completion(head, 'text', end),
    deltaChunk(head, { content: 'x' }),
    usageChunk(head, end),
  ]
  expectTypeOf(values).not.toBeAny()
})

it('takes the text requests of code written for the openai package', () => {
  type Fields = 'temperature' | 'top_p' | 'seed' | 'max_tokens' | 'max_completion_tokens' | 'stop'
  expectTypeOf<Pick<OpenAI.ChatCompletionCreateParamsNonStreaming, Fields>>().toExtend<
    Omit<ChatCompletionRequestNonStreaming, 'messages'>
  >()
  expectTypeOf<Pick<OpenAI.ChatCompletionCreateParamsStreaming, Fields | 'stream' | 'stream_options'>>().toExtend<
    Omit<ChatCompletionRequestStreaming, 'messages'>
  >()
})
