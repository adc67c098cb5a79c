import type { ErrorEnvelope } from '../worker/error-envelope.ts'

/** Chunks of one body that may lie unread in the Worker. */
export const BODY_CREDITS = 8

/**
 * Longest time that a page waits for a Worker to want more of a body. It is for Workers that have ended where browsers do not tell it: one
 * that is slow asks again.
 */
export const UNREAD_MS = 300_000

/** Worker → page. `id` names the request. */
export type NetworkCommand =
  | {
      readonly type: 'fetch'
      readonly id: number
      readonly url: string
      readonly headers: Record<string, string>
      readonly method?: 'HEAD'
      readonly redirectedFrom?: string
    }
  | { readonly type: 'credit'; readonly id: number }
  | { readonly type: 'abort'; readonly id: number }

/** Page → Worker. */
export type NetworkEvent =
  | {
      readonly type: 'response'
      readonly id: number
      readonly url: string
      readonly status: number
      readonly statusText: string
      readonly headers: readonly (readonly [string, string])[]
    }
  /** Costs a credit. */
  | { readonly type: 'chunk'; readonly id: number; readonly bytes: Uint8Array<ArrayBuffer> }
  | { readonly type: 'end'; readonly id: number }
  | { readonly type: 'error'; readonly id: number; readonly error: ErrorEnvelope }
