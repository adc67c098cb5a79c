/** Tokens in a vocabulary. The largest in use (Gemma's) has 262,144. */
export const maxVocabularySize = 1 << 20
/** Merge rules; fewer than there are tokens in every vocabulary that training makes. */
export const maxMerges = 1 << 20
/** UTF-16 code units of one token as the file spells it. Runs of 128 spaces occur in real vocabularies. */
export const maxTokenLength = 4096
/** UTF-8 bytes of all tokens together; real vocabularies of 150,000 hold about 1 MB. */
export const maxVocabularyBytes = 1 << 26
/** Tokens matched whole before splitting. DeepSeek-V3 has 818. */
export const maxAddedTokens = 1 << 14
/** UTF-16 code units of one tokenizer.json; the largest in use is about 35 million. */
export const maxTokenizerJsonLength = 1 << 27
/** UTF-16 code units of one split pattern. */
export const maxPatternLength = 4096
/** Steps of a pre-tokenizer or normaliser sequence. */
export const maxPipelineSteps = 16
/** UTF-16 code units given to one `encode`. */
export const maxTextLength = 1 << 25
