import type { ChatTemplate, RenderOptions, TemplateMessage } from '../chat-template/chat-template.ts'
import { TextError } from '../errors.ts'
import { thoughtClosing } from './answer-reader.ts'
import type { ConversationMessage, ConversationTool } from './conversation.ts'
import type { TemplateAbilities } from './describe-template.ts'
import { toTemplateMessages } from './template-messages.ts'

export interface PromptOptions {
  readonly messages: readonly ConversationMessage[]
  readonly tools?: readonly ConversationTool[] | undefined
  /** Thoughts first or none, also where the template has no switch for it. Default: as the template does by itself. */
  readonly thinking?: boolean | undefined
  /** The last message is an answer to be gone on with, thoughts and all. */
  readonly continueFinalMessage?: boolean | undefined
  /** More variables for the template. */
  readonly variables?: Readonly<Record<string, unknown>> | undefined
  /** What the template's clock shows. Default now. */
  readonly now?: Date | undefined
}

export interface AnswerPrompt {
  /** For `encodePrompt`. */
  readonly text: string
  /** The prompt's end that belongs to the answer already: `before` of its reader. */
  readonly answerBegin: string
}

/** What no template puts into a prompt by itself. */
const mark = '\u2063sampan: the answer goes on here\u2063'
const openThought = '<think>\n'

/**
 * The prompt that the model is to answer.
 * @throws TextError what `ChatTemplate.render` throws; `template-unsupported` as `toTemplateMessages` does, and where the
 * last message cannot be gone on with
 */
export function renderPrompt(
  template: ChatTemplate,
  abilities: TemplateAbilities,
  options: PromptOptions,
): AnswerPrompt {
  if (options.continueFinalMessage === true) return continuePrompt(template, abilities, options)
  const { messages, tools } = toTemplateMessages(options.messages, options.tools, abilities)
  const rendered = template.render(messages, { ...renderOptions(options), tools, addGenerationPrompt: true })
  const text = abilities.thoughts ? withThinking(rendered, abilities, options.thinking) : rendered
  return { text, answerBegin: abilities.thoughts ? thoughtAtEnd(text) : '' }
}

function renderOptions({ variables, thinking, now }: PromptOptions): RenderOptions {
  return {
    variables: { ...variables, ...(thinking !== undefined && { enable_thinking: thinking }) },
    ...(now !== undefined && { now }),
  }
}

/** Qwen3's empty thought turns thoughts off in models that have no switch, an open one turns them on. */
function withThinking(prompt: string, { thinkingSwitch }: TemplateAbilities, thinking: boolean | undefined): string {
  if (thinking === undefined || thinkingSwitch) return prompt
  const begun = thoughtAtEnd(prompt)
  const isOpen = begun !== '' && !begun.includes('</think>')
  if (thinking) return begun === '' ? prompt + openThought : prompt
  if (isOpen) return prompt.slice(0, -begun.length) + openThought + thoughtClosing
  return begun === '' ? prompt + openThought + thoughtClosing : prompt
}

function thoughtAtEnd(prompt: string): string {
  return /<think>\s*(?:<\/think>\s*)?$/.exec(prompt)?.[0] ?? ''
}

function continuePrompt(template: ChatTemplate, abilities: TemplateAbilities, options: PromptOptions): AnswerPrompt {
  const last = options.messages.at(-1)
  if (last?.role !== 'assistant' || (last.toolCalls ?? []).length > 0) {
    throw new TextError(
      'template-unsupported',
      'Only an answer without calls of tools can be gone on with: make it the last message, or ask for a new answer.',
    )
  }
  const earlier = options.messages.slice(0, -1)
  if (abilities.thoughts && /^\s*<think>/.test(last.content)) {
    const { text, answerBegin } = renderPrompt(template, abilities, {
      ...options,
      messages: earlier,
      thinking: true,
      continueFinalMessage: false,
    })
    return { text: text.slice(0, text.length - answerBegin.length) + last.content, answerBegin: last.content }
  }
  const { messages, tools } = toTemplateMessages(earlier, options.tools, abilities)
  const marked: TemplateMessage = { role: 'assistant', content: last.content + mark }
  const rendered = template.render([...messages, marked], { ...renderOptions(options), tools })
  const end = rendered.lastIndexOf(mark)
  if (end < 0) {
    throw new TextError(
      'template-unsupported',
      "The model's chat template does not show the last answer, so it cannot be gone on with: ask for a new one.",
    )
  }
  const text = rendered.slice(0, end)
  return { text, answerBegin: last.content.trim() === '' && abilities.thoughts ? thoughtAtEnd(text) : last.content }
}
