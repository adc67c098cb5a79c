// Top-k, second and third level: chooses the bin of the level before that holds the k-th best token and counts the tokens in
// it by the next 12 (LEVEL 1) or the last 11 bits (LEVEL 2) of their order. Few tokens are left in a bin, so they are counted
// in the scratch buffer itself. Dispatch: one workgroup a chunk.

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  if (state[DONE] != 0u) { return; }
//! if LEVEL == 1
  let found = find_count(0u, parameters.top_k, lane);
  let prefix = found.bin;
//! else
  let found = find_count(1u, atomicLoad(&scratch[FOUND_AT + 1u]), lane);
  let prefix = (atomicLoad(&scratch[FOUND_AT]) << 12u) | found.bin;
//! end
  if (workgroup.x == 0u && lane == 0u) {
    atomicStore(&scratch[FOUND_AT + {{FOUND}}u], prefix);
    atomicStore(&scratch[FOUND_AT + {{FOUND}}u + 1u], found.wanted.lo);
  }
  for (var i = 0u; i < PER_LANE; i++) {
    let order = order_of(workgroup.x * CHUNK + i * WORKGROUP + lane);
    if (order != EXCLUDED && (order >> {{PREFIX}}u) == prefix) {
      atomicAdd(&scratch[COUNTS_AT[{{LEVEL}}] + ((order >> {{SHIFT}}u) & {{MASK}}u)], 1u);
    }
  }
}
