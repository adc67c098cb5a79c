import { expect } from 'vitest'
import type { Reading, Reply, ReplyError } from './page-models.ts'

/** A loaded model, whatever computes it. */
export interface Subject {
  ask(request: object, reading?: Reading): Promise<Reply>
  countTokens(request: object): Promise<number | ReplyError>
  fetch(path: string, body: object): Promise<{ readonly status: number; readonly text: string }>
}

export interface Behaviour {
  readonly name: string
  check(model: Subject): Promise<void>
}

export const user = (content: string): { readonly role: 'user'; readonly content: string } => ({
  role: 'user',
  content,
})
export const talk = { messages: [user('What can you do?')], temperature: 0, max_tokens: 16 }
export const whole: Reading = { whole: true }
/** What a reply without an error says. */
export function contentOf({ choices, error }: Reply): string {
  expect(error).toBeUndefined()
  return choices[0]?.content ?? ''
}
/** What must not depend on how a reply is read, nor on the cache. */
export const shapeOf = ({ choices, usage, error }: Reply): object => ({
  ...{ choices, error },
  tokens: [usage?.prompt_tokens, usage?.completion_tokens, usage?.total_tokens],
})

/** `object` where the reply must be JSON. */
export function parsed(reply: Reply): unknown {
  expect(reply).toMatchObject({ error: undefined, choices: [{ finish: 'stop' }] })
  return JSON.parse(contentOf(reply))
}
