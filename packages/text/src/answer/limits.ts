/** UTF-16 code units of one call of a tool, from its opening tag on. */
export const maxCallLength = 1 << 18
/** UTF-16 code units of a tool's name and of a key beside it. */
export const maxNameLength = 256
/** Depth of lists and mappings within one another, in a call. */
export const maxCallDepth = 64
/** Characters of a number, `true`, `false` or `null` in a call. */
export const maxPlainLength = 512
/** White space that is held back because a tag may follow which it does not count before; a longer run's beginning is text. */
export const maxHeldWhiteSpace = 64
