// y[row] = Σ_k x[k] · W[row, k] for one token, with an epilogue; W quantised (weights/plane-format.ts).
//
// One workgroup of WORKGROUP lanes computes four rows: each lane takes every WORKGROUP-th group of 32 weights, loads x once
// for the four rows, and the lanes' sums are added at the end. The decode variant for real GPUs.
// NORM folds RMSNorm in: y = rstd · W(g ⊙ x), with Σx² summed in the same loop (idea: engine.md, "RMSNorm without a prologue").
//
// Dispatch: x · y ≥ block_count workgroups, one per block of four rows.
//! if SUBGROUPS
enable subgroups;
//! end

{{matrix}}
//! if NORM
@group(0) @binding(5) var<storage, read> gain: array<vec4<f32>>;
//! end
//! if BIAS
@group(0) @binding({{BIAS_BINDING}}) var<storage, read> bias: array<f32>;
//! end

var<workgroup> partial_sums: array<vec4<f32>, {{WORKGROUP}}>;
//! if NORM
var<workgroup> partial_squares: array<f32, {{WORKGROUP}}>;
//! end

{{quants}}
struct Sums { rows: vec4<f32>, squares: f32 }

//! for kind in KINDS
fn multiply_{{kind}}(section_a: Section, section_b: Section, rows: vec4<u32>, lane: u32) -> Sums {
  let groups = matrix.groups;
//! for r in 4
  let row_{{r}} = rows[{{r}}];
//! end
  var sum_0 = vec4<f32>();
  var squares = 0.0;
  for (var g = lane; g < groups; g += {{WORKGROUP}}u) {
//! for r in 4
    {{load(kind, r)}}
    {{scale(kind, r)}}
//! end
    var part_0 = vec4<f32>();
    var total_0 = vec4<f32>();
//! for i in 8
//! if NORM
    let raw_{{i}} = x[g * 8u + {{i}}u];
    squares += dot(raw_{{i}}, raw_{{i}});
    let x_0_{{i}} = raw_{{i}} * gain[g * 8u + {{i}}u];
//! else
    let x_0_{{i}} = x[g * 8u + {{i}}u];
//! end
    {{sum_inputs(kind, 0, i)}}
    part_0 += vec4<f32>(dot({{chunk(kind, 0, i)}}, x_0_{{i}}), dot({{chunk(kind, 1, i)}}, x_0_{{i}}), dot({{chunk(kind, 2, i)}}, x_0_{{i}}), dot({{chunk(kind, 3, i)}}, x_0_{{i}}));
    {{half_way(kind, 0, i)}}
//! end
    {{finish(kind, 0)}}
  }
  return Sums(sum_0, squares);
}
//! end

@compute @workgroup_size({{WORKGROUP}})
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) grid: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
//! if SUBGROUPS
  @builtin(subgroup_invocation_id) subgroup_lane: u32,
//! end
) {
  let block = group.x + group.y * grid.x;
  if (block >= matrix.block_count) { return; }
//! if PAIR
  let last = matrix.sections[0].rows - 1u;
  let row = 2u * block;
  let rows = min(vec4<u32>(row, row + 1u, row, row + 1u), vec4<u32>(last));
  let own = multiply_0(matrix.sections[0], matrix.sections[1], rows, lane);
//! else
{{choose_section}}
  let row = 4u * (block - section.first_block);
  let last = section.rows - 1u;
  let rows = min(vec4<u32>(row, row + 1u, row + 2u, row + 3u), vec4<u32>(last));
{{choose_kind}}
  let own = result;
//! end

//! if SUBGROUPS
  let subgroup_rows = subgroupAdd(own.rows);
//! if NORM
  let subgroup_squares = subgroupAdd(own.squares);
//! end
  // Which lanes share a subgroup, and how many, is the device's business: every lane has a place, first lanes a sum.
  let first = subgroup_lane == 0u;
  partial_sums[lane] = select(vec4<f32>(), subgroup_rows, first);
//! if NORM
  partial_squares[lane] = select(0.0, subgroup_squares, first);
//! end
  workgroupBarrier();
  if (lane != 0u) { return; }
  var sums = partial_sums[0];
//! if NORM
  var squares = partial_squares[0];
//! end
  for (var i = 1u; i < {{WORKGROUP}}u; i++) {
    sums += partial_sums[i];
//! if NORM
    squares += partial_squares[i];
//! end
  }
//! else
  partial_sums[lane] = own.rows;
//! if NORM
  partial_squares[lane] = own.squares;
//! end
  for (var width = {{WORKGROUP}}u / 2u; width > 0u; width /= 2u) {
    workgroupBarrier();
    if (lane < width) {
      partial_sums[lane] += partial_sums[lane + width];
//! if NORM
      partial_squares[lane] += partial_squares[lane + width];
//! end
    }
  }
  if (lane != 0u) { return; }
  var sums = partial_sums[0];
//! if NORM
  let squares = partial_squares[0];
//! end
//! end
//! if NORM
  sums *= inverseSqrt(squares / f32(matrix.columns) + matrix.epsilon);
//! end
//! if PAIR
  let product = sums.xy / (1.0 + exp(-sums.xy)) * sums.zw;
  let out = matrix.sections[0].first_row + row;
  y[out] = product.x;
  if (row < last) { y[out + 1u] = product.y; }
//! else
  let out = section.first_row + row;
//! for r in 4
  if (row + {{r}}u <= last) { {{store(r)}} }
//! end
//! end
}
