// Shared by the kernels that tell how likely tokens are. A ranked token is (order, id): fewer is better, of equals the lower id.

// Words of a chunk in the scratch buffer: the sum of its tokens' e^(logit − best), then its best tokens, one at least.
const LIST_AT = 1u;
const LIST_WORDS = 41u;

const NONE = vec2<u32>(EXCLUDED, EXCLUDED);

var<workgroup> lane_best: array<vec2<u32>, 64>;
var<workgroup> lane_sums: array<f32, 64>;

fn ranks() -> u32 { return clamp(parameters.top_logprobs, 1u, 20u); }

fn comes_after(one: vec2<u32>, other: vec2<u32>) -> bool {
  return one.x > other.x || (one.x == other.x && one.y > other.y);
}

// The lane that has the best. One lane looks for all: a barrier a rank costs adapters that run on a CPU far more.
fn best_lane() -> u32 {
  var best = 0u;
  for (var lane = 1u; lane < WORKGROUP; lane++) {
    if (comes_after(lane_best[best], lane_best[lane])) { best = lane; }
  }
  return best;
}

// best − logit, up to `reach`. Halves, so that the difference of any two finite logits is finite.
fn gap_of(order: u32, best: u32, reach: f32) -> f32 {
  return 2.0 * min(logit_of(best) * 0.5 - logit_of(order) * 0.5, 0.5 * reach);
}

// e^(logit − best); 0 for what can never be chosen.
fn chance_of(order: u32, best: u32) -> f32 {
  if (order == EXCLUDED) { return 0.0; }
  return exp(-gap_of(order, best, 128.0));
}

// Sums of chances relative to each lane's best token become one, relative to `best`; always added in the same order.
fn sum_of_lanes(best: u32) -> f32 {
  var sum = 0.0;
  for (var lane = 0u; lane < WORKGROUP; lane++) { sum += lane_sums[lane] * chance_of(lane_best[lane].x, best); }
  return sum;
}
