import { codeFigure } from './code-figure.ts'
import { element } from './element.ts'
import { indentJson } from './indent-json.ts'
import type { Strings } from './strings.ts'

/** A tool call that a model asks for: shown, never run. */
export function callCard(strings: Strings, text: string): HTMLElement {
  const call = readCall(text)
  const caption = call
    ? element('span', {}, [strings.wantsToCall, ' ', element('code', { translate: 'no' }, [call.name])])
    : strings.toolCall
  const body = call ? (indentJson(call.input) ?? call.input) : text.trim()
  const { root } = codeFigure(strings, caption, body)
  root.classList.add('call', 'json')
  root.append(element('p', { class: 'hint', dir: 'auto' }, [strings.callNotRun]))
  return root
}

function readCall(text: string): { name: string; input: string } | undefined {
  try {
    const call: unknown = JSON.parse(text)
    if (typeof call !== 'object' || call === null || !('name' in call) || typeof call.name !== 'string')
      return undefined
    const input = 'arguments' in call ? call.arguments : {}
    return { name: call.name, input: typeof input === 'string' ? input : JSON.stringify(input) }
  } catch {
    return undefined
  }
}
