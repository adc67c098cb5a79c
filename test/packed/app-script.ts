import { expect } from 'vitest'

/** What an app loads, and what it is to find. */
export interface Load {
  /** An expression of the app's script. */
  readonly source: string
  readonly backend: 'sampan' | 'wllama' | 'auto'
  /** Matcher of one line. */
  readonly outcome: unknown
}

const tiny = expect.stringMatching(/^sampan \S*tiny[\w.-]*: Hello from a very small boat\.$/)

export const tinyOnGpu: Load = { source: "'./tiny.gguf'", backend: 'sampan', outcome: tiny }
export const pocketOnGpu: Load = {
  source: "'pocket'",
  backend: 'sampan',
  outcome: expect.stringMatching(/^sampan pocket: [\s\S]*\S/),
}
export const pocketOnCpu: Load = {
  source: "'pocket'",
  backend: 'wllama',
  outcome: expect.stringMatching(/^wllama pocket: [\s\S]*\S/),
}
/** What `@sampan/pocket` exports. */
export const pocketByAddress: Load = { ...pocketOnCpu, source: 'pocket' }
/** Answered by web-llm's Worker out of its own catalogue, without a request. */
export const unknownToWebLlm: Load = {
  source: "'mlc:No-Such-Model'",
  backend: 'auto',
  outcome: expect.stringMatching(/^model-unknown .*catalogue/),
}

export interface Imports {
  /** Specifier or address of the package. */
  readonly core?: string
  readonly pocket?: string
}

/** A script that exports `outcomes()`: an answer, or the code of what went wrong, of these loads, one after another. */
export function outcomesScript(
  loads: readonly Load[],
  { core = '@sampan/core', pocket = '@sampan/pocket' }: Imports = {},
): string {
  const asked = loads.map(({ source, backend }) => `await ask(${source}, '${backend}').catch(failed)`)
  const named = loads.some(({ source }) => source === pocketByAddress.source)
  return `
    import { load, SampanError } from '${core}'
    import ${named ? '{ pocket } from ' : ''}'${pocket}'
    async function ask(source, backend) {
      const model = await load(source, { backend, download: 'allow' })
      const messages = [{ role: 'user', content: 'Hello' }]
      const answer = await model.chat.completions.create({ messages, temperature: 0, max_tokens: 24 })
      await model.dispose()
      return model.info.backend + ' ' + model.info.source + ': ' + answer.choices[0].message.content
    }
    const failed = (error) => SampanError.isInstance(error) ? error.code + ' ' + error.message : String(error)
    export const outcomes = async () => [${asked.join(', ')}]`
}

/** The same for a page; what came of it is an attribute, which can be read whatever the page's policy is. */
export function pageScript(loads: readonly Load[], imports: Imports = {}): string {
  return `${outcomesScript(loads, imports)}
    outcomes().then((all) => { document.body.dataset.outcomes = JSON.stringify(all) })`
}

export function pageOf(script: string): string {
  return `<!doctype html><title>app</title><body></body><script type="module" src="${script}"></script>`
}

export function expectedOf(loads: readonly Load[]): readonly unknown[] {
  return loads.map(({ outcome }) => outcome)
}
