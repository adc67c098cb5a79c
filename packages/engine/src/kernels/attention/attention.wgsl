// Shared by the attention kernels. Caches: [position][kv head][D], four numbers an element; D = {{HEAD_SIZE}}.
// q comes already multiplied by 1/√D. All sums, the running maximum and the exponentials are f32: raw products of real small
// models pass 10,000. A softmax over a part of the positions is (maximum m, sum l, Σ e^(score − m)·v), and parts can be merged.

struct Attention {
  kv_heads: u32,
  group: u32,        // q heads that share a kv head
  q_stride: u32,     // vec4<f32> between two tokens, as is the next
  out_stride: u32,
  split_size: u32,   // positions a split
  unused_0: u32,
  unused_1: u32,
  unused_2: u32,
}

@group(0) @binding(0) var<uniform> attention: Attention;
@group(0) @binding(1) var<storage, read> batch: array<u32>;  // position of the first token, number of tokens
@group(0) @binding(2) var<storage, read> q: array<vec4<f32>>;
@group(0) @binding(3) var<storage, read> k_cache: array<{{CACHED}}>;
@group(0) @binding(4) var<storage, read> v_cache: array<{{CACHED}}>;
// Splits: one entry of 1 + D/4 vec4 per (head, split): (m, l, 0, 0), then the sum. Otherwise: [tokens][out_stride].
@group(0) @binding(5) var<storage, read_write> out: array<vec4<f32>>;

const CHUNKS = {{CHUNKS}}u;  // D/4
const LOWEST = -3.0e38;

//! if HALF
fn widen(packed: vec2<u32>) -> vec4<f32> { return vec4<f32>(unpack2x16float(packed.x), unpack2x16float(packed.y)); }
//! else
fn widen(value: vec4<f32>) -> vec4<f32> { return value; }
//! end

fn cache_index(position: u32, kv_head: u32) -> u32 { return (position * attention.kv_heads + kv_head) * CHUNKS; }
