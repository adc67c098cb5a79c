// Causal attention on real GPUs, flash style: a workgroup of 64 takes one kv head and up to ROWS of its query rows (a row is a
// token and one of the q heads that share the kv head), walks over the positions in tiles of 32, and keeps running maxima.
// Sharing a kv head's rows is what makes each loaded k and v count {{ROWS}} times.
// Idea: FlashAttention-2 (Dao 2023); splits over positions as in Flash-Decoding.
// Dispatch: workgroups x = kv heads, y = ceil(group · tokens / ROWS), z = splits.
{{attention}}
const ROWS = {{ROWS}}u;
const TILE = 32u;

var<workgroup> q_tile: array<vec4<f32>, {{Q_TILE}}>;    // [chunk][row]
var<workgroup> scores: array<f32, {{SCORES}}>;          // [position][row]
var<workgroup> maxima: array<f32, {{ROWS}}>;
var<workgroup> totals: array<f32, {{ROWS}}>;
var<workgroup> keeps: array<f32, {{ROWS}}>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let kv_head = group.x;
  let first_row = group.y * ROWS;
  let rows = attention.group * {{TOKENS}};
  let last_token = min(first_row + ROWS, rows) / attention.group - select(0u, 1u, min(first_row + ROWS, rows) % attention.group == 0u);
//! if SPLIT
  let visible = batch[0] + 1u;
  let begin = group.z * attention.split_size;
  let end = min(begin + attention.split_size, visible);
  if (begin >= visible) { return; }
//! else
  let begin = 0u;
  let end = batch[0] + last_token + 1u;
//! end

  for (var i = lane; i < ROWS * CHUNKS; i += 64u) {
    let row = min(first_row + i % ROWS, rows - 1u);
    let head = kv_head * attention.group + row % attention.group;
    q_tile[i] = q[(row / attention.group) * attention.q_stride + head * CHUNKS + i / ROWS];
  }
  if (lane < ROWS) {
    maxima[lane] = LOWEST;
    totals[lane] = 0.0;
  }
//! for a in ACCUMULATORS
  var sum_{{a}} = vec4<f32>();
//! end
  workgroupBarrier();

  for (var first = begin; first < end; first += TILE) {
    for (var i = lane; i < ROWS * TILE; i += 64u) {
      let row = i % ROWS;
      let position = first + i / ROWS;
      var score = LOWEST;
      if (position < end && position <= batch[0] + (first_row + row) / attention.group) {
        let at = cache_index(position, kv_head);
        var products = vec4<f32>();
        for (var c = 0u; c < CHUNKS; c++) { products += q_tile[c * ROWS + row] * widen(k_cache[at + c]); }
        score = dot(products, vec4<f32>(1.0));
      }
      scores[i] = score;
    }
    workgroupBarrier();
    if (lane < ROWS) {
      var raised = maxima[lane];
      for (var s = 0u; s < TILE; s++) { raised = max(raised, scores[s * ROWS + lane]); }
      let keep = exp(maxima[lane] - raised);
      var total = totals[lane] * keep;
      for (var s = 0u; s < TILE; s++) {
        let score = scores[s * ROWS + lane];
        let weight = select(0.0, exp(score - raised), score > LOWEST);
        scores[s * ROWS + lane] = weight;
        total += weight;
      }
      maxima[lane] = raised;
      totals[lane] = total;
      keeps[lane] = keep;
    }
    workgroupBarrier();
    let count = min(TILE, end - first);
//! for a in ACCUMULATORS
    {
      let item = lane + {{a}}u * 64u;
      let row = min(item / CHUNKS, ROWS - 1u);
      sum_{{a}} *= keeps[row];
      for (var s = 0u; s < count; s++) {
        sum_{{a}} += scores[s * ROWS + row] * widen(v_cache[cache_index(first + s, kv_head) + item % CHUNKS]);
      }
    }
//! end
    workgroupBarrier();
  }

//! for a in ACCUMULATORS
  {
    let item = lane + {{a}}u * 64u;
    let tile_row = item / CHUNKS;
    let row = first_row + tile_row;
    if (tile_row < ROWS && row < rows) {
      let head = kv_head * attention.group + row % attention.group;
//! if SPLIT
      let splits = (visible + attention.split_size - 1u) / attention.split_size;
      let at_out = (head * splits + group.z) * (CHUNKS + 1u);
      if (item % CHUNKS == 0u) { out[at_out] = vec4<f32>(maxima[tile_row], totals[tile_row], 0.0, 0.0); }
      out[at_out + 1u + item % CHUNKS] = sum_{{a}};
//! else
      out[(row / attention.group) * attention.out_stride + head * CHUNKS + item % CHUNKS] = sum_{{a}} / totals[tile_row];
//! end
    }
  }
//! end
}
