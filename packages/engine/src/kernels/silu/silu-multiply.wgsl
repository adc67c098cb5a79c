// y[token, i] = silu(gate[token, i]) · up[token, i], where a token's row of x is gate, then up.
// Shapes in vec4<f32>: x [tokens][2·stride], y [tokens][stride]. Dispatch: invocations x = stride / 4, y = tokens.

@group(0) @binding(0) var<uniform> stride: vec4<u32>;  // x: vec4<f32> a row
@group(0) @binding(1) var<storage, read> x: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read_write> y: array<vec4<f32>>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  if (id.x >= stride.x) { return; }
  let gate = x[2u * id.y * stride.x + id.x];
  let up = x[(2u * id.y + 1u) * stride.x + id.x];
  y[id.y * stride.x + id.x] = gate / (1.0 + exp(-gate)) * up;
}
