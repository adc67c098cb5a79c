import { Environment, parse, tokenize } from '@huggingface/jinja'
import { TextError } from '../errors.ts'
import { BoundedInterpreter } from './bounded-interpreter.ts'
import { maxRange, maxTemplateLength, maxWhiteSpaceRun } from './limits.ts'
import { copyPlainValues } from './plain-value.ts'
import type { Syntax } from './runtime-value.ts'
import { formatTime } from './strftime.ts'
import { planSyntax, type SyntaxPlan } from './syntax-plan.ts'
import type { ChatTemplateSource } from './template-source.ts'
import { exceeded } from './work-budget.ts'

/** One message as templates see it: OpenAI's fields, and whatever else the template knows. */
export type TemplateMessage = Readonly<Record<string, unknown>> & { readonly role: string }

export interface ChatTemplateTokens {
  readonly bosToken?: string | undefined
  readonly eosToken?: string | undefined
}

export interface RenderOptions {
  /** Ends the prompt where the assistant's answer begins. Default false, as transformers has it. */
  readonly addGenerationPrompt?: boolean
  /** JSON schemas of functions, as OpenAI's `tools`. */
  readonly tools?: readonly unknown[] | undefined
  /** More variables for the template, such as `enable_thinking`. */
  readonly variables?: Readonly<Record<string, unknown>>
  /** What `strftime_now` reads. Default now. */
  readonly now?: Date
}

export interface ChatTemplate {
  /**
   * The prompt, as transformers' `apply_chat_template` gives it. Bounded in steps, time and size; the messages are not
   * changed.
   * @throws TextError `template-refused` (the template's own `raise_exception`), `template-failed`,
   * `template-limit-exceeded`, `template-unsupported`
   */
  render(messages: readonly TemplateMessage[], options?: RenderOptions): string
}

interface CompiledTemplate {
  readonly program: Syntax
  readonly plan: SyntaxPlan
}

const toolTemplateName = 'tool_use'
const builtInNames = new Set(['namespace'])

/**
 * @param source one template's text, or named ones as `chatTemplateFromConfig` and `chatTemplateFromGguf` give them.
 * @throws TextError `template-malformed`, `template-unsupported`, `template-limit-exceeded`
 */
export function createChatTemplate(source: string | ChatTemplateSource, tokens: ChatTemplateTokens = {}): ChatTemplate {
  const named = typeof source === 'string' ? new Map<string, string>() : source.named
  const main = compileTemplate(typeof source === 'string' ? source : source.main)
  const toolText = named.get(toolTemplateName)
  const forTools = toolText === undefined ? main : compileTemplate(toolText)
  return {
    render(messages, { addGenerationPrompt = false, tools, variables = {}, now = new Date() } = {}) {
      const given = copyPlainValues({
        bos_token: tokens.bosToken,
        eos_token: tokens.eosToken,
        documents: null,
        ...variables,
        messages,
        tools: tools ?? null,
        add_generation_prompt: addGenerationPrompt,
      })
      return run(tools === undefined ? main : forTools, { ...globalsAt(now), ...given })
    },
  }
}

function compileTemplate(text: string): CompiledTemplate {
  if (text.length > maxTemplateLength) {
    throw new TextError(
      'template-limit-exceeded',
      `The chat template is ${text.length} characters long; ${maxTemplateLength} is the most.`,
    )
  }
  if (new RegExp(`\\s{${maxWhiteSpaceRun}}`).test(text)) {
    throw new TextError(
      'template-limit-exceeded',
      `The chat template has over ${maxWhiteSpaceRun} white-space characters in a row.`,
    )
  }
  try {
    const program = parse(tokenize(text, { lstrip_blocks: true, trim_blocks: true }))
    return { program, plan: planSyntax(program) }
  } catch (cause) {
    if (TextError.isInstance(cause)) throw cause
    throw new TextError('template-malformed', `The chat template is not valid Jinja: ${reasonOf(cause)}`, {}, cause)
  }
}

function run(template: CompiledTemplate, variables: Readonly<Record<string, unknown>>): string {
  try {
    const environment = new Environment()
    for (const [name, value] of Object.entries(variables)) if (!builtInNames.has(name)) environment.set(name, value)
    return String(new BoundedInterpreter(environment, template.plan).evaluate(template.program, environment).value)
  } catch (cause) {
    if (TextError.isInstance(cause)) throw cause
    if (cause instanceof RangeError) throw exceeded('nests too deep or makes too long a value')
    throw new TextError('template-failed', `The chat template failed on these messages: ${reasonOf(cause)}`, {}, cause)
  }
}

function globalsAt(now: Date): Readonly<Record<string, unknown>> {
  return {
    true: true,
    True: true,
    false: false,
    False: false,
    none: null,
    None: null,
    raise_exception: (message: unknown) => {
      throw new TextError('template-refused', `The chat template refuses these messages: ${String(message)}`)
    },
    strftime_now: (format: unknown) => formatTime(now, String(format)),
    range: boundedRange,
  }
}

function boundedRange(first: unknown, second?: unknown, third: unknown = 1): number[] {
  const [start, stop, step] = second === undefined ? [0, first, third] : [first, second, third]
  if (!Number.isInteger(start) || !Number.isInteger(stop) || !Number.isInteger(step) || step === 0) {
    throw new Error('range() takes whole numbers, and a step other than zero')
  }
  const count = Math.max(0, Math.ceil((Number(stop) - Number(start)) / Number(step)))
  if (count > maxRange) throw exceeded(`asks for a range of ${count} numbers`)
  return Array.from({ length: count }, (_, index) => Number(start) + index * Number(step))
}

function reasonOf(cause: unknown): string {
  return cause instanceof Error && cause.message !== '' ? cause.message : 'a statement stands where it has no meaning'
}
