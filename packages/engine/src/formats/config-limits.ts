/** Ceilings on what a checkpoint may declare; each is several times what any published model of these families has. */
export const maximumHiddenSize = 65_536
export const maximumLayerCount = 512
export const maximumHeadCount = 1_024
export const maximumHeadSize = 512
export const maximumFeedForwardSize = 524_288
export const maximumVocabularySize = 1_048_576
export const maximumContextLength = 16_777_216
export const maximumNormEpsilon = 0.1
export const maximumRopeBase = 1e12
export const maximumRopeFactor = 65_536
