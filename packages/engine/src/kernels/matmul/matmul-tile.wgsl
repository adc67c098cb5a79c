// y[token, row] = Σ_k x[token, k] · W[row, k], with an epilogue; W quantised (weights/plane-format.ts).
//
// The prefill variant for real GPUs: a workgroup of 64 computes a tile of 32 tokens × 32 rows. For every 64 columns it brings
// x and the dequantised W into workgroup memory (16 KB, WebGPU's default; 12 KB where W is kept as f16), then each invocation
// adds 4 × 4 outputs. Both tiles are stored column chunk first, so that neighbouring lanes read neighbouring words.
//
// Dispatch: x = tiles of 32 rows, counted section by section, y = tiles of 32 tokens. Buffers hold whole token tiles.
//! if HALF
enable f16;
//! end

{{matrix}}
//! if BIAS
@group(0) @binding(5) var<storage, read> bias: array<f32>;
//! end

var<workgroup> x_tile: array<vec4<f32>, 512>;
var<workgroup> w_tile: array<vec4<{{FLOAT}}>, 512>;

{{quants}}
//! for kind in KINDS
fn dequantise_{{kind}}(section_a: Section, row_0: u32, g: u32, to: u32) {
  let groups = matrix.groups;
  {{load(kind, 0)}}
  {{scale(kind, 0)}}
//! for i in 8
  w_tile[to + {{i}}u * 32u] = vec4<{{FLOAT}}>({{value(kind, i)}});
//! end
}
//! end

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  var tile = group.x;
  var which = 0u;
//! for s in SECTION_BORDERS
  if (which == {{s}}u && tile >= (matrix.sections[{{s}}].rows + 31u) / 32u) {
    tile -= (matrix.sections[{{s}}].rows + 31u) / 32u;
    which = {{s}}u + 1u;
  }
//! end
  let section = matrix.sections[which];
  let first_token = group.y * 32u;
  let last = section.rows - 1u;
  let row_lane = lane % 8u;
  let token_lane = lane / 8u;
//! for t in 4
  var sum_{{t}} = vec4<f32>();
//! end

  for (var first_group = 0u; first_group < matrix.groups; first_group += 2u) {
    let width = min(16u, (matrix.groups - first_group) * 8u);
    for (var i = lane; i < 512u; i += 64u) {
      let chunk = i % 16u;
      let token = i / 16u;
      var value = vec4<f32>();
      if (chunk < width) { value = x[(first_token + token) * matrix.x_stride + first_group * 8u + chunk]; }
      x_tile[chunk * 32u + token] = value;
    }
    {
      let row = min(tile * 32u + lane % 32u, last);
      let g = first_group + lane / 32u;
      let to = (lane / 32u) * 256u + lane % 32u;
      if (g < matrix.groups) {
{{dequantise}}
      } else {
        for (var i = 0u; i < 8u; i++) { w_tile[to + i * 32u] = vec4<{{FLOAT}}>(); }
      }
    }
    workgroupBarrier();
    for (var chunk = 0u; chunk < 16u; chunk++) {
//! for r in 4
      let w_{{r}} = vec4<f32>(w_tile[chunk * 32u + {{r}}u * 8u + row_lane]);
//! end
//! for t in 4
      let x_{{t}} = x_tile[chunk * 32u + {{t}}u * 8u + token_lane];
      sum_{{t}} += vec4<f32>(dot(w_0, x_{{t}}), dot(w_1, x_{{t}}), dot(w_2, x_{{t}}), dot(w_3, x_{{t}}));
//! end
    }
    workgroupBarrier();
  }

//! for t in 4
//! for r in 4
  {
    let row = tile * 32u + {{r}}u * 8u + row_lane;
    let out = (first_token + {{t}}u * 8u + token_lane) * matrix.y_stride + section.first_row + row;
    if (row <= last) { {{store(t, r)}} }
  }
//! end
//! end
}
