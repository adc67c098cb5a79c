import type { Gpu } from '../device/gpu.ts'
import type { MatmulVariant } from '../kernels/matmul/matmul.ts'
import { hardwareLimits, type SubmitLimits, softwareLimits } from './submit-limits.ts'

/** Which kernel variants a device runs, and how much it is given at a time. */
export interface Route {
  /** For one token; `columns`: inputs a row. */
  readonly matvec: (columns: number, norm: boolean) => MatmulVariant
  /** For a batch of tokens. */
  readonly matmul: MatmulVariant
  readonly attention: 'lane' | 'group'
  /** RMSNorm inside the matvec that follows it (one dispatch less; costs CPU adapters more than it saves). */
  readonly fuseNorm: boolean
  /** Of the cache, unless the caller says: halves cost memory half, and CPU adapters, which convert them one by one, twice the time. */
  readonly keyValueType: 'f16' | 'f32'
  /** Most tokens a prefill batch, a multiple of every token block. */
  readonly batchTokens: number
  readonly submits: SubmitLimits
}

/** Columns from which a workgroup of 64 lanes has at least two groups of 32 weights a lane. */
const wideColumns = 4096

/** What a route is chosen by. */
export interface DeviceTraits extends Pick<Gpu, 'subgroups' | 'halfFloats'> {
  readonly adapter: { readonly software: boolean }
}

export function chooseRoute(device: DeviceTraits): Route {
  return device.adapter.software ? softwareRoute(device) : hardwareRoute(device)
}

export function hardwareRoute({ subgroups, halfFloats }: Pick<Gpu, 'subgroups' | 'halfFloats'>): Route {
  return {
    matvec: (columns, norm) => ({ kernel: 'vector', workgroup: columns < wideColumns ? 32 : 64, subgroups, norm }),
    matmul: { kernel: 'tile', half: halfFloats },
    attention: 'group',
    fuseNorm: true,
    keyValueType: 'f16',
    batchTokens: 128,
    submits: hardwareLimits,
  }
}

export function softwareRoute({ subgroups }: Pick<Gpu, 'subgroups'>): Route {
  return {
    matvec: () => ({ kernel: 'lane', tokens: 1, share: false }),
    matmul: subgroups ? { kernel: 'lane', tokens: 8, share: true } : { kernel: 'lane', tokens: 4, share: false },
    attention: 'lane',
    fuseNorm: false,
    keyValueType: 'f32',
    batchTokens: 32,
    submits: softwareLimits,
  }
}
