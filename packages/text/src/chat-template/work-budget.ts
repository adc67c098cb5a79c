import { TextError } from '../errors.ts'
import { charactersPerUnit, maxOutputLength, maxRenderMilliseconds, maxStepDepth, maxWork } from './limits.ts'

const unitsPerClockCheck = 1024

/** What one rendering may still do. Every method throws TextError `template-limit-exceeded` once it is too much. */
export class WorkBudget {
  #left = maxWork
  #depth = 0
  #nextClockCheck = maxWork - unitsPerClockCheck
  readonly #deadline = performance.now() + maxRenderMilliseconds

  get depth(): number {
    return this.#depth
  }

  enter(): void {
    if (++this.#depth > maxStepDepth) throw exceeded(`nests over ${maxStepDepth} steps`)
  }

  leave(): void {
    this.#depth--
  }

  spend(units: number): void {
    this.#left -= units
    if (this.#left < 0) throw exceeded(`takes over ${maxWork} steps`)
    if (this.#left > this.#nextClockCheck) return
    this.#nextClockCheck = this.#left - unitsPerClockCheck
    if (performance.now() > this.#deadline) throw exceeded(`takes over ${maxRenderMilliseconds} ms`)
  }

  /** Work that touches `characters`. */
  touch(characters: number): void {
    this.spend(characters / charactersPerUnit)
  }

  /** A value that would take this many characters to print. */
  check(characters: number): void {
    if (characters > maxOutputLength) throw exceeded(`makes a value of over ${maxOutputLength} characters`)
  }
}

export function exceeded(what: string): TextError {
  return new TextError(
    'template-limit-exceeded',
    `The chat template ${what}: it is faulty or hostile. Pass another template, or fewer and shorter messages.`,
  )
}
