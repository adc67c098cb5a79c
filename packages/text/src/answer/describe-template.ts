import type { ChatTemplate, RenderOptions, TemplateMessage } from '../chat-template/chat-template.ts'
import { maxRenderMilliseconds } from '../chat-template/limits.ts'
import { exceeded } from '../chat-template/work-budget.ts'
import { TextError } from '../errors.ts'
import { createAnswerReader } from './answer-reader.ts'
import type { ToolCallFormat } from './call-format.ts'
import { type CallAbilities, callingMessage } from './calling-message.ts'
import { type ConversationCall, toTemplateTools } from './conversation.ts'

/** What a chat template can do, as trial conversations show. */
export interface TemplateAbilities {
  /** System messages reach the prompt. */
  readonly system: boolean
  /** System messages and tools together reach it. */
  readonly systemWithTools: boolean
  /** Tools reach it. */
  readonly tools: boolean
  /** Results of tools reach it. */
  readonly toolResults: boolean
  /** How the model writes calls. Absent: in no way known here. */
  readonly calls?: CallAbilities
  /** Thoughts in `<think>` are known to it. */
  readonly thoughts: boolean
  /** `enable_thinking` switches them. */
  readonly thinkingSwitch: boolean
  /** The prompt ends within a thought, unless tools' results come last. */
  readonly opensThought: boolean
  /** Leaves out thoughts of earlier answers by itself. */
  readonly dropsThoughts: boolean
}

const question = 'trial-question'
const answer = 'trial-answer'
const followUp = 'trial-follow-up'
const result = 'trial-result'
const secondResult = 'trial-second-result'
const system = 'trial-system'
const thought = 'trial-thought'
const toolName = 'trial_tool'
const user: TemplateMessage = { role: 'user', content: question }
const tools = toTemplateTools([{ name: toolName, description: 'Trial.' }])
/** The second space after a colon shows whether the text is kept. */
const trialCalls: readonly ConversationCall[] = [
  { id: 'trial1', name: toolName, arguments: '{"place":  "trial \\"one\\"", "list": [1, {"a": null}]}' },
  { id: 'trial2', name: 'second_tool', arguments: '{"place":  "trial two"}' },
]
const formats: readonly ToolCallFormat[] = ['hermes', 'deepseek']

/**
 * Finds out by rendering, never by names of models. A template that refuses a trial lacks what was tried.
 * @throws TextError `template-limit-exceeded` for a template that takes too long
 */
export function describeTemplate(template: ChatTemplate): TemplateAbilities {
  const trial = new Trial(template)
  const plain = trial.render([user], { addGenerationPrompt: true })
  const off = trial.render([user], { addGenerationPrompt: true, variables: { enable_thinking: false } })
  const on = trial.render([user], { addGenerationPrompt: true, variables: { enable_thinking: true } })
  const dropsThoughts = dropsEarlierThoughts(trial)
  const opensThought = /<think>\s*$/.test(plain)
  const thinkingSwitch = off !== on
  const withSystem = trial.render([{ role: 'system', content: system }, user])
  const bothGiven = trial.render([{ role: 'system', content: system }, user], { tools })
  const calls = describeCalls(trial)
  return {
    system: withSystem.includes(system),
    systemWithTools: bothGiven.includes(system) && bothGiven.includes(toolName),
    tools: trial.render([user], { tools }).includes(toolName),
    toolResults: showsResults(trial, calls),
    ...(calls !== undefined && { calls }),
    thoughts: dropsThoughts || opensThought || /<\/?think>/.test(plain + off + on),
    thinkingSwitch,
    opensThought,
    dropsThoughts,
  }
}

class Trial {
  readonly #template: ChatTemplate
  readonly #begun = performance.now()

  constructor(template: ChatTemplate) {
    this.#template = template
  }

  /** '' where the template refuses. */
  render(messages: readonly TemplateMessage[], options: RenderOptions = {}): string {
    if (performance.now() - this.#begun > maxRenderMilliseconds)
      throw exceeded('takes too long to render trial messages')
    try {
      return this.#template.render(messages, options)
    } catch (cause) {
      if (TextError.isInstance(cause) && cause.code !== 'template-limit-exceeded') return ''
      throw cause
    }
  }
}

function dropsEarlierThoughts(trial: Trial): boolean {
  const content = `<think>\n${thought}\n</think>\n\n${answer}`
  const prompt = trial.render([user, { role: 'assistant', content }, { role: 'user', content: followUp }])
  return prompt.includes(answer) && !prompt.includes(thought)
}

function showsResults(trial: Trial, calls: CallAbilities | undefined): boolean {
  const asked: TemplateMessage =
    calls === undefined ? { role: 'assistant', content: answer } : callingMessage(calls, trialCalls.slice(0, 1), '')
  return trial.render([user, asked, { role: 'tool', content: result, tool_call_id: 'trial1' }]).includes(result)
}

function describeCalls(trial: Trial): CallAbilities | undefined {
  const known = formats.flatMap((format) =>
    ([null, ''] as const).flatMap((noContent) =>
      (['string', 'object'] as const).map(
        (argumentsAs): CallAbilities => ({ format, writtenBy: 'template', argumentsAs, noContent }),
      ),
    ),
  )
  const works = known.find(
    (abilities) => keepsCalls(trial, abilities, [['', 2]]) || keepsCalls(trial, abilities, [['', 1]]),
  )
  if (works === undefined) return undefined
  const everywhere = known.find((abilities) => keepsCalls(trial, abilities, everyPlace))
  if (everywhere !== undefined) return everywhere
  const byContent: CallAbilities = { ...works, writtenBy: 'content', noContent: '' }
  return keepsCalls(trial, byContent, everyPlace) ? byContent : works
}

/** Texts before calls and their number, of answers in turn. */
type Places = readonly (readonly [text: string, calls: number])[]
const everyPlace: Places = [
  ['', 1],
  [answer, 2],
  ['', 2],
  ['', 1],
]

/** Whether the prompt holds the calls of each answer, and the text before them, as the model itself would write them. */
function keepsCalls(trial: Trial, abilities: CallAbilities, places: Places): boolean {
  const messages: TemplateMessage[] = [user]
  for (const [text, count] of places) {
    const calls = trialCalls.slice(0, count)
    messages.push(callingMessage(abilities, calls, text))
    for (const [index, { id }] of calls.entries()) {
      messages.push({ role: 'tool', content: index === 0 ? result : secondResult, tool_call_id: id })
    }
  }
  const prompt = trial.render(messages, { tools })
  const [, ...rest] = prompt.split(question)
  const turns = rest.join(question).split(result)
  return places.every(([text, count], index) => {
    const written = turns[index]?.split(secondResult).at(-1) ?? ''
    const read = readCalls(written, abilities.format)
    const wanted = trialCalls.slice(0, count)
    const verbatim = abilities.argumentsAs === 'object' || wanted.every((call) => written.includes(call.arguments))
    const same = read.length === count && read.every((call, at) => sameCall(call, wanted[at]))
    // Jinja prints `none` like that.
    const printsNone = abilities.noContent === null && written.includes('None')
    return same && verbatim && !printsNone && written.includes(text)
  })
}

function sameCall(read: ConversationCall, wanted: ConversationCall | undefined): boolean {
  if (wanted === undefined || read.name !== wanted.name) return false
  return JSON.stringify(JSON.parse(read.arguments)) === JSON.stringify(JSON.parse(wanted.arguments))
}

function readCalls(text: string, format: ToolCallFormat): ConversationCall[] {
  const reader = createAnswerReader({ thoughts: false, calls: format })
  const calls: { id: string; name: string; arguments: string }[] = []
  for (const part of [...reader.push(text), ...reader.finish()]) {
    if (part.type === 'tool-call') calls.push({ id: part.id, name: part.name, arguments: '' })
    const call = calls.at(-1)
    if (part.type === 'tool-arguments' && call !== undefined) call.arguments += part.text
    if (part.type === 'warning') return []
  }
  return calls
}
