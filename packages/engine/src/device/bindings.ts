/**
 * The bind group layout that `code` declares. WebGPU's `layout: 'auto'` drops bindings that a specialised shader happens not
 * to use, so the same kernel would need different bind groups from one specialisation to the next.
 */
export function declaredBindings(code: string): GPUBindGroupLayoutEntry[] {
  const declaration = /@group\(0\)\s*@binding\((\d+)\)\s*var<\s*(uniform|storage)\s*(?:,\s*(read|read_write)\s*)?>/g
  return [...code.matchAll(declaration)].map(([, binding, space, access]) => ({
    binding: Number(binding),
    visibility: computeStage,
    buffer: { type: space === 'uniform' ? 'uniform' : access === 'read_write' ? 'storage' : 'read-only-storage' },
  }))
}

/** `GPUShaderStage.COMPUTE`. */
const computeStage = 4
