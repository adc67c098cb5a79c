/** Ceilings on what safetensors files and their JSON companions may hold. */
export const maximumHeaderBytes = 32 * 1024 * 1024
export const maximumTensorCount = 262_144
export const maximumTensorNameBytes = 1_024
export const maximumDimensions = 8
export const maximumConfigCharacters = 4 * 1024 * 1024
export const maximumIndexCharacters = 64 * 1024 * 1024
export const maximumShardCount = 1_024
