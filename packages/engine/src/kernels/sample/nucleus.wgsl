// Top-p: weighs the tokens that top-k left by some bits of their distance from the best (LEVEL 0: bits 19–26, 1: 9–18, 2: 0–8),
// from level 1 on only those in the bin of the level before in which the wanted mass is reached.
// Dispatch: one workgroup a chunk.

//! if LEVEL == 0
var<workgroup> bins: array<array<atomic<u32>, 2>, 256>;
//! end

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  if (state[DONE] != 0u) { return; }
//! if LEVEL == 0
  for (var bin = lane; bin < 256u; bin += WORKGROUP) {
    atomicStore(&bins[bin][0], 0u);
    atomicStore(&bins[bin][1], 0u);
  }
  let best = shared_best_order(lane);
  let limit = order_limit(lane);
  if (workgroup.x == 0u && lane == 0u) {
    atomicStore(&scratch[FOUND_AT + 4u], limit);
    atomicStore(&scratch[FOUND_AT + 5u], best);
  }
  workgroupBarrier();
//! else
  let limit = atomicLoad(&scratch[FOUND_AT + 4u]);
  let best = atomicLoad(&scratch[FOUND_AT + 5u]);
//! if LEVEL == 1
  let found = find_mass(0u, Mass(0u, 0u), lane);
  let prefix = found.bin;
//! else
  let found = find_mass(1u, Mass(atomicLoad(&scratch[FOUND_AT + 7u]), atomicLoad(&scratch[FOUND_AT + 8u])), lane);
  let prefix = (atomicLoad(&scratch[FOUND_AT + 6u]) << 10u) | found.bin;
//! end
  if (workgroup.x == 0u && lane == 0u) {
    atomicStore(&scratch[FOUND_AT + {{FOUND}}u], prefix);
    atomicStore(&scratch[FOUND_AT + {{FOUND}}u + 1u], found.wanted.hi);
    atomicStore(&scratch[FOUND_AT + {{FOUND}}u + 2u], found.wanted.lo);
  }
//! end
  for (var i = 0u; i < PER_LANE; i++) {
    let order = order_of(workgroup.x * CHUNK + i * WORKGROUP + lane);
    if (order > limit) { continue; }
    let distance = distance_of(order, best);
    if (!(distance < 32.0)) { continue; }
    let key = distance_key(distance);
//! if LEVEL == 1
    if ((key >> 19u) != prefix) { continue; }
//! end
//! if LEVEL == 2
    if ((key >> 9u) != prefix) { continue; }
//! end
    let mass = mass_of(distance);
    let bin = (key >> {{SHIFT}}u) & {{MASK}}u;
//! if LEVEL == 0
    atomicAdd(&bins[bin][0], mass.hi);
    atomicAdd(&bins[bin][1], mass.lo);
  }
  workgroupBarrier();
  for (var bin = lane; bin < 256u; bin += WORKGROUP) {
    let mass = carried(atomicLoad(&bins[bin][0]), atomicLoad(&bins[bin][1]));
    add_mass(bin, mass);
  }
}
//! else
    add_mass(bin, mass);
  }
}
//! end

// lo in two parts: over a whole vocabulary it could overflow.
fn add_mass(bin: u32, mass: Mass) {
  let at = MASSES_AT[{{LEVEL}}] + 3u * bin;
  if (mass.hi != 0u) { atomicAdd(&scratch[at], mass.hi); }
  if ((mass.lo >> 10u) != 0u) { atomicAdd(&scratch[at + 1u], mass.lo >> 10u); }
  if ((mass.lo & 1023u) != 0u) { atomicAdd(&scratch[at + 2u], mass.lo & 1023u); }
}
