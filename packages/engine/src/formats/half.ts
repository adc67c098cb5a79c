const powers = Float64Array.from({ length: 31 }, (_, exponent) => 2 ** (exponent - 25))

/** The value of an IEEE binary16 bit pattern, subnormals included; exact in float32. */
export function float16Value(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1
  const exponent = (bits >> 10) & 31
  const mantissa = bits & 1023
  if (exponent === 31) return mantissa === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN
  return exponent === 0 ? sign * mantissa * 2 ** -24 : sign * (1024 + mantissa) * (powers[exponent] ?? 0)
}

const word = new Uint32Array(1)
const float = new Float32Array(word.buffer)

/** The value of a bfloat16 bit pattern: the upper half of a float32. */
export function bfloat16Value(bits: number): number {
  word[0] = bits << 16
  return float[0] ?? 0
}
