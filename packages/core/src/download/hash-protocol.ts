import type { FileDigests, HashPosition, HashTask } from './file-hash.ts'

/** What goes to the hash Worker. Each run has a number; requests that are answered have one too. */
export type HashMessage =
  | { readonly type: 'begin'; readonly run: number; readonly task: HashTask }
  /** The buffer is transferred, and comes back with `taken`. Only its first `length` bytes count. */
  | { readonly type: 'update'; readonly run: number; readonly buffer: ArrayBuffer; readonly length: number }
  | { readonly type: 'mark'; readonly run: number }
  | { readonly type: 'export'; readonly run: number; readonly position: number; readonly request: number }
  | { readonly type: 'digests'; readonly run: number; readonly request: number }
  | { readonly type: 'close'; readonly run: number }

/** What comes back. */
export type HashReply =
  | { readonly type: 'taken'; readonly buffer: ArrayBuffer }
  | { readonly type: 'exported'; readonly request: number; readonly position: HashPosition }
  | { readonly type: 'digests'; readonly request: number; readonly digests: FileDigests }
  | { readonly type: 'failed'; readonly run: number; readonly message: string }

/** A Worker, a port or a Worker's own scope. */
export interface MessageEnd {
  postMessage(message: unknown, transfer: Transferable[]): void
  addEventListener(type: 'message', listener: (event: MessageEvent) => void): void
  /** Ports deliver nothing before. */
  start?(): void
}
