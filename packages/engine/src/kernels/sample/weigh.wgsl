// Mass of the kept tokens of every chunk. Finishes the searches and leaves their limits (order, key) and the best order for
// `pick`. Dispatch: one workgroup a chunk.

var<workgroup> sum_hi: atomic<u32>;
var<workgroup> sum_lo: atomic<u32>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  if (state[DONE] != 0u) { return; }
  if (lane == 0u) {
    atomicStore(&sum_hi, 0u);
    atomicStore(&sum_lo, 0u);
  }
//! if TOP_P
  let limit = atomicLoad(&scratch[FOUND_AT + 4u]);
  let best = atomicLoad(&scratch[FOUND_AT + 5u]);
  let found = find_mass(2u, Mass(atomicLoad(&scratch[FOUND_AT + 10u]), atomicLoad(&scratch[FOUND_AT + 11u])), lane);
  let key_limit = (atomicLoad(&scratch[FOUND_AT + 9u]) << 9u) | found.bin;
//! else
  let best = shared_best_order(lane);
  let limit = order_limit(lane);
  let key_limit = EXCLUDED;
  workgroupBarrier();
//! end
  if (workgroup.x == 0u && lane == 0u) {
    atomicStore(&scratch[FOUND_AT + 12u], limit);
    atomicStore(&scratch[FOUND_AT + 13u], key_limit);
    atomicStore(&scratch[FOUND_AT + 14u], best);
  }
  for (var i = 0u; i < PER_LANE; i++) {
    let mass = kept_mass(workgroup.x * CHUNK + i * WORKGROUP + lane, best, limit, key_limit);
    atomicAdd(&sum_hi, mass.hi);
    atomicAdd(&sum_lo, mass.lo);
  }
  workgroupBarrier();
  if (lane == 0u) {
    let sum = carried(atomicLoad(&sum_hi), atomicLoad(&sum_lo));
    atomicStore(&scratch[MASS_AT + 2u * workgroup.x], sum.hi);
    atomicStore(&scratch[MASS_AT + 2u * workgroup.x + 1u], sum.lo);
  }
}
