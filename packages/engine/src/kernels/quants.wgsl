// Turning packed quants into vec4<f32>, four weights at a time, without their scale. Layouts: weights/plane-format.ts.
// Signed conversions throughout: they are one instruction where unsigned ones are several on CPU adapters.

fn nibbles_low(word: u32) -> vec4<i32> {
  let w = bitcast<i32>(word);
  return vec4<i32>(w, w >> 4u, w >> 8u, w >> 12u) & vec4<i32>(15);
}

fn nibbles_high(word: u32) -> vec4<i32> {
  let w = bitcast<i32>(word);
  return vec4<i32>(w >> 16u, w >> 20u, w >> 24u, w >> 28u) & vec4<i32>(15);
}

// Bit `shift` … `shift + 3` of `word`, each moved to bit 4 of a nibble's value.
fn fifth_bits(word: u32, shift: u32) -> vec4<i32> {
  let w = bitcast<i32>(word >> shift);
  return (vec4<i32>(w, w >> 1u, w >> 2u, w >> 3u) & vec4<i32>(1)) << vec4<u32>(4u);
}

// Four pairs of bits from `shift`, each moved to bits 4 and 5.
fn upper_pairs(word: u32, shift: u32) -> vec4<i32> {
  let w = bitcast<i32>(word >> shift);
  return (vec4<i32>(w, w >> 2u, w >> 4u, w >> 6u) & vec4<i32>(3)) << vec4<u32>(4u);
}

fn signed_bytes(word: u32) -> vec4<f32> {
  let w = bitcast<i32>(word);
  return vec4<f32>(vec4<i32>(w << 24u, w << 16u, w << 8u, w) >> vec4<u32>(24u));
}

fn halves(low: u32, high: u32) -> vec4<f32> {
  return vec4<f32>(unpack2x16float(low), unpack2x16float(high));
}

fn brains(low: u32, high: u32) -> vec4<f32> {
  return bitcast<vec4<f32>>(vec4<u32>(low << 16u, low & 0xffff0000u, high << 16u, high & 0xffff0000u));
}
