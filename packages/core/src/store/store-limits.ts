/** Of stored models, which may come from strangers. Real ones stay far below. */

export const MAX_INDEX_BYTES = 64 << 20
export const MAX_INDEX_DEPTH = 12
export const MAX_FILES = 4_096
export const MAX_TEXTS = 256
export const MAX_KEYS = 256
/** Texts, runs of tensors and pieces of files together. */
export const MAX_PIECES = 1 << 20
export const MAX_STRING_CHARACTERS = 1 << 14
/** Of journals and sidecars. */
export const MAX_SLOT_BYTES = 128 << 20
