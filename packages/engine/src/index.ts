export { describeAdapter } from './device/describe-adapter.ts'
export type * from './engine-types.ts'
export { EngineError, type EngineErrorCode } from './errors.ts'
export { blobSource } from './formats/blob-source.ts'
export type { ByteSource } from './formats/byte-source.ts'
export { bytesSource } from './formats/bytes-source.ts'
export type * from './formats/checkpoint.ts'
export { openGguf } from './formats/gguf/open-gguf.ts'
export { openSplitGguf } from './formats/gguf/open-split-gguf.ts'
export { isLfsPointer, lfsPointerMessage } from './formats/lfs-pointer.ts'
export type { LoraAdapter, LoraOutline, LoraTarget } from './formats/lora/lora-adapter.ts'
export { type LoraFiles, openLora } from './formats/lora/open-lora.ts'
export { openSafetensors } from './formats/safetensors/open-safetensors.ts'
export { shardFileNames } from './formats/safetensors/shard-index.ts'
export { loadEngine } from './load-engine.ts'
export { checkLora, outlineLora } from './lora/outline-lora.ts'
export { crc32c } from './packed/crc32c.ts'
export { packCheckpoint } from './packed/pack-checkpoint.ts'
export { packRun } from './packed/pack-run.ts'
export { packStateBefore } from './packed/pack-state-before.ts'
export { packedBytes } from './packed/packed-bytes.ts'
export {
  type PackBits,
  type PackedRun,
  type PackedTensor,
  type PackOptions,
  type PackState,
  planeFormatVersion,
} from './packed/packed-types.ts'
export { readPackedTensors } from './packed/read-packed-tensors.ts'
export { withPacked } from './packed/with-packed.ts'
export { planGpuBytes } from './plan/plan-gpu-bytes.ts'
export type * from './plan/plan-types.ts'
