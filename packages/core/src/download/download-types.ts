/** Of a hash that goes on later: JSON. */
export type HashState = string

/** Where a download goes on: JSON. All bytes of the file before `position` have been handed out and hashed. */
export interface DownloadState {
  readonly position: number
  /** Of the file up to `position`: what its whole digest is made from. Absent where nobody knows what it should be. */
  readonly file?: HashState
  /** Of the pieces of the model's hash (`HashPlan`). */
  readonly pieces?: HashState
  /** What the server said the file is, so that another is not gone on with. */
  readonly size: number
  readonly etag?: string
}

/**
 * Pieces of a file whose SHA-256 make the model's hash (`sampan/model-hash.ts`): each tensor by itself, cut every 4 MiB from its
 * start. In the order of the file, without overlap.
 */
export interface HashPlan {
  readonly pieceBytes: number
  readonly ranges: readonly { readonly start: number; readonly end: number }[]
}

/** The digests of one range's pieces, lower-case hex. */
export type PieceDigests = readonly (readonly string[])[]
