/** WebGPU's `GPUBufferUsage` and `GPUMapMode` flags, which TypeScript's library does not declare as values. */
export const bufferUsage = {
  mapRead: 0x01,
  copySource: 0x04,
  copyDestination: 0x08,
  uniform: 0x40,
  storage: 0x80,
} as const

export const mapModeRead = 0x01
