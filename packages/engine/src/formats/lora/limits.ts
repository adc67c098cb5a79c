/** Ceilings on what an adapter may declare; published ones have ranks up to 256. */
export const maximumAdapterRank = 1_024
/** Matrices that an adapter may change: seven a layer in the largest model allowed, twice over. */
export const maximumAdapterTargets = 8_192
/** Entries of `rank_pattern` and `alpha_pattern`: each is tried on every target. */
export const maximumPatternCount = 8_192
export const maximumPatternCharacters = 1_024
/** Of `alpha / rank`: no training that ended well needs as much. */
export const maximumAdapterScale = 65_536
