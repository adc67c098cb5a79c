import {
  anyJsonObject,
  createJsonConstraint,
  createTokenTrie,
  type JsonGrammar,
  TextError,
  type TokenTrie,
  type ToolCallFormat,
  toolCallFrames,
} from '@sampan/text'
import type { GenerationRequest, TokenConstraint, ToolDefinition } from '../backend.ts'
import { SampanError } from '../errors.ts'
import { BegunCalls } from './constraints/begun-calls.ts'
import { OneOf } from './constraints/one-of.ts'
import { ToolCalls } from './constraints/tool-calls.ts'
import { type LastToken, WholeJson } from './constraints/whole-json.ts'
import { lastTokens, leadingSpace } from './joined-tokens.ts'
import type { Conversation } from './open-conversation.ts'
import { SchemaCache } from './schema-cache.ts'
import { tagTokens, textOfToken } from './tag-tokens.ts'

/** Calls of an answer that must be calls, where several may be. */
const MOST_CALLS = 16

/** What of a request binds the answer after its thoughts. */
export interface BoundRequest {
  readonly format: GenerationRequest['format']
  readonly parallelToolCalls: boolean | undefined
  readonly toolChoice: NonNullable<GenerationRequest['toolChoice']>
  /** That the model sees, with the field of the request that holds each. */
  readonly tools: readonly { readonly tool: ToolDefinition; readonly field: string }[]
  /** How the model calls them. */
  readonly calls: ToolCallFormat | undefined
  /** The content's beginning that stands in the prompt. */
  readonly written: string
}

/** Makes what binds the answers of one model. */
export class AnswerConstraints {
  readonly #conversation: Conversation
  readonly #schemas = new SchemaCache()
  #trie: TokenTrie | undefined
  #lasts: ReadonlyMap<number, LastToken> | undefined

  constructor(conversation: Conversation) {
    this.#conversation = conversation
  }

  /**
   * Undefined where any text will do.
   * @throws TextError what compiling schemas throws
   * @throws SampanError `request-unsupported`, `request-invalid`
   */
  of(request: BoundRequest): TokenConstraint | undefined {
    const { toolChoice, format, tools } = request
    if (toolChoice === 'required' || typeof toolChoice === 'object') return this.#calls(request)
    const { vocabularySize } = this.#conversation.tokenizer
    if (format) {
      const content = this.#content(format, request.written)
      return tools.length > 0 && request.written === ''
        ? new OneOf([content, this.#calls(request)], vocabularySize)
        : content
    }
    return tools.some(({ tool }) => tool.strict) ? this.#begunCalls(request) : undefined
  }

  #content(format: NonNullable<GenerationRequest['format']>, written: string): TokenConstraint {
    const { endTokenIds } = this.#conversation.tokenizer
    const grammar = naming('response_format', () => this.#schemas.grammar(format))
    const constraint = createJsonConstraint(grammar, this.#tokens, endTokenIds)
    try {
      for (const token of this.#encode(written)) constraint.accept(token)
    } catch (cause) {
      if (!TextError.isInstance(cause)) throw cause
      throw new SampanError(
        'request-invalid',
        'continue_final_message goes on with an answer that does not begin as response_format wants it: send an answer that does, or ask for a new one.',
        { field: 'continue_final_message' },
        { cause },
      )
    }
    return constraint
  }

  /** From the beginning of the answer on, or from behind `skip`, which begins every call. */
  #calls(request: BoundRequest, skip = ''): ToolCalls {
    const { tokenizer } = this.#conversation
    const { tools, calls: format } = request
    const [endToken] = tokenizer.endTokenIds
    if (!format || endToken === undefined) throw noCalls()
    const { first, close, between, last } = toolCallFrames[format]
    // Before the answer begins, so that what cannot be done is told at once.
    const trie = this.#tokens
    const grammars = tools.map(({ tool, field }) => this.#argumentsGrammar(tool, field))
    const space = toolCallFrames[format].middle.endsWith(' ') ? leadingSpace(tokenizer) : undefined
    const lasts = this.#lastTokens(close)
    const opening = (tool: ToolDefinition, before: string, from = 0): number[] =>
      this.#encode((before + openingOf(format, tool)).slice(from, space && -1))
    return new ToolCalls({
      openings: tools.map(({ tool }) => opening(tool, first, skip.length)),
      nextOpenings: tools.map(({ tool }) => opening(tool, between)),
      close: (written) => this.#encode(close.slice(written.length)),
      endings: tokenizer.endTokenIds.map((end) => [...this.#encode(last), end]),
      vocabularySize: tokenizer.vocabularySize,
      argumentsOf: (index) => {
        const grammar = grammars[index] ?? anyJsonObject()
        return new WholeJson({
          json: createJsonConstraint(grammar, trie, [endToken]),
          endToken,
          textOf: (token) => textOfToken(tokenizer, token),
          space,
          lastTokens: lasts,
        })
      },
      // A function that is named is called once, as with OpenAI.
      most: request.parallelToolCalls === false || typeof request.toolChoice === 'object' ? 1 : MOST_CALLS,
    })
  }

  #begunCalls(request: BoundRequest): TokenConstraint {
    const { tokenizer } = this.#conversation
    const format = request.calls
    const tag = format && toolCallFrames[format].begin[0]
    if (!tag) throw noCalls()
    // Schemas that cannot be followed are told before the answer begins.
    this.#calls(request)
    const { first } = toolCallFrames[format]
    return new BegunCalls({
      textOf: (token) => textOfToken(tokenizer, token),
      tag,
      calls: (written) => {
        const skip = tag + written
        const tools = request.tools.filter(({ tool }) => (first + openingOf(format, tool)).startsWith(skip))
        return tools.length > 0 ? this.#calls({ ...request, tools }, skip) : undefined
      },
    })
  }

  /** Only strict tools hold the model to a schema that is not understood; others are then held to JSON. */
  #argumentsGrammar({ parameters, strict }: ToolDefinition, field: string): JsonGrammar {
    const object = { type: 'object', properties: {} }
    const schema = parameters ? { ...object, ...parameters } : { ...object, additionalProperties: false }
    try {
      return naming(`${field}.function.parameters`, () => this.#schemas.grammar({ type: 'json-schema', schema }))
    } catch (error) {
      if (strict || !TextError.isInstance(error) || error.code !== 'schema-unsupported') throw error
      return this.#schemas.grammar({ type: 'json-object' })
    }
  }

  /** A model's calls are closed in one way, and its vocabulary is looked through once. */
  #lastTokens(close: string): ReadonlyMap<number, LastToken> {
    this.#lasts ??= lastTokens(this.#conversation.tokenizer, close)
    return this.#lasts
  }

  #encode(text: string): number[] {
    return this.#conversation.tokenizer.encode(text, { addSpecialTokens: false })
  }

  get #tokens(): TokenTrie {
    const { tokenizer } = this.#conversation
    // A tag within JSON would be taken for one.
    this.#trie ??= createTokenTrie(tokenizer, tokenizer.vocabularySize, [...tagTokens(tokenizer)])
    return this.#trie
  }
}

/** From where a call begins to where its arguments do. */
function openingOf(format: ToolCallFormat, { name }: ToolDefinition): string {
  const { open, middle } = toolCallFrames[format]
  return open + name + middle
}

function noCalls(): SampanError {
  return new SampanError(
    'request-unsupported',
    'tool_choice is not supported for this model: its chat template has no calls of tools that can be read. Leave tools out, or load a model such as Qwen2.5 or Qwen3.',
    { field: 'tool_choice' },
  )
}

/** An error of a schema says in which field of the request that stands. */
function naming<T>(field: string, compile: () => T): T {
  try {
    return compile()
  } catch (error) {
    if (!TextError.isInstance(error) || !error.code.startsWith('schema-')) throw error
    throw new TextError(error.code, error.message, { ...error.details, field })
  }
}
