import type { Network } from '../network/network.ts'
import type { HubDescription } from './hubs.ts'

export interface HubContext {
  readonly hub: HubDescription
  readonly network: Network
  /** Of a user of the hub. Goes to the hub's own origin, as a header. */
  readonly token?: string | undefined
  readonly signal: AbortSignal
  /** For tests on dead servers. */
  readonly firstPauseMs?: number
}
