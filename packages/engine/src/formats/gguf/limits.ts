/** Ceilings on what a GGUF header may hold. The largest published vocabularies make headers of about 15 MB. */
export const maximumHeaderBytes = 64 * 1024 * 1024
export const maximumMetadataCount = 65_536
export const maximumTensorCount = 65_536
/** The specification's own limit. */
export const maximumKeyBytes = 65_535
/** The specification says 64; some writers pass it. */
export const maximumTensorNameBytes = 256
export const maximumStringBytes = 8 * 1024 * 1024
/** Elements of one array: the largest allowed vocabulary has half as many tokens. */
export const maximumArrayLength = 2_097_152
/** Bytes of one array of numbers. */
export const maximumArrayBytes = 8 * 1024 * 1024
/** Array elements of the whole header, nested ones included. */
export const maximumTotalElements = 6_291_456
export const maximumArrayDepth = 4
export const maximumDimensions = 4
export const maximumAlignment = 1_048_576
/** Pairs in `rope_freqs.weight`: half the largest head size. */
export const maximumRopeDivisors = 256
/** The first read of a header: all but a vocabulary. What comes from a server is asked for in such reads. */
export const firstWindowBytes = 256 * 1024
/** Later ones are as long as what is known to come, within these. */
export const leastWindowBytes = 512 * 1024
export const maximumWindowBytes = 4 * 1024 * 1024
/** Files of one model; a few dozen are published. */
export const maximumSplitParts = 512
