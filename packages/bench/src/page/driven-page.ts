import type { BenchModel } from '../engines/bench-engine.ts'
import { pageAdapter } from '../engines/page-adapter.ts'
import { BenchError } from '../errors.ts'
import { engineNamed } from './engine-named.ts'
import { PAGE_PROTOCOL, type PageAnswer, type PageCalls, type PageFacts, type PageOpened } from './page-calls.ts'
import { pageConditions, pageMachine } from './page-facts.ts'

type Answers = {
  [Name in keyof PageCalls]: (argument: PageCalls[Name]) => Promise<unknown>
}

export interface DrivenPageOptions {
  /** 0 … 1, of opening. */
  readonly onProgress: (fraction: number) => void
}

/** A page's side of what drives it from outside. Never rejects. */
export class DrivenPage {
  readonly #options: DrivenPageOptions
  #model: BenchModel | undefined
  #opened = false
  #hidden = document.visibilityState === 'hidden'
  #running = new AbortController()

  constructor(options: DrivenPageOptions) {
    this.#options = options
    document.addEventListener('visibilitychange', () => {
      this.#hidden ||= document.visibilityState === 'hidden'
    })
  }

  async call<Name extends keyof PageCalls>(name: Name, argument: PageCalls[Name]): Promise<PageAnswer> {
    try {
      const value = await this.#answers[name](argument)
      return { ok: true, value, hidden: this.#sinceLast() }
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error)
      const code = BenchError.isInstance(error) ? error.code : undefined
      return { ok: false, code, message, hidden: this.#sinceLast() }
    }
  }

  readonly #answers: Answers = {
    facts: async (): Promise<PageFacts> => ({
      protocol: PAGE_PROTOCOL,
      machine: await pageMachine(),
      conditions: await pageConditions(),
    }),
    open: async ({ engine: name, model, ...options }): Promise<PageOpened> => {
      if (this.#opened) throw new Error('This page has opened its model already.')
      this.#opened = true
      const { signal } = this.#begin()
      const engine = await engineNamed(name, options)
      const opened = await engine.open(model, { onProgress: this.#options.onProgress, signal })
      this.#model = opened
      return { identity: opened.identity, cannot: opened.cannot }
    },
    run: async (request) => this.#open().run({ ...request, signal: this.#begin().signal }),
    nextTokens: async ({ tokens, from }) => this.#open().nextTokens(tokens, from, this.#begin().signal),
    counters: async () => this.#open().counters(),
    memory: async () => this.#open().memory(),
    probe: async ({ workingSets }) => {
      const { probeRoofline } = await import('../roofline/probe.ts')
      const { signal } = this.#begin()
      const small = (await pageAdapter())?.software === true
      return probeRoofline({ workingSets, signal, small, onProgress: this.#options.onProgress })
    },
    abort: async () => this.#running.abort(new Error('The run was ended.')),
    close: async () => this.#model?.close(),
  }

  #open(): BenchModel {
    if (!this.#model) throw new Error('No model is open in this page.')
    return this.#model
  }

  #begin(): AbortController {
    this.#running = new AbortController()
    return this.#running
  }

  #sinceLast(): boolean {
    const hidden = this.#hidden || document.visibilityState === 'hidden'
    this.#hidden = document.visibilityState === 'hidden'
    return hidden
  }
}
