import { isRecord, type Json } from './plain-json.ts'
import type { ToolCall } from './tool-calls.ts'

export type Language = 'en' | 'zh'

/** What a right reply is. `inside` and `beyond` ask only how it opens. */
export type Expected =
  | { readonly kind: 'text'; readonly value: string }
  /** Any of these replies. */
  | { readonly kind: 'any'; readonly value: readonly string[] }
  /** The last number of the reply. */
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'json'; readonly value: Json }
  /** Empty: no tool is to be called. */
  | { readonly kind: 'calls'; readonly value: readonly ToolCall[] }
  | { readonly kind: 'beyond' }
  | { readonly kind: 'inside' }

/** Where a case comes from: the corpus generator's kept-out part, or written by hand without it, cases and lists of questions. */
export type Source = 'held-out' | 'by-hand' | 'outside' | 'inside'

export interface Message {
  readonly role: string
  readonly [field: string]: Json
}

export interface EvaluationCase {
  readonly id: string
  readonly source: Source
  readonly task: string
  readonly lang: Language
  /** OpenAI's shape. */
  readonly messages: readonly Message[]
  readonly tools?: readonly Json[]
  /** The template's `enable_thinking`. */
  readonly thinking: boolean
  readonly expected: Expected
  /** Numbers and names that the reply has to hold. */
  readonly copied: readonly string[]
  /** A right reply says that this needs a larger model. */
  readonly outside: boolean
  /** What the generator would write, thought included. */
  readonly reply?: string
}

/**
 * Cases out of lines of JSON.
 * @throws TypeError that names line and field
 */
export function parseCases(text: string, source: Source): readonly EvaluationCase[] {
  return text.split('\n').flatMap((line, index) => {
    if (line.trim() === '') return []
    return [parseCase(JSON.parse(line), source, `${source}, line ${index + 1}`)]
  })
}

/** One case for each line of a plain list of questions. */
export function questionCases(text: string, source: 'outside' | 'inside', lang: Language): readonly EvaluationCase[] {
  return text.split('\n').flatMap((line, index) => {
    if (line.trim() === '') return []
    return [
      {
        id: `${source}-${lang}-${index + 1}`,
        source,
        task: source,
        lang,
        messages: [{ role: 'user', content: line.trim() }],
        thinking: false,
        expected: { kind: source === 'outside' ? 'beyond' : 'inside' },
        copied: [],
        outside: source === 'outside',
      },
    ]
  })
}

function parseCase(value: unknown, source: Source, where: string): EvaluationCase {
  if (!isRecord(value)) throw new TypeError(`${where} is no object`)
  const lang = value['lang']
  if (lang !== 'en' && lang !== 'zh') throw new TypeError(`${where}: lang is neither en nor zh`)
  const { tools, reply, copied = [], thinking = false, outside = false } = value
  if (tools !== undefined && !isList(tools)) throw new TypeError(`${where}: tools is no list`)
  if (reply !== undefined && typeof reply !== 'string') throw new TypeError(`${where}: reply is no text`)
  if (typeof thinking !== 'boolean' || typeof outside !== 'boolean') {
    throw new TypeError(`${where}: thinking and outside are true or false`)
  }
  return {
    id: textOf(value['id'], `${where}: id`),
    source,
    task: textOf(value['task'], `${where}: task`),
    lang,
    messages: messagesOf(value['messages'], `${where}: messages`),
    ...(tools !== undefined && { tools }),
    thinking,
    expected: expectedOf(value['expected'], `${where}: expected`),
    copied: textsOf(copied, `${where}: copied`),
    outside,
    ...(reply !== undefined && { reply }),
  }
}

function expectedOf(value: unknown, where: string): Expected {
  if (!isRecord(value)) throw new TypeError(`${where} is no object`)
  const { kind, value: right } = value
  switch (kind) {
    case 'text':
      return { kind, value: textOf(right, `${where}.value`) }
    case 'any':
      return { kind, value: textsOf(right, `${where}.value`) }
    case 'number':
      if (typeof right !== 'number') throw new TypeError(`${where}.value is no number`)
      return { kind, value: right }
    case 'json':
      if (!isJson(right)) throw new TypeError(`${where}.value is missing`)
      return { kind, value: right }
    case 'calls':
      return { kind, value: callsOf(right, `${where}.value`) }
    case 'beyond':
    case 'inside':
      return { kind }
    default:
      throw new TypeError(`${where}.kind is not known: ${String(kind)}`)
  }
}

function callsOf(value: unknown, where: string): readonly ToolCall[] {
  if (!isList(value)) throw new TypeError(`${where} is no list`)
  return value.map((call, index) => {
    const given = isRecord(call) ? call['arguments'] : undefined
    if (!isRecord(call) || typeof call['name'] !== 'string' || !isJson(given)) {
      throw new TypeError(`${where}[${index}] has no name and arguments`)
    }
    return { name: call['name'], arguments: given }
  })
}

function messagesOf(value: unknown, where: string): readonly Message[] {
  if (!isList(value) || value.length === 0) throw new TypeError(`${where} is no list of messages`)
  return value.map((message, index) => {
    if (!isRecord(message) || typeof message['role'] !== 'string' || !isJsonRecord(message)) {
      throw new TypeError(`${where}[${index}] has no role`)
    }
    return { ...message, role: message['role'] }
  })
}

function textsOf(value: unknown, where: string): readonly string[] {
  if (!Array.isArray(value)) throw new TypeError(`${where} is no list`)
  return value.map((entry, index) => textOf(entry, `${where}[${index}]`))
}

function textOf(value: unknown, where: string): string {
  if (typeof value !== 'string') throw new TypeError(`${where} is no text`)
  return value
}

// All of it came out of JSON.parse, so that anything but `undefined` is JSON.
const isJson = (value: unknown): value is Json => value !== undefined
const isJsonRecord = (value: unknown): value is Readonly<Record<string, Json>> => isRecord(value)
const isList = (value: unknown): value is readonly Json[] => Array.isArray(value)
