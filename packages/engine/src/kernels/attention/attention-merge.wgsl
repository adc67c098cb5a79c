// Merges the splits of one token's attention: out[head] = Σ e^(m_s − m)·sum_s / Σ e^(m_s − m)·l_s, m = max m_s.
// Dispatch: invocations x = heads · D/4.
{{attention}}
@group(0) @binding(6) var<storage, read> parts: array<vec4<f32>>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let head = id.x / CHUNKS;
  if (head >= attention.kv_heads * attention.group) { return; }
  let splits = (batch[0] + attention.split_size) / attention.split_size;
  let start = head * splits * (CHUNKS + 1u);
  var maximum = LOWEST;
  for (var s = 0u; s < splits; s++) { maximum = max(maximum, parts[start + s * (CHUNKS + 1u)].x); }
  var total = 0.0;
  var sum = vec4<f32>();
  for (var s = 0u; s < splits; s++) {
    let at = start + s * (CHUNKS + 1u);
    let weight = exp(parts[at].x - maximum);
    total += weight * parts[at].y;
    sum += weight * parts[at + 1u + id.x % CHUNKS];
  }
  out[head * CHUNKS + id.x % CHUNKS] = sum / total;
}
