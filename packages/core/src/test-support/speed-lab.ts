import { crc32c } from '@sampan/engine'
import { readIndex } from '../store/model-file.ts'

/** What tests of speed do in a page. */
export const speedLab = {
  /** Milliseconds that all runs of a stored model take to be read, and to be checked: the shortest of some rounds. */
  async check(file: File, rounds: number) {
    const { tensors = [] } = await readIndex(file)
    const runs = tensors.flatMap((tensor) => tensor.runs)
    const shortest = { read: Number.POSITIVE_INFINITY, crc: Number.POSITIVE_INFINITY }
    let good = 0
    for (let round = 0; round < rounds; round++) {
      const took = { read: 0, crc: 0 }
      for (const { offset, bytes, crc } of runs) {
        const began = performance.now()
        const run = new Uint8Array(await file.slice(offset, offset + bytes).arrayBuffer())
        const read = performance.now()
        good += Number(crc32c(run) === crc)
        took.read += read - began
        took.crc += performance.now() - read
      }
      shortest.read = Math.min(shortest.read, took.read)
      shortest.crc = Math.min(shortest.crc, took.crc)
    }
    return { ...shortest, bytes: runs.reduce((sum, { bytes }) => sum + bytes, 0), bad: rounds * runs.length - good }
  },
}

export type SpeedLab = typeof speedLab
