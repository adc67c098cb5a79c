import type { ServerCredentials, ServerSource } from './fallback-types.ts'
import type { LoadOptions } from './load-types.ts'

/** Where a model may be loaded. */
export type Target =
  | { readonly kind: 'device'; readonly backend: NonNullable<LoadOptions['backend']> }
  | {
      readonly kind: 'server'
      readonly server: ServerSource
      readonly origin: string
      readonly host: string
      /** Undefined: the call does not consent to this server. */
      readonly credentials: ServerCredentials | undefined
    }

/** A checked fallback rule. */
export interface Route {
  readonly when: ReadonlySet<string>
  readonly target: Target
  /** Followed while the model loads only. */
  readonly loading?: boolean
}
