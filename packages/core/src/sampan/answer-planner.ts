import {
  type AnswerReader,
  createAnswerReader,
  describeTemplate,
  renderPrompt,
  type TemplateAbilities,
  thoughtClosing,
} from '@sampan/text'
import type { GenerationRequest, KnownTokens, TokenConstraint, ToolDefinition } from '../backend.ts'
import { AnswerConstraints } from './answer-constraints.ts'
import { Thought } from './constraints/thought.ts'
import { rememberTokens } from './known-tokens.ts'
import type { Conversation } from './open-conversation.ts'
import { type AnswerTrace, PromptEncoder } from './prompt-encoder.ts'
import { tagTokens, textOfToken, thinkClose, thinkOpen } from './tag-tokens.ts'

/** How one request is asked of the model, and how its answer is read. */
export interface AnswerPlan {
  readonly prompt: readonly number[]
  /** The prompt before it was made into tokens. */
  /** Empty of a prompt that was given as tokens. */
  readonly text: string
  readonly reader: AnswerReader
  readonly constraint: TokenConstraint | undefined
  /** Tokens that the reader must see though they may be control tokens. */
  readonly tags: ReadonlySet<number>
}

/** Turns requests into prompts and constraints of one model. What that takes is found out when it is first needed. */
export class AnswerPlanner {
  readonly #conversation: Conversation
  readonly #constraints: AnswerConstraints
  readonly #prompts: PromptEncoder
  #abilities: TemplateAbilities | undefined

  constructor(conversation: Conversation) {
    this.#conversation = conversation
    this.#constraints = new AnswerConstraints(conversation)
    this.#prompts = new PromptEncoder(conversation.tokenizer)
  }

  /**
   * @param now what the template's clock shows
   * @throws TextError what the template and the schemas throw
   * @throws SampanError `request-unsupported` for what neither template nor tokenizer can do, `request-invalid`
   */
  plan(request: GenerationRequest, now?: Date): AnswerPlan {
    if (request.prompt !== undefined)
      return {
        prompt: typeof request.prompt === 'string' ? this.#encode(request, request.prompt) : request.prompt,
        text: typeof request.prompt === 'string' ? request.prompt : '',
        reader: createAnswerReader({ thoughts: false }),
        constraint: undefined,
        tags: new Set(),
      }
    const { text, answerBegin } = this.#render(request, now)
    const calls = this.#usedTools(request).length > 0 ? this.#template.calls?.format : undefined
    // JSON may hold any text, tags of thoughts too, where none can be.
    const thoughts = this.#template.thoughts && (!request.format || this.#mayThink(request, answerBegin))
    return {
      prompt: this.#encode(request, text),
      text,
      reader: createAnswerReader({ thoughts, calls, before: answerBegin }),
      constraint: this.#constraint(request, answerBegin),
      tags: calls || thoughts ? tagTokens(this.#conversation.tokenizer) : new Set(),
    }
  }

  /** Tokens of the prompt, if it were asked now. */
  countTokens(request: GenerationRequest): number {
    if (typeof request.prompt === 'object') return request.prompt.length
    return this.#encode(request, request.prompt ?? this.#render(request).text).length
  }

  /** Sees the answer to a plan's prompt, so that a next prompt that has it begins with its very tokens. */
  trace({ text, prompt }: AnswerPlan): AnswerTrace {
    return this.#prompts.trace(text, prompt)
  }

  /** Takes the tokens of another time for what they spell. */
  remember(known: KnownTokens): void {
    rememberTokens(this.#prompts, this.#conversation.tokenizer, known)
  }

  /** Without the cache a prompt does not depend on earlier answers either. */
  #encode({ cachePrompt }: GenerationRequest, text: string): number[] {
    return this.#prompts.encode(text, cachePrompt !== false)
  }

  get #template(): TemplateAbilities {
    this.#abilities ??= describeTemplate(this.#conversation.template)
    return this.#abilities
  }

  #render(request: GenerationRequest, now?: Date): { readonly text: string; readonly answerBegin: string } {
    return renderPrompt(this.#conversation.template, this.#template, {
      messages: request.messages,
      tools: this.#usedTools(request),
      thinking: request.thinking,
      continueFinalMessage: request.continueFinalMessage,
      variables: request.templateVariables,
      now,
    })
  }

  /** With `none` the model does not see the tools, as with OpenAI; a name leaves that one. */
  #usedTools({ tools = [], toolChoice = 'auto' }: GenerationRequest): readonly ToolDefinition[] {
    if (toolChoice === 'none') return []
    return typeof toolChoice === 'string' ? tools : tools.filter(({ name }) => name === toolChoice.name)
  }

  #constraint(request: GenerationRequest, answerBegin: string): TokenConstraint | undefined {
    const { tokenizer } = this.#conversation
    const { format, parallelToolCalls, toolChoice = 'auto' } = request
    const answer = this.#constraints.of({
      format,
      parallelToolCalls,
      toolChoice,
      tools: this.#usedTools(request).map((tool) => ({ tool, field: `tools[${request.tools?.indexOf(tool) ?? 0}]` })),
      calls: this.#template.calls?.format,
      written: this.#template.thoughts ? withoutThought(answerBegin) : answerBegin,
    })
    if (!this.#mayThink(request, answerBegin)) return answer
    if (!answer && request.thinkingBudget === undefined) return undefined
    const encode = (text: string): number[] => tokenizer.encode(text, { addSpecialTokens: false })
    return new Thought({
      vocabularySize: tokenizer.vocabularySize,
      textOf: (token) => textOfToken(tokenizer, token),
      at: beginsThought(answerBegin) ? 'begun' : 'may',
      open: tokenizer.idOf(thinkOpen),
      openText: thinkOpen,
      closeText: thinkClose,
      closeTokens: encode(thoughtClosing),
      gapTokens: encode('\n\n'),
      endTokens: tokenizer.endTokenIds,
      budget: request.thinkingBudget,
      answer,
    })
  }

  /** The answer goes on within a thought, or may begin with one. */
  #mayThink({ thinking }: GenerationRequest, answerBegin: string): boolean {
    if (!this.#template.thoughts) return false
    if (beginsThought(answerBegin)) return !answerBegin.includes(thinkClose)
    return answerBegin === '' && thinking !== false
  }
}

/** Elsewhere a tag is text. */
function beginsThought(answerBegin: string): boolean {
  return answerBegin.trimStart().startsWith(thinkOpen)
}

/** The content in what stands of an answer already. */
function withoutThought(answerBegin: string): string {
  if (!beginsThought(answerBegin)) return answerBegin
  const end = answerBegin.indexOf(thinkClose)
  return end < 0 ? '' : answerBegin.slice(end + thinkClose.length).trimStart()
}
