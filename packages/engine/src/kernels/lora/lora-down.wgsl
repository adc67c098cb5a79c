// Shared by both ways to compute low = A x.

struct Down {
  columns: u32,     // vec4 a row of A
  x_stride: u32,    // vec4<f32> between two input rows
  row_chunks: u32,  // rows of A in fours: the stride of low, too
  unused: u32,
  inputs: f32,      // numbers a row, for the norm's mean
  epsilon: f32,     // of the fused norm
}

@group(0) @binding(0) var<uniform> down: Down;
{{factors}}
@group(0) @binding(2) var<storage, read> x: array<vec4<f32>>;
