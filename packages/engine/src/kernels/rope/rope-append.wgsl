// From one fused q|k|v row a token: optional RMSNorm of every q and k head, rotary embedding (halves: dimension i turns with
// i + D/2), q multiplied by `q_scale` and written to `q`, k and v appended to the cache at the token's position.
// The angle comes from a table of cos, sin made in float64 on the CPU: WGSL's own sin errs by 1e-3 at large arguments.
//
// Shapes: qkv [tokens][qkv_stride] f32; q [tokens][q_stride] f32; table [position][D/2] (cos, sin);
// caches [position][kv heads][D], two f16 a word or f32. D = {{HEAD_SIZE}}, a multiple of 4.
// Dispatch: invocations x = (heads + 2·kv heads) · D/4, y = tokens. No barrier: with norm, each lane sums its head itself.

struct Rope {
  heads: u32,
  kv_heads: u32,
  qkv_stride: u32,
  q_stride: u32,
  q_scale: f32,
  epsilon: f32,
  unused_0: u32,
  unused_1: u32,
}

@group(0) @binding(0) var<uniform> rope: Rope;
@group(0) @binding(1) var<storage, read> batch: array<u32>;  // position of the first token, number of tokens
@group(0) @binding(2) var<storage, read> qkv: array<f32>;
@group(0) @binding(3) var<storage, read> table: array<vec2<f32>>;
@group(0) @binding(4) var<storage, read_write> q: array<f32>;
@group(0) @binding(5) var<storage, read_write> k_cache: array<{{WORD}}>;
@group(0) @binding(6) var<storage, read_write> v_cache: array<{{WORD}}>;
//! if NORM
@group(0) @binding(7) var<storage, read> gains: array<f32>;  // q's, then k's
//! end

const D = {{HEAD_SIZE}}u;

//! if HALF
fn append_k(at: u32, a: f32, b: f32) { k_cache[at / 2u] = pack2x16float(vec2<f32>(a, b)); }
fn append_v(at: u32, a: f32, b: f32) { v_cache[at / 2u] = pack2x16float(vec2<f32>(a, b)); }
//! else
fn append_k(at: u32, a: f32, b: f32) { k_cache[at] = a; k_cache[at + 1u] = b; }
fn append_v(at: u32, a: f32, b: f32) { v_cache[at] = a; v_cache[at + 1u] = b; }
//! end

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let head = id.x / (D / 4u);
  let i = 2u * (id.x % (D / 4u));
  let token = id.y;
  if (head >= rope.heads + 2u * rope.kv_heads {{TOKEN_BOUND}}) { return; }
  let position = batch[0] + token;
  let start = token * rope.qkv_stride + head * D;
  if (head >= rope.heads + rope.kv_heads) {
    let at = (position * rope.kv_heads + head - rope.heads - rope.kv_heads) * D + 2u * i;
    append_v(at, qkv[start + 2u * i], qkv[start + 2u * i + 1u]);
    append_v(at + 2u, qkv[start + 2u * i + 2u], qkv[start + 2u * i + 3u]);
    return;
  }
  var low = vec2<f32>(qkv[start + i], qkv[start + i + 1u]);
  var high = vec2<f32>(qkv[start + i + D / 2u], qkv[start + i + 1u + D / 2u]);
//! if NORM
  var squares = 0.0;
  for (var d = 0u; d < D; d++) { squares += qkv[start + d] * qkv[start + d]; }
  let scale = inverseSqrt(squares / f32(D) + rope.epsilon);
  let gain = select(D, 0u, head < rope.heads) + i;
  low *= scale * vec2<f32>(gains[gain], gains[gain + 1u]);
  high *= scale * vec2<f32>(gains[gain + D / 2u], gains[gain + 1u + D / 2u]);
//! end
  let turn_0 = table[position * (D / 2u) + i];
  let turn_1 = table[position * (D / 2u) + i + 1u];
  let cosine = vec2<f32>(turn_0.x, turn_1.x);
  let sine = vec2<f32>(turn_0.y, turn_1.y);
  let turned_low = low * cosine - high * sine;
  let turned_high = high * cosine + low * sine;
  if (head < rope.heads) {
    let at = token * rope.q_stride + head * D + i;
    q[at] = turned_low.x * rope.q_scale;
    q[at + 1u] = turned_low.y * rope.q_scale;
    q[at + D / 2u] = turned_high.x * rope.q_scale;
    q[at + 1u + D / 2u] = turned_high.y * rope.q_scale;
  } else {
    let at = (position * rope.kv_heads + head - rope.heads) * D + i;
    append_k(at, turned_low.x, turned_low.y);
    append_k(at + D / 2u, turned_high.x, turned_high.y);
  }
}
