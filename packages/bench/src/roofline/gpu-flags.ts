/** WebGPU's flags, whose values TypeScript's library does not declare. */
export const bufferUsage = { mapRead: 0x1, copySource: 0x4, copyDestination: 0x8, storage: 0x80 } as const
export const mapRead = 0x1
export const computeStage = 0x4
