// x[token] = row ids[token] of the embedding matrix, dequantised. A matrix split over several buffers has one dispatch a
// buffer, and only the one that holds the row writes.
//
// Shapes: x [tokens][stride] f32. Dispatch: invocations x = groups of 32 a row, y = tokens.

struct Section {
  rows: u32,
  first_row: u32,
  quants: u32,
  high: u32,
  scales: u32,
  blocks: u32,
  factor: f32,
  groups: u32,
}

struct Embed { section: Section, stride: u32, ids_at: u32, unused_0: u32, unused_1: u32 }

@group(0) @binding(0) var<uniform> embed: Embed;
@group(0) @binding(1) var<storage, read> weights4: array<vec4<u32>>;
@group(0) @binding(2) var<storage, read> weights1: array<u32>;
@group(0) @binding(3) var<storage, read> ids: array<u32>;
@group(0) @binding(4) var<storage, read_write> x: array<vec4<f32>>;

{{quants}}
@compute @workgroup_size(32)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let g = id.x;
  let section_a = embed.section;
  let groups = section_a.groups;
  let row_0 = ids[embed.ids_at + id.y] - section_a.first_row;
  if (g >= groups || row_0 >= section_a.rows) { return; }
  {{load(0)}}
  {{scale(0)}}
  let at = id.y * (embed.stride / 4u) + g * 8u;
//! for i in 8
  x[at + {{i}}u] = {{value(i)}};
//! end
}
