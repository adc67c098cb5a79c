// y[token] = x[token] ⊙ gain / sqrt(mean(x[token]²) + epsilon), sums in f32.
//
// Shapes: x, y [tokens][stride], gain [columns], in vec4<f32>; columns a multiple of 4, stride of 32 with zeros behind columns.
// Dispatch: one workgroup of 64 a token.

struct Norm { chunks: u32, stride: u32, columns: f32, epsilon: f32 }

@group(0) @binding(0) var<uniform> norm: Norm;
@group(0) @binding(1) var<storage, read> x: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read> gain: array<vec4<f32>>;
@group(0) @binding(3) var<storage, read_write> y: array<vec4<f32>>;

var<workgroup> partial: array<f32, 64>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let start = group.x * norm.stride;
  var squares = 0.0;
  for (var i = lane; i < norm.chunks; i += 64u) {
    let value = x[start + i];
    squares += dot(value, value);
  }
  partial[lane] = squares;
  workgroupBarrier();
  var total = 0.0;
  for (var i = 0u; i < 64u; i++) { total += partial[i]; }
  let scale = inverseSqrt(total / norm.columns + norm.epsilon);
  for (var i = lane; i < norm.chunks; i += 64u) { y[start + i] = x[start + i] * scale * gain[i]; }
}
