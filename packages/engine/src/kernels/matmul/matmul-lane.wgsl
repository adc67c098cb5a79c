// y[token, row] = Σ_k x[token, k] · W[row, k], with an epilogue; W quantised (weights/plane-format.ts).
//
// One invocation computes TOKENS × 4 outputs in registers with no barrier and no workgroup memory: the variant for adapters
// that run on a CPU, where a barrier costs more than a load. Reading x once for four rows and W once for TOKENS tokens is
// what makes it fast there; unrolled loops are 2–3 times faster than rolled ones. With SHARE the four first lanes of a subgroup
// load x together and broadcast it, since a load costs such an adapter more than a broadcast.
//
// Dispatch: x = ceil(block_count / WORKGROUP) blocks of four rows (folded into z past 65,535), y = blocks of TOKENS tokens.
// Buffers hold a whole number of token blocks, so tokens past the batch compute garbage that nobody reads.

//! if SHARE
enable subgroups;
//! end

{{matrix}}
//! if BIAS
@group(0) @binding(5) var<storage, read> bias: array<f32>;
//! end

{{quants}}
//! for kind in KINDS
fn multiply_{{kind}}(section_a: Section, section_b: Section, rows: vec4<u32>, first_token: u32, sharer: u32) -> array<vec4<f32>, {{TOKENS}}> {
  let groups = matrix.groups;
//! for r in 4
  let row_{{r}} = rows[{{r}}];
//! end
//! for t in TOKENS
  var sum_{{t}} = vec4<f32>();
//! end
  for (var g = 0u; g < groups; g++) {
//! for r in 4
    {{load(kind, r)}}
    {{scale(kind, r)}}
//! end
//! for t in TOKENS
    let at_{{t}} = (first_token + {{t}}u) * matrix.x_stride + g * 8u;
    var part_{{t}} = vec4<f32>();
    var total_{{t}} = vec4<f32>();
//! end
//! for i in 8
//! for t in TOKENS
    {{load_x(t, i)}}
    {{sum_inputs(kind, t, i)}}
//! end
//! for r in 4
    let q_{{r}}_{{i}} = {{chunk(kind, r, i)}};
//! end
//! for t in TOKENS
    part_{{t}} += vec4<f32>(dot(q_0_{{i}}, x_{{t}}_{{i}}), dot(q_1_{{i}}, x_{{t}}_{{i}}), dot(q_2_{{i}}, x_{{t}}_{{i}}), dot(q_3_{{i}}, x_{{t}}_{{i}}));
    {{half_way(kind, t, i)}}
//! end
//! end
//! for t in TOKENS
    {{finish(kind, t)}}
//! end
  }
  return array<vec4<f32>, {{TOKENS}}>({{sums}});
}
//! end

@compute @workgroup_size({{WORKGROUP}})
fn main(
  @builtin(global_invocation_id) id: vec3<u32>,
  @builtin(num_workgroups) grid: vec3<u32>,
//! if SHARE
  @builtin(subgroup_invocation_id) subgroup_lane: u32,
//! end
) {
  let wanted = id.x + id.z * grid.x * {{WORKGROUP}}u;
//! if SHARE
  // Lanes past the last block stay to share their loads, and write nothing.
  let block = min(wanted, matrix.block_count - 1u);
  let sharer = subgroup_lane & 3u;
//! else
  if (wanted >= matrix.block_count) { return; }
  let block = wanted;
  let sharer = 0u;
//! end
  let token = id.y * {{TOKENS}}u;
//! if PAIR
  // Rows 2b and 2b+1 of the gate, then of the up projection: y = silu(gate) · up.
  let last = matrix.sections[0].rows - 1u;
  let row = 2u * block;
  let rows = min(vec4<u32>(row, row + 1u, row, row + 1u), vec4<u32>(last));
  let sums = multiply_0(matrix.sections[0], matrix.sections[1], rows, token, sharer);
//! if SHARE
  if (wanted != block) { return; }
//! end
//! for t in TOKENS
  {
    let product = sums[{{t}}].xy / (1.0 + exp(-sums[{{t}}].xy)) * sums[{{t}}].zw;
    let out = (token + {{t}}u) * matrix.y_stride + matrix.sections[0].first_row + row;
    y[out] = product.x;
    if (row < last) { y[out + 1u] = product.y; }
  }
//! end
//! else
{{choose_section}}
  let row = 4u * (block - section.first_block);
  let last = section.rows - 1u;
  let rows = min(vec4<u32>(row, row + 1u, row + 2u, row + 3u), vec4<u32>(last));
{{choose_kind}}
//! if SHARE
  if (wanted != block) { return; }
//! end
  let out = token * matrix.y_stride + section.first_row + row;
//! for t in TOKENS
//! for r in 4
  if (row + {{r}}u <= last) { {{store(t, r)}} }
//! end
//! end
//! end
}
