// low[token, j] = Σ_k A[j, k] · x[token, k]: the first half of a low-rank product, A as `lora.ts` lays it out.
//
// One invocation computes TOKENS × 4 outputs with no barrier: the variant for adapters that run on a CPU.
// Dispatch: x · WORKGROUP ≥ chunks of four rows, y = blocks of TOKENS tokens. Buffers hold whole token blocks.

{{shared}}
@group(0) @binding(3) var<storage, read_write> low: array<vec4<f32>>;

@compute @workgroup_size({{WORKGROUP}})
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  if (id.x >= down.row_chunks) { return; }
  let token = id.y * {{TOKENS}}u;
  let row = 4u * id.x * down.columns;
//! for t in TOKENS
  var sum_{{t}} = vec4<f32>();
//! end
  for (var k = 0u; k < down.columns; k++) {
//! for r in 4
    let a_{{r}} = factor(row + {{r}}u * down.columns + k);
//! end
//! for t in TOKENS
    let x_{{t}} = x[(token + {{t}}u) * down.x_stride + k];
    sum_{{t}} += vec4<f32>(dot(a_0, x_{{t}}), dot(a_1, x_{{t}}), dot(a_2, x_{{t}}), dot(a_3, x_{{t}}));
//! end
  }
//! for t in TOKENS
  low[(token + {{t}}u) * down.row_chunks + id.x] = sum_{{t}};
//! end
}
