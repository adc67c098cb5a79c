// Descents of a radix search, one level a dispatch: a level counts (top-k) or weighs (top-p) the tokens in each part of the
// bin that the level before chose. Integer sums make the histograms independent of the order of the atomic additions.
// Workgroup arrays are kept small: SwiftShader clears them with one instruction a word, which takes long to compile.

var<workgroup> lane_counts: array<u32, 64>;
var<workgroup> lane_masses: array<Mass, 64>;
var<workgroup> shared_best: atomic<u32>;
var<workgroup> shared_bin: u32;
var<workgroup> shared_wanted: Mass;

fn shared_best_order(lane: u32) -> u32 {
  if (lane == 0u) { atomicStore(&shared_best, EXCLUDED); }
  workgroupBarrier();
  for (var chunk = lane; chunk < parameters.chunks; chunk += WORKGROUP) {
    atomicMin(&shared_best, atomicLoad(&scratch[BEST_AT + 2u * chunk]));
  }
  workgroupBarrier();
  return atomicLoad(&shared_best);
}

struct Found { bin: u32, wanted: Mass }

// First bin of a level of counts at which `wanted` tokens are reached, and how many of them are wanted from that bin; the last
// bin where there are fewer. One lane searches for all: on adapters that run on a CPU every lane costs.
fn find_count(level: u32, wanted: u32, lane: u32) -> Found {
  let counts = COUNTS_AT;
  let start = counts[level];
  let per_lane = array<u32, 3>(8u, 64u, 32u)[level];
  var sum = 0u;
  for (var i = 0u; i < per_lane; i++) { sum += atomicLoad(&scratch[start + lane * per_lane + i]); }
  lane_counts[lane] = sum;
  workgroupBarrier();
  if (lane == 0u) {
    var left = wanted;
    var owner = 0u;
    while (owner < WORKGROUP - 1u && lane_counts[owner] < left) {
      left -= lane_counts[owner];
      owner++;
    }
    var bin = owner * per_lane;
    for (var i = 0u; i < per_lane - 1u; i++) {
      let count = atomicLoad(&scratch[start + bin]);
      if (count >= left) { break; }
      left -= count;
      bin++;
    }
    shared_bin = bin;
    shared_wanted = Mass(0u, left);
  }
  workgroupBarrier();
  return Found(shared_bin, shared_wanted);
}

fn mass_at(level: u32, bin: u32) -> Mass {
  let masses = MASSES_AT;
  let at = masses[level] + 3u * bin;
  let middle = atomicLoad(&scratch[at + 1u]);
  let low = ((middle & 2047u) << 10u) + atomicLoad(&scratch[at + 2u]);
  return carried(atomicLoad(&scratch[at]) + (middle >> 11u), low);
}

// What mass the nucleus must reach: top_p of all that top-k left.
fn nucleus_mass() -> Mass {
  var total = Mass(0u, 0u);
  for (var owner = 0u; owner < WORKGROUP; owner++) {
    total = carried(total.hi + lane_masses[owner].hi, total.lo + lane_masses[owner].lo);
  }
  let wanted = (f32(total.hi) + f32(total.lo) / 2097152.0) * parameters.top_p;
  let whole = floor(wanted);
  // The best token alone is 8192, so that a top_p near zero keeps it and no other.
  return Mass(u32(whole), max(u32((wanted - whole) * 2097152.0), 1u));
}

// As find_count, by mass. Where rounding leaves the mass short: a bin after which there is none. Level 0 begins the search.
fn find_mass(level: u32, wanted: Mass, lane: u32) -> Found {
  let per_lane = array<u32, 3>(4u, 16u, 8u)[level];
  var sum = Mass(0u, 0u);
  for (var i = 0u; i < per_lane; i++) {
    let mass = mass_at(level, lane * per_lane + i);
    sum = carried(sum.hi + mass.hi, sum.lo + mass.lo);
  }
  lane_masses[lane] = sum;
  workgroupBarrier();
  if (lane == 0u) {
    var left = wanted;
    if (level == 0u) { left = nucleus_mass(); }
    var owner = 0u;
    while (owner < WORKGROUP - 1u && is_less(lane_masses[owner], left)) {
      left = less_by(left, lane_masses[owner]);
      owner++;
    }
    var bin = owner * per_lane;
    for (var i = 0u; i < per_lane - 1u; i++) {
      let mass = mass_at(level, bin);
      if (!is_less(mass, left)) { break; }
      left = less_by(left, mass);
      bin++;
    }
    shared_bin = bin;
    shared_wanted = left;
  }
  workgroupBarrier();
  return Found(shared_bin, shared_wanted);
}
