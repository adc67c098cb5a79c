/** Schemas (rules and those they consist of) that one compile looks at. */
export const maxSchemaNodes = 50_000
/** Different sets of schemas that a value must satisfy together. */
export const maxRules = 20_000
/** How deep schemas may be nested in one another by `anyOf`, `allOf` and `$ref` before a value begins. */
export const maxExpansionDepth = 256
/** Alternatives of one value after `anyOf`, `oneOf` and `type` are multiplied out. */
export const maxAlternatives = 1024
/** Values of all `enum` and `const` keywords together. */
export const maxEnumValues = 50_000
/** UTF-16 code units of all enum values and property names together. */
export const maxLiteralLength = 1 << 22
/** UTF-16 code units of one `pattern`. */
export const maxPatternLength = 4096
/** Nesting of groups in one `pattern`. */
export const maxPatternDepth = 64
/** States of one pattern's non-deterministic automaton. */
export const maxPatternNodes = 150_000
/** States of one pattern's deterministic automaton; each takes 512 bytes, and 32,767 are the most that have a number. */
export const maxPatternStates = 16_000
/** States of all patterns of one schema together. */
export const maxAutomatonStates = 60_000
/** Steps of making patterns deterministic in one compile, in members of state sets. */
export const maxPatternWork = 4_000_000
/** A string with both `pattern` and a longer `maxLength` stays below this many characters. */
export const maxPatternedLength = 512
/** Spaces or tabs after a line break between the parts of a value. */
export const maxIndent = 40
/** Digits of an integer, and of a number with bounds: all such values are exact and distinct as doubles. */
export const maxNumberDigits = 15
/** Digits after the point of a number with bounds, unless the bounds have more. */
export const defaultFractionDigits = 6
/** Ways to read the text so far that are followed at once; more are dropped, which only narrows the choice. */
export const maxThreads = 256
/** Bytes of masks kept per grammar and tokenizer. */
export const maskCacheBytes = 16 << 20
/** Automaton states, stacks and configurations kept per grammar and tokenizer before all are forgotten. */
export const maxCachedStates = 60_000
/** Bytes of all tokens together. */
export const maxTrieBytes = 1 << 26
/** Tokens with padding rows. */
export const maxTrieTokens = 1 << 20
