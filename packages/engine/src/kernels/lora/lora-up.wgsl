// y[token, row] += scale · Σ_j B[row, j] · low[token, j]: the second half of a low-rank product, for up to three matrices whose
// outputs lie in one buffer. B as `lora.ts` lays it out.
//
// One invocation computes a row for TOKENS tokens. Dispatch: x · 64 ≥ rows, y = blocks of TOKENS tokens.

struct Section {
  first: u32,       // rows before this section
  row: u32,         // output column of its row 0
  chunks: u32,      // vec4 a row of B
  low: u32,         // vec4 of its part in a row of low
  start: u32,       // vec4 of its B
  scale: f32,
  unused_0: u32,
  unused_1: u32,
}

struct Up {
  rows: u32,
  y_stride: u32,    // f32 between two output rows
  low_stride: u32,  // vec4<f32>
  unused: u32,
  sections: array<Section, 3>,
}

@group(0) @binding(0) var<uniform> up: Up;
{{factors}}
@group(0) @binding(2) var<storage, read> low: array<vec4<f32>>;
@group(0) @binding(3) var<storage, read_write> y: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  if (id.x >= up.rows) { return; }
  var which = 0u;
  if (id.x >= up.sections[1].first) { which = 1u; }
  if (id.x >= up.sections[2].first) { which = 2u; }
  let section = up.sections[which];
  let token = id.y * {{TOKENS}}u;
  let row = id.x - section.first;
//! for t in TOKENS
  var sum_{{t}} = 0.0;
//! end
  for (var j = 0u; j < section.chunks; j++) {
    let b = factor(section.start + row * section.chunks + j);
//! for t in TOKENS
    sum_{{t}} += dot(b, low[(token + {{t}}u) * up.low_stride + section.low + j]);
//! end
  }
//! for t in TOKENS
  y[(token + {{t}}u) * up.y_stride + section.row + row] += section.scale * sum_{{t}};
//! end
}
