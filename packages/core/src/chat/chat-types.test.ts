import type { OpenAI } from 'openai'
import { expectTypeOf, it } from 'vitest'
import type {
  AnswerMessage,
  ChatCompletion,
  ChatCompletionChunk,
  ChatCompletionRequestNonStreaming,
  ChatCompletionRequestStreaming,
  ChatMessage,
} from './chat-types.ts'
import type { Completions } from './completions.ts'

it('gives answers that code written for the openai package takes', () => {
  expectTypeOf<ChatCompletion>().toExtend<OpenAI.ChatCompletion>()
  expectTypeOf<ChatCompletionChunk>().toExtend<OpenAI.ChatCompletionChunk>()
  expectTypeOf<ChatCompletionChunk>().not.toBeAny()
})

it('takes the requests of code written for the openai package', () => {
  expectTypeOf<OpenAI.ChatCompletionMessageParam>().toExtend<ChatMessage>()
  expectTypeOf<OpenAI.ChatCompletionCreateParamsNonStreaming>().toExtend<ChatCompletionRequestNonStreaming>()
  expectTypeOf<OpenAI.ChatCompletionCreateParamsStreaming>().toExtend<ChatCompletionRequestStreaming>()
  expectTypeOf<OpenAI.ChatCompletionCreateParamsNonStreaming>().toExtend<Parameters<Completions['create']>[0]>()
})

it('takes its own answers back, and those of the openai package', () => {
  expectTypeOf<AnswerMessage>().toExtend<ChatMessage>()
  expectTypeOf<OpenAI.ChatCompletionMessage>().toExtend<ChatMessage>()
})
