import { useChat } from '@ai-sdk/react'
import {
  type ChatTransport,
  DirectChatTransport,
  generateText,
  type InferAgentUIMessage,
  isStepCount,
  Output,
  ToolLoopAgent,
  tool,
} from 'ai'
import { createElement, type ReactElement, useState } from 'react'
import { createRoot } from 'react-dom/client'
import { z } from 'zod'
import type { ChatModel } from '../ai-sdk/chat-model.ts'
import { sampan } from '../ai-sdk/sampan.ts'

// A React app as one would write it, to be imported by a test page: a chat over `useChat`, with no server behind it.

const get_current_weather = tool({
  description: 'Get the current weather in a given location',
  inputSchema: z.object({ location: z.string().max(40) }),
  strict: true,
  execute: ({ location }) => ({ location, weather: 'rain', temperature: 12 }),
})

export interface ChatAppOptions {
  /** The first step of an answer calls the tool, whatever the model would do. */
  readonly callsTool?: boolean
  readonly reasoning?: 'none' | 'low'
}

function makeAgent(
  model: ChatModel,
  { callsTool = false, reasoning = 'none' }: ChatAppOptions,
): ToolLoopAgent<never, { get_current_weather: typeof get_current_weather }> {
  return new ToolLoopAgent({
    model: sampan(model),
    temperature: 0,
    reasoning,
    maxOutputTokens: 256,
    tools: { get_current_weather },
    stopWhen: isStepCount(2),
    prepareStep: ({ stepNumber }) => {
      if (!callsTool) return { activeTools: [] }
      return { toolChoice: stepNumber === 0 ? { type: 'tool', toolName: 'get_current_weather' } : 'none' }
    },
  })
}

type Message = InferAgentUIMessage<ReturnType<typeof makeAgent>>
type Part = Message['parts'][number]

function partText(part: Part): string {
  if (part.type === 'text' || part.type === 'reasoning') return part.text
  return 'output' in part ? JSON.stringify(part.output) : ''
}

function Chat({ transport }: { readonly transport: ChatTransport<Message> }): ReactElement {
  const { messages, sendMessage, status, stop, error } = useChat({ transport })
  const [text, setText] = useState('')
  const send = (event: { preventDefault(): void }): void => {
    event.preventDefault()
    void sendMessage({ text })
    setText('')
  }
  return createElement(
    'form',
    { onSubmit: send },
    messages.map(({ id, role, parts }) =>
      createElement(
        'section',
        { key: id, className: role },
        parts.map((part, index) => createElement('p', { key: index, className: part.type }, partText(part))),
      ),
    ),
    createElement('input', { value: text, onChange: (event) => setText(event.target.value) }),
    createElement('button', { type: 'button', onClick: () => void stop() }, 'Stop'),
    createElement('output', null, error ? `error: ${error.message}` : status),
  )
}

/** Shows a chat with this model, in place of what the page shows. */
export function showChat(model: ChatModel, options: ChatAppOptions = {}): void {
  const root = document.createElement('main')
  document.body.replaceChildren(root)
  const transport = new DirectChatTransport({ agent: makeAgent(model, options) })
  createRoot(root).render(createElement(Chat, { transport }))
}

/** An answer in the form of a schema, drawn at random. */
export async function askForPerson(model: ChatModel, seed: number): Promise<unknown> {
  const { output } = await generateText({
    model: sampan(model),
    prompt: 'Ada is 36 years old. Reply with JSON.',
    temperature: 1.5,
    seed,
    output: Output.object({ schema: z.object({ name: z.string().max(20), age: z.int().min(0).max(150) }) }),
  })
  return output
}
