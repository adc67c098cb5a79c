import {
  type AnswerReader,
  createAnswerReader,
  createJsonConstraint,
  createTokenTrie,
  describeTemplate,
  encodePrompt,
  renderPrompt,
  type TemplateAbilities,
  TextError,
  type TokenTrie,
  thoughtClosing,
  toolCallFrames,
} from '@sampan/text'
import type { GenerationRequest, TokenConstraint, ToolDefinition } from '../backend.ts'
import { SampanError } from '../errors.ts'
import { Thought } from './constraints/thought.ts'
import { ToolCalls } from './constraints/tool-calls.ts'
import { WholeJson } from './constraints/whole-json.ts'
import type { Conversation } from './open-conversation.ts'
import { SchemaCache } from './schema-cache.ts'

/** How one request is asked of the model, and how its answer is read. */
export interface AnswerPlan {
  readonly prompt: readonly number[]
  readonly reader: AnswerReader
  readonly constraint: TokenConstraint | undefined
}

/** Calls of an answer that must be calls, where several may be. */
const MOST_CALLS = 16
const thinkOpen = '<think>'
const thinkClose = '</think>'

/** Turns requests into prompts and constraints of one model. What that takes is found out when it is first needed. */
export class AnswerPlanner {
  readonly #conversation: Conversation
  readonly #schemas = new SchemaCache()
  #abilities: TemplateAbilities | undefined
  #trie: TokenTrie | undefined

  constructor(conversation: Conversation) {
    this.#conversation = conversation
  }

  /**
   * @throws TextError what the template and the schemas throw
   * @throws SampanError `request-unsupported` for what neither template nor tokenizer can do
   */
  plan(request: GenerationRequest): AnswerPlan {
    if (request.prompt !== undefined)
      return {
        prompt: encodePrompt(this.#conversation.tokenizer, request.prompt),
        reader: createAnswerReader({ thoughts: false }),
        constraint: undefined,
      }
    const { text, answerBegin } = this.#render(request)
    const calls = this.#usedTools(request).length > 0 ? this.#template.calls?.format : undefined
    // JSON may hold any text, tags of thoughts too, where none can be.
    const thoughts = this.#template.thoughts && (!request.format || this.#mayThink(request, answerBegin))
    return {
      prompt: encodePrompt(this.#conversation.tokenizer, text),
      reader: createAnswerReader({ thoughts, calls, before: answerBegin }),
      constraint: this.#constraint(request, answerBegin),
    }
  }

  /** Tokens of the prompt. */
  countTokens(request: GenerationRequest): number {
    return encodePrompt(this.#conversation.tokenizer, request.prompt ?? this.#render(request).text).length
  }

  get #template(): TemplateAbilities {
    this.#abilities ??= describeTemplate(this.#conversation.template)
    return this.#abilities
  }

  #render(request: GenerationRequest): { readonly text: string; readonly answerBegin: string } {
    return renderPrompt(this.#conversation.template, this.#template, {
      messages: request.messages,
      tools: this.#usedTools(request),
      thinking: request.thinking,
      continueFinalMessage: request.continueFinalMessage,
      variables: request.templateVariables,
    })
  }

  /** With `none` the model does not see the tools, as with OpenAI; a name leaves that one. */
  #usedTools({ tools = [], toolChoice = 'auto' }: GenerationRequest): readonly ToolDefinition[] {
    if (toolChoice === 'none') return []
    return typeof toolChoice === 'string' ? tools : tools.filter(({ name }) => name === toolChoice.name)
  }

  #constraint(request: GenerationRequest, answerBegin: string): TokenConstraint | undefined {
    const answer = this.#answerConstraint(request)
    if (!this.#mayThink(request, answerBegin)) return answer
    if (!answer && request.thinkingBudget === undefined) return undefined
    const { tokenizer } = this.#conversation
    const encode = (text: string): number[] => tokenizer.encode(text, { addSpecialTokens: false })
    return new Thought({
      vocabularySize: tokenizer.vocabularySize,
      textOf: (token) => (token < tokenizer.vocabularySize ? tokenizer.decode([token]) : ''),
      at: answerBegin.includes(thinkOpen) ? 'begun' : 'may',
      open: tokenizer.idOf(thinkOpen),
      closeText: thinkClose,
      closeTokens: encode(thoughtClosing),
      gapTokens: encode('\n\n'),
      budget: request.thinkingBudget,
      answer,
    })
  }

  /** The answer goes on within a thought, or may begin with one. */
  #mayThink({ thinking }: GenerationRequest, answerBegin: string): boolean {
    if (!this.#template.thoughts || answerBegin.includes(thinkClose)) return false
    return answerBegin.includes(thinkOpen) || (answerBegin === '' && thinking !== false)
  }

  #answerConstraint(request: GenerationRequest): TokenConstraint | undefined {
    const { toolChoice = 'auto', format } = request
    if (toolChoice === 'required' || typeof toolChoice === 'object') return this.#callsConstraint(request)
    if (!format) return undefined
    const { endTokenIds } = this.#conversation.tokenizer
    const grammar = naming('response_format', () => this.#schemas.grammar(format))
    return createJsonConstraint(grammar, this.#tokens, endTokenIds)
  }

  #callsConstraint(request: GenerationRequest): TokenConstraint {
    const { tokenizer } = this.#conversation
    const tools = this.#usedTools(request)
    const format = this.#template.calls?.format
    const [endToken] = tokenizer.endTokenIds
    if (!format || endToken === undefined)
      throw new SampanError(
        'request-unsupported',
        'tool_choice is not supported for this model: its chat template has no calls of tools that can be read. Leave tools out, or load a model such as Qwen2.5 or Qwen3.',
        { field: 'tool_choice' },
      )
    const { first, open, middle, close, between, last } = toolCallFrames[format]
    const encode = (text: string): number[] => tokenizer.encode(text, { addSpecialTokens: false })
    const opening = ({ name }: ToolDefinition): string =>
      open + (format === 'hermes' ? JSON.stringify(name).slice(1, -1) : name) + middle
    return new ToolCalls({
      openings: tools.map((tool) => encode(first + opening(tool))),
      nextOpenings: tools.map((tool) => encode(between + opening(tool))),
      close: encode(close),
      endings: tokenizer.endTokenIds.map((end) => [...encode(last), end]),
      vocabularySize: tokenizer.vocabularySize,
      argumentsOf: (index) => {
        const tool = tools[index]
        const schema = { type: 'object', properties: {}, ...tool?.parameters }
        const field = `tools[${request.tools?.findIndex(({ name }) => name === tool?.name) ?? index}].function.parameters`
        const grammar = naming(field, () => this.#schemas.grammar({ type: 'json-schema', schema }))
        return new WholeJson(createJsonConstraint(grammar, this.#tokens, [endToken]), endToken)
      },
      most: request.parallelToolCalls === false ? 1 : MOST_CALLS,
    })
  }

  get #tokens(): TokenTrie {
    const { tokenizer } = this.#conversation
    // A tag within JSON would be taken for one.
    const tags = [thinkOpen, thinkClose].flatMap((tag) => tokenizer.idOf(tag) ?? [])
    this.#trie ??= createTokenTrie(tokenizer, tokenizer.vocabularySize, tags)
    return this.#trie
  }
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
