/** Formats in the names of GGUF files whose tensors the engine reads. Of 2 and 3 bits and of the IQ kinds it reads none. */
const READABLE = /^(Q[45]_[01]|Q8_0|Q[45]_K(_[SML])?|Q6_K(_L)?|B?F16|F32)$/
const FORMAT = /(?:^|[-._/])((?:UD-)?(?:I?Q|TQ)\d(?:_[A-Z0-9]+)*|BF16|FP?16|FP?32)(?=[-._/]|$)/gi

/** The format that a GGUF file's name tells (`Q4_K_M`), or else its folder's; undefined where neither does. */
export function quantizationOf(path: string): string | undefined {
  const at = path.lastIndexOf('/') + 1
  // The last one: names of models may hold something like it.
  const last = (part: string): string | undefined => [...part.matchAll(FORMAT)].at(-1)?.[1]
  const found = last(path.slice(at)) ?? last(path.slice(0, at))
  return found?.toUpperCase().replace(/^FP/, 'F')
}

/** Of "dynamic" files (`UD-`) nobody can tell by the name. */
export function isReadable(quantization: string): boolean {
  return READABLE.test(quantization)
}
