// low[token, j] = Σ_k A[j, k] · x[token, k]: the first half of a low-rank product, A as `lora.ts` lays it out.
//
// A workgroup of 64 computes four rows for TOKENS tokens: each lane takes every 64th chunk of four columns, and the lanes' sums
// are added at the end. The variant for real GPUs. NORM (one token) folds RMSNorm in, as matmul-vector.wgsl does:
// low = rstd · A(g ⊙ x), with Σx² summed in the same loop.
// Dispatch: x = chunks of four rows, y = blocks of TOKENS tokens. Buffers hold whole token blocks.

{{shared}}
@group(0) @binding(3) var<storage, read_write> low: array<vec4<f32>>;
//! if NORM
@group(0) @binding(4) var<storage, read> gain: array<vec4<f32>>;
//! end

var<workgroup> partial: array<vec4<f32>, {{PARTIALS}}>;
//! if NORM
var<workgroup> partial_squares: array<f32, 64>;
//! end

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let token = group.y * {{TOKENS}}u;
  let row = 4u * group.x * down.columns;
//! for t in TOKENS
  var sum_{{t}} = vec4<f32>();
//! end
//! if NORM
  var squares = 0.0;
//! end
  for (var k = lane; k < down.columns; k += 64u) {
//! for r in 4
    let a_{{r}} = factor(row + {{r}}u * down.columns + k);
//! end
//! for t in TOKENS
    let raw_{{t}} = x[(token + {{t}}u) * down.x_stride + k];
//! if NORM
    squares += dot(raw_{{t}}, raw_{{t}});
    let x_{{t}} = raw_{{t}} * gain[k];
//! else
    let x_{{t}} = raw_{{t}};
//! end
    sum_{{t}} += vec4<f32>(dot(a_0, x_{{t}}), dot(a_1, x_{{t}}), dot(a_2, x_{{t}}), dot(a_3, x_{{t}}));
//! end
  }
//! for t in TOKENS
  partial[{{t}}u * 64u + lane] = sum_{{t}};
//! end
//! if NORM
  partial_squares[lane] = squares;
//! end
  for (var width = 32u; width > 0u; width /= 2u) {
    workgroupBarrier();
    if (lane < width) {
//! for t in TOKENS
      partial[{{t}}u * 64u + lane] += partial[{{t}}u * 64u + lane + width];
//! end
//! if NORM
      partial_squares[lane] += partial_squares[lane + width];
//! end
    }
  }
  if (lane != 0u) { return; }
//! if NORM
  let scale = inverseSqrt(partial_squares[0] / down.inputs + down.epsilon);
//! else
  let scale = 1.0;
//! end
//! for t in TOKENS
  low[(token + {{t}}u) * down.row_chunks + group.x] = scale * partial[{{t}}u * 64u];
//! end
}
