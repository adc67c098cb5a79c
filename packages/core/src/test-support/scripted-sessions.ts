import type { AnswerPart, GenerationRequest, ModelInfo } from '../backend.ts'
import { openSession } from '../session/open-session.ts'
import type { Session } from '../session/session.ts'
import type { SessionReply } from '../session/session-reply.ts'
import type { SessionOptions } from '../session/session-types.ts'
import { type Script, ScriptedSource } from './scripted-source.ts'

export interface ScriptedSessions {
  readonly source: ScriptedSource
  readonly open: (options?: SessionOptions) => Session
}

/** Sessions of a model that does what the scripts say. A character is a token to it. */
export function scriptedSessions(...scripts: readonly Script[]): ScriptedSessions {
  return sessionsOf(new ScriptedSource(...scripts))
}

export function sessionsOf(source: ScriptedSource, about: Partial<ModelInfo> = {}): ScriptedSessions {
  const client = {
    generate: source.generate.bind(source),
    countTokens: async (request: GenerationRequest) => textLength(request),
  }
  const info = { ...source.info, ...about }
  return { source, open: (options = {}) => openSession({ info, client }, options) }
}

export function textLength({ messages }: GenerationRequest): number {
  return messages.reduce((sum, { content }) => sum + content.length, 0)
}

/** Says what it is asked, in pieces. */
export const echo: Script = async ({ messages }, { accepted, part }) => {
  accepted()
  const said = messages.at(-1)?.content ?? ''
  for (const text of [`${said.slice(0, 1)}`, `${said.slice(1)}!`]) await part({ type: 'content', text })
  return {}
}

export async function partsOf(reply: SessionReply): Promise<AnswerPart[]> {
  const parts: AnswerPart[] = []
  for await (const part of reply) parts.push(part)
  return parts
}

/** The texts that a model was given, by request. */
export function asked(source: ScriptedSource): string[][] {
  return source.requests.map(({ messages }) => messages.map(({ content }) => content))
}
