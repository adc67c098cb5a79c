// The best tokens of every chunk of 2048, one after the other, and the sum of its chances. Dispatch: one workgroup a chunk.

// Of the lane's tokens the best that comes after `last`.
fn next_of(first: u32, last: vec2<u32>) -> vec2<u32> {
  var next = NONE;
  for (var i = 0u; i < PER_LANE; i++) {
    let token = first + i * WORKGROUP;
    let order = order_of(token);
    if (order < next.x && comes_after(vec2<u32>(order, token), last)) { next = vec2<u32>(order, token); }
  }
  return next;
}

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  if (state[DONE] != 0u) { return; }
  let first = workgroup.x * CHUNK;
  let at = workgroup.x * LIST_WORDS;
  let own = next_of(first + lane, vec2<u32>(0u, 0u));
  var chances = 0.0;
  for (var i = 0u; i < PER_LANE; i++) { chances += chance_of(order_of(first + i * WORKGROUP + lane), own.x); }
  lane_best[lane] = own;
  lane_sums[lane] = chances;
  workgroupBarrier();
  if (lane != 0u) { return; }
  atomicStore(&scratch[at], bitcast<u32>(sum_of_lanes(lane_best[best_lane()].x)));
  for (var rank = 0u; rank < ranks(); rank++) {
    let owner = best_lane();
    let found = lane_best[owner];
    atomicStore(&scratch[at + LIST_AT + 2u * rank], found.x);
    atomicStore(&scratch[at + LIST_AT + 2u * rank + 1u], found.y);
    lane_best[owner] = next_of(first + owner, found);
  }
}
