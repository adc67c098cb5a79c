import type { AnswerPart } from '@sampan/core'
import { BackendError } from '../backend-error.ts'
import { countIn, listIn, objectIn, stringIn } from './unknown-json.ts'

const MOST_CALLS = 128
/** Of a call whose name is yet to come. */
const MOST_HELD = 1 << 20

interface OpenCall {
  readonly index: number
  readonly id: string
  name: string
  /** What came before the name. */
  held: string
}

/** The calls of tools of one answer, as servers stream them: by their own index, with or without ids, at once or in pieces. */
export class ToolCallParts {
  /** By the server's index; where it uses one for several, the last. */
  readonly #open = new Map<number, OpenCall>()
  #count = 0

  get count(): number {
    return this.#count
  }

  /** @throws BackendError `backend-failed` */
  read(deltas: unknown): readonly AnswerPart[] {
    return listIn(deltas).flatMap((delta, position) => this.#read(objectIn(delta), position))
  }

  #read(delta: Readonly<Record<string, unknown>>, position: number): readonly AnswerPart[] {
    const key = countIn(delta['index']) ?? position
    const id = stringIn(delta['id']) || undefined
    const call = objectIn(delta['function'])
    const name = stringIn(call['name']) ?? ''
    const json = stringIn(call['arguments']) ?? ''
    let open = this.#open.get(key)
    if (!open || (id !== undefined && id !== open.id && name !== '' && open.name !== '')) {
      if (this.#count === MOST_CALLS) throw spoiled(`more than ${MOST_CALLS} calls of tools`)
      open = { index: this.#count++, id: id ?? `call_${crypto.randomUUID()}`, name: '', held: '' }
      this.#open.set(key, open)
    }
    const { index } = open
    if (open.name !== '') return json === '' ? [] : [{ type: 'tool-arguments', index, text: json }]
    open.held += json
    if (open.held.length > MOST_HELD) throw spoiled('a call of a tool without a name')
    if (name === '') return []
    open.name = name
    const { held: text } = open
    const begin: AnswerPart = { type: 'tool-call', index, id: open.id, name }
    return text === '' ? [begin] : [begin, { type: 'tool-arguments', index, text }]
  }
}

function spoiled(what: string): BackendError {
  return new BackendError('backend-failed', `The server sends ${what}: it is broken, or of another kind.`)
}
