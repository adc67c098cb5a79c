// Causal attention, one invocation per (head, token, split), online softmax in registers, no barrier: for adapters that run
// on a CPU. Dispatch: invocations x = heads, y = tokens, z = splits.
{{attention}}
@compute @workgroup_size(4)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let head = id.x;
  if (head >= attention.kv_heads * attention.group) { return; }
  let token = id.y;
//! if SPLIT
  let visible = batch[0] + 1u;
  let begin = id.z * attention.split_size;
  let end = min(begin + attention.split_size, visible);
  if (begin >= visible) { return; }
//! else
  let begin = 0u;
  let end = batch[0] + token + 1u;
//! end
  let kv_head = head / attention.group;
  let at_q = token * attention.q_stride + head * CHUNKS;
//! for c in CHUNKS
  let q_{{c}} = q[at_q + {{c}}u];
  var sum_{{c}} = vec4<f32>();
//! end
  var maximum = LOWEST;
  var total = 0.0;
  for (var position = begin; position < end; position++) {
    let at = cache_index(position, kv_head);
    var products = vec4<f32>();
//! for c in CHUNKS
    products += q_{{c}} * widen(k_cache[at + {{c}}u]);
//! end
    let score = dot(products, vec4<f32>(1.0));
    let raised = max(maximum, score);
    let keep = exp(maximum - raised);
    let weight = exp(score - raised);
    maximum = raised;
    total = total * keep + weight;
//! for c in CHUNKS
    sum_{{c}} = sum_{{c}} * keep + weight * widen(v_cache[at + {{c}}u]);
//! end
  }
//! if SPLIT
  let splits = (visible + attention.split_size - 1u) / attention.split_size;
  let at_out = (head * splits + id.z) * (CHUNKS + 1u);
  out[at_out] = vec4<f32>(maximum, total, 0.0, 0.0);
//! for c in CHUNKS
  out[at_out + 1u + {{c}}u] = sum_{{c}};
//! end
//! else
  let at_out = token * attention.out_stride + head * CHUNKS;
//! for c in CHUNKS
  out[at_out + {{c}}u] = sum_{{c}} / total;
//! end
//! end
}
