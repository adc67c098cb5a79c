/** What bytes cost the visitor, as far as the browser tells. */
export type ConnectionCost = 'unknown' | 'unmetered' | 'metered'

export interface ConnectionFacts {
  readonly cost: ConnectionCost
  /** The visitor has asked for little data (`Save-Data`, `prefers-reduced-data`). */
  readonly saveData: boolean
  /** `navigator.connection.type`: `wifi`, `cellular`, … */
  readonly type?: string
}

const PAID = /^(cellular|bluetooth|wimax)$/
const FREE = /^(wifi|ethernet)$/

/**
 * Of the network that the visitor is on now. Safari and Firefox tell nothing, and desktops rarely the type: `unknown` is the usual
 * answer, and no leave to fetch unasked.
 */
export function connectionFacts(): ConnectionFacts {
  const connection: unknown = Reflect.get(globalThis.navigator ?? {}, 'connection')
  const told = typeof connection === 'object' && connection !== null ? connection : {}
  const type = 'type' in told && typeof told.type === 'string' ? told.type : undefined
  const saveData = ('saveData' in told && told.saveData === true) || prefersReducedData()
  const known = type === undefined ? {} : { type }
  if (saveData || (type !== undefined && PAID.test(type))) return { cost: 'metered', saveData, ...known }
  return { cost: type !== undefined && FREE.test(type) ? 'unmetered' : 'unknown', saveData, ...known }
}

export function connectionCost(): ConnectionCost {
  return connectionFacts().cost
}

function prefersReducedData(): boolean {
  return globalThis.matchMedia?.('(prefers-reduced-data: reduce)').matches === true
}
