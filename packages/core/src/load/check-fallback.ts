import { SampanError } from '../errors.ts'
import { checkServer } from './check-server.ts'
import { FALLBACK_CODES } from './fallback-types.ts'
import type { Route, Target } from './target.ts'

/** More than there are places to go. */
const MOST_RULES = 16
const CODES: ReadonlySet<unknown> = new Set(FALLBACK_CODES)

/** On a GPU that cannot do it, GGUF files are answered by the CPU, unless the caller has rules of their own. */
const DEFAULT_CODES = [
  // A page may have a GPU that its Workers do not have.
  'webgpu-unavailable',
  'device-limit-exceeded',
  'device-out-of-memory',
  'device-validation-failed',
  'device-lost',
] as const satisfies readonly (typeof FALLBACK_CODES)[number][]

/**
 * The rules, checked: they may come from a file. Every target stands in one rule, and none is where the call begins, so that no request
 * can go in circles.
 * @throws SampanError `option-invalid`
 */
export function checkFallback(fallback: unknown, consent: unknown, first: Target): readonly Route[] {
  if (fallback === undefined) return defaultRoutes(first)
  if (!Array.isArray(fallback) || fallback.length > MOST_RULES)
    throw invalid('fallback', `must be a list of at most ${MOST_RULES} rules`)
  const seen = new Set([nameOf(first)])
  return fallback.map((rule: unknown, index) => {
    const option = `fallback[${index}]`
    if (
      typeof rule !== 'object' ||
      rule === null ||
      !('when' in rule && 'to' in rule) ||
      Object.keys(rule).length !== 2
    )
      throw invalid(option, 'must be an object with when and to')
    const target = checkTarget(rule.to, consent, `${option}.to`, first)
    const name = nameOf(target)
    if (seen.has(name))
      throw invalid(
        `${option}.to`,
        `goes where ${name === nameOf(first) ? 'the call begins' : 'an earlier rule goes'}, and so in circles: name each place once, with all its codes in one rule`,
      )
    seen.add(name)
    return { when: checkCodes(rule.when, `${option}.when`), target }
  })
}

function defaultRoutes(first: Target): readonly Route[] {
  if (first.kind === 'server' || first.backend !== 'auto') return []
  return [{ when: new Set(DEFAULT_CODES), target: { kind: 'device', backend: 'wllama' }, loading: true }]
}

function checkCodes(codes: unknown, option: string): ReadonlySet<string> {
  if (!Array.isArray(codes) || codes.length === 0) throw invalid(option, 'must be a list of error codes')
  for (const code of codes)
    if (!CODES.has(code))
      throw invalid(
        option,
        `holds ${typeof code === 'string' ? JSON.stringify(code.slice(0, 40)) : 'what is no string'}, after which nothing can go on elsewhere; it may hold ${FALLBACK_CODES.join(', ')}`,
      )
  return new Set(codes)
}

function checkTarget(to: unknown, consent: unknown, option: string, first: Target): Target {
  if (to === 'sampan' || to === 'wllama') {
    if (first.kind === 'server') throw invalid(option, 'has no source to load here: the call begins on a server')
    return { kind: 'device', backend: to }
  }
  if (typeof to === 'object' && to !== null && 'server' in to && Object.keys(to).length === 1)
    return checkServer(to.server, consent, `${option}.server`)
  throw invalid(option, 'must be "sampan", "wllama" or { server: { url } }')
}

function nameOf(target: Target): string {
  return target.kind === 'device' ? target.backend : `${target.server.url} ${target.server.model ?? ''}`
}

function invalid(option: string, what: string): SampanError {
  return new SampanError('option-invalid', `The option ${option} ${what}.`, { option })
}
