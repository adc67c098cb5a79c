// How likely the chosen token was, and the likeliest: logit − ln Σ e^logit. Runs after the choice, also of the last token.
// Dispatch: one workgroup.

// Word 0: the chosen token's logprob (f32); from word 2 on (token, logprob) of the likeliest, EXCLUDED where there are no more.
@group(0) @binding(4) var<storage, read_write> ranked: array<u32>;

// Of the lane's chunks the best token that comes after `last`.
fn next_of(lane: u32, last: vec2<u32>) -> vec2<u32> {
  var next = NONE;
  for (var chunk = lane; chunk < parameters.chunks; chunk += WORKGROUP) {
    for (var rank = 0u; rank < ranks(); rank++) {
      let at = chunk * LIST_WORDS + LIST_AT + 2u * rank;
      let entry = vec2<u32>(atomicLoad(&scratch[at]), atomicLoad(&scratch[at + 1u]));
      if (!comes_after(entry, last)) { continue; }
      if (comes_after(next, entry)) { next = entry; }
      break;
    }
  }
  return next;
}

fn logprob_of(order: u32, best: u32, log_total: f32) -> u32 {
  return bitcast<u32>(-gap_of(order, best, 3.0e38) - log_total);
}

@compute @workgroup_size(64)
fn main(@builtin(local_invocation_index) lane: u32) {
  let own = next_of(lane, vec2<u32>(0u, 0u));
  var chances = 0.0;
  for (var chunk = lane; chunk < parameters.chunks; chunk += WORKGROUP) {
    let at = chunk * LIST_WORDS;
    chances += bitcast<f32>(atomicLoad(&scratch[at])) * chance_of(atomicLoad(&scratch[at + LIST_AT]), own.x);
  }
  lane_best[lane] = own;
  lane_sums[lane] = chances;
  workgroupBarrier();
  if (lane != 0u) { return; }
  let best = lane_best[best_lane()].x;
  let log_total = log(sum_of_lanes(best));
  ranked[0] = logprob_of(order_of(state[2]), best, log_total);
  for (var rank = 0u; rank < ranks(); rank++) {
    let owner = best_lane();
    let found = lane_best[owner];
    ranked[2u + 2u * rank] = found.y;
    ranked[3u + 2u * rank] = logprob_of(found.x, best, log_total);
    lane_best[owner] = next_of(owner, found);
  }
}
