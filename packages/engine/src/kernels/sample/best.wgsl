// Best token of every chunk of 2048 tokens (ties: lowest id), as (order, token) in the scratch buffer; for top-k also the
// histogram of the orders' first 9 bits. Dispatch: one workgroup a chunk.

var<workgroup> best_order: atomic<u32>;
var<workgroup> best_token: atomic<u32>;
//! if TOP_K
var<workgroup> bins: array<atomic<u32>, 512>;
//! end

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  if (state[DONE] != 0u) { return; }
  if (lane == 0u) {
    atomicStore(&best_order, EXCLUDED);
    atomicStore(&best_token, EXCLUDED);
  }
//! if TOP_K
  for (var bin = lane; bin < 512u; bin += WORKGROUP) { atomicStore(&bins[bin], 0u); }
//! end
  workgroupBarrier();
  var own_order = EXCLUDED;
  var own_token = EXCLUDED;
  for (var i = 0u; i < PER_LANE; i++) {
    let token = workgroup.x * CHUNK + i * WORKGROUP + lane;
    let order = order_of(token);
    if (order < own_order) {
      own_order = order;
      own_token = token;
    }
//! if TOP_K
    if (order != EXCLUDED) { atomicAdd(&bins[order >> 23u], 1u); }
//! end
  }
  atomicMin(&best_order, own_order);
  workgroupBarrier();
  if (own_order == atomicLoad(&best_order)) { atomicMin(&best_token, own_token); }
  workgroupBarrier();
  if (lane == 0u) {
    atomicStore(&scratch[BEST_AT + 2u * workgroup.x], atomicLoad(&best_order));
    atomicStore(&scratch[BEST_AT + 2u * workgroup.x + 1u], atomicLoad(&best_token));
  }
//! if TOP_K
  for (var bin = lane; bin < 512u; bin += WORKGROUP) {
    let count = atomicLoad(&bins[bin]);
    if (count != 0u) { atomicAdd(&scratch[COUNTS_AT[0] + bin], count); }
  }
//! end
}
