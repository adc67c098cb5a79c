// Greedy: the best of the chunks' best (ties: lowest id) becomes the next token. Dispatch: one workgroup.

var<workgroup> best_order: atomic<u32>;
var<workgroup> best_token: atomic<u32>;

@compute @workgroup_size(64)
fn main(@builtin(local_invocation_index) lane: u32) {
  if (lane == 0u) {
    atomicStore(&best_order, EXCLUDED);
    atomicStore(&best_token, EXCLUDED);
  }
  workgroupBarrier();
  for (var chunk = lane; chunk < parameters.chunks; chunk += WORKGROUP) {
    atomicMin(&best_order, atomicLoad(&scratch[BEST_AT + 2u * chunk]));
  }
  workgroupBarrier();
  let best = atomicLoad(&best_order);
  for (var chunk = lane; chunk < parameters.chunks; chunk += WORKGROUP) {
    if (atomicLoad(&scratch[BEST_AT + 2u * chunk]) == best) {
      atomicMin(&best_token, atomicLoad(&scratch[BEST_AT + 2u * chunk + 1u]));
    }
  }
  workgroupBarrier();
  if (lane == 0u) { advance(atomicLoad(&best_token), best == EXCLUDED); }
}
