// Shared by the matmul kernels: where the planes of a matrix lie and which rows a block of four stands for.

struct Section {
  first_block: u32,   // blocks of four rows before this section
  rows: u32,
  first_row: u32,     // output column of its row 0
  quants: u32,        // in vec4<u32>; the others in words
  high: u32,
  scales: u32,
  blocks: u32,
  factor: f32,        // 2^-scaleShift
}

struct Matrix {
  groups: u32,        // groups of 32 weights a row
  x_stride: u32,      // vec4<f32> between two input rows
  y_stride: u32,      // f32 between two output rows
  block_count: u32,   // blocks of four rows
  columns: u32,       // inputs a row, without padding
  epsilon: f32,       // of the fused norm
  unused_0: u32,
  unused_1: u32,
  sections: array<Section, 3>,
}

@group(0) @binding(0) var<uniform> matrix: Matrix;
@group(0) @binding(1) var<storage, read> weights4: array<vec4<u32>>;
@group(0) @binding(2) var<storage, read> weights1: array<u32>;
@group(0) @binding(3) var<storage, read> x: array<vec4<f32>>;
@group(0) @binding(4) var<storage, read_write> y: array<f32>;
