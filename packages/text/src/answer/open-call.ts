import type { PartCollector } from './answer-part.ts'
import type { ToolCallFormat } from './call-format.ts'
import type { CallReader, CallStep } from './call-reader.ts'
import { DeepseekCall } from './deepseek-call.ts'
import { HermesCall } from './hermes-call.ts'
import { maxCallLength } from './limits.ts'

/** A call that is being written, and the parts it makes. */
export class OpenCall {
  readonly #call: CallReader
  readonly #index: number
  readonly #newId: () => string
  readonly #parts: PartCollector
  #raw: string
  #begun = false

  /** @param raw what the model wrote of it so far, from the white space before its tag. */
  constructor(format: ToolCallFormat, raw: string, index: number, newId: () => string, parts: PartCollector) {
    this.#call = format === 'hermes' ? new HermesCall() : new DeepseekCall()
    this.#raw = raw
    this.#index = index
    this.#newId = newId
    this.#parts = parts
  }

  /** Whether it was told of, and so has its index. */
  get begun(): boolean {
    return this.#begun
  }

  /** After `malformed` and `done-before` the character is to be read anew, as what follows. */
  accept(character: string): CallStep {
    if (this.#raw.length + character.length > maxCallLength) {
      return this.#refuse(`is longer than ${maxCallLength} characters`)
    }
    const step = this.#call.accept(character)
    if (step === 'malformed') return this.#refuse('is not written as it should be')
    this.#raw += character
    this.#give()
    return step
  }

  /** The answer ends here: whether the call is whole all the same. One that the model itself left unfinished is void. */
  finish(cut: boolean): boolean {
    const whole = this.#call.end()
    this.#give()
    if (whole) return true
    if (this.#begun && cut) {
      const name = JSON.stringify(this.#call.name)
      this.#parts.add({
        type: 'warning',
        code: 'tool-call-malformed',
        message: `The answer ends within the arguments of a call of ${name}.`,
      })
    } else this.#refuse(cut ? 'is cut short by the end of the answer' : 'was left unfinished')
    return false
  }

  #give(): void {
    if (!this.#call.certain) return
    if (!this.#begun) {
      this.#begun = true
      this.#parts.add({ type: 'tool-call', index: this.#index, id: this.#newId(), name: this.#call.name })
    }
    this.#parts.argumentsText(this.#index, this.#call.takeArguments())
  }

  #refuse(reason: string): 'malformed' {
    refuseCall(this.#parts, this.#raw, reason, this.#begun ? this.#index : undefined)
    return 'malformed'
  }
}

/** Gives what looked like a call as content. */
export function refuseCall(parts: PartCollector, raw: string, reason: string, index?: number): void {
  parts.text('content', raw)
  parts.add({
    type: 'warning',
    code: 'tool-call-malformed',
    message: `What looks like a call of a tool ${reason}, and stands in the content as text.`,
    ...(index !== undefined && { index }),
  })
}
