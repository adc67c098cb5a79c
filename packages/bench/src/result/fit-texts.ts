import { oneLine } from './fields.ts'
import { LIMITS } from './limits.ts'
import type { Machine, ResultAdapter, ResultEngine } from './result-types.ts'

/** What others say of themselves may be long and of several lines: no run is lost for that. */
export function fittedMachine({ userAgent, adapter, ...machine }: Machine): Machine {
  return {
    ...machine,
    ...(userAgent !== undefined && { userAgent: oneLine(userAgent, LIMITS.source) }),
    ...(adapter && { adapter: fittedAdapter(adapter) }),
  }
}

/** As `fittedMachine`. */
export function fittedEngine({ source, identity, ...engine }: ResultEngine): ResultEngine {
  const { adapter, ...rest } = identity
  return {
    ...engine,
    ...(source !== undefined && { source: oneLine(source, LIMITS.source) }),
    identity: { ...rest, ...(adapter && { adapter: fittedAdapter(adapter) }) },
  }
}

function fittedAdapter(adapter: ResultAdapter): ResultAdapter {
  return { ...adapter, description: oneLine(adapter.description, LIMITS.name) }
}
