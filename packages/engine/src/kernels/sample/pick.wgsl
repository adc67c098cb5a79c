// Draws the next token: a random point of the kept mass falls into a chunk, then into a token, in the order of token ids.
// Philox2x32-10 (Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3") with the seed as key and the step as
// counter gives the point, so that a seed replays. Clears the histograms for the next step. Dispatch: one workgroup.

var<workgroup> masses: array<Mass, 64>;
var<workgroup> shared_chunk: u32;
var<workgroup> shared_point: Mass;
var<workgroup> shared_empty: bool;

// 32 × 32 → (high, low) 32 bits.
fn wide_product(a: u32, b: u32) -> vec2<u32> {
  let low = (a & 0xffffu) * (b & 0xffffu);
  let cross = (a >> 16u) * (b & 0xffffu) + (low >> 16u);
  let other = (a & 0xffffu) * (b >> 16u) + (cross & 0xffffu);
  return vec2<u32>((a >> 16u) * (b >> 16u) + (cross >> 16u) + (other >> 16u), a * b);
}

fn random_bits(seed: u32, step: u32) -> u32 {
  var counter = vec2<u32>(step, 0u);
  var key = seed;
  for (var round = 0u; round < 10u; round++) {
    let product = wide_product(0xd256d193u, counter.x);
    counter = vec2<u32>(product.x ^ key ^ counter.y, product.y);
    key += 0x9e3779b9u;
  }
  return counter.x;
}

fn chunk_mass(chunk: u32) -> Mass {
  let at = MASS_AT + 2u * chunk;
  return Mass(atomicLoad(&scratch[at]), atomicLoad(&scratch[at + 1u]));
}

@compute @workgroup_size(64)
fn main(@builtin(local_invocation_index) lane: u32) {
  if (parameters.top_k > 0u || parameters.top_p < 1.0) {
    for (var i = HISTOGRAMS_AT + lane; i < SCRATCH_END; i += WORKGROUP) { atomicStore(&scratch[i], 0u); }
  }
  let chunks_a_lane = (parameters.chunks + WORKGROUP - 1u) / WORKGROUP;
  let end = min((lane + 1u) * chunks_a_lane, parameters.chunks);
  var sum = Mass(0u, 0u);
  for (var chunk = lane * chunks_a_lane; chunk < end; chunk++) {
    let mass = chunk_mass(chunk);
    sum = carried(sum.hi + mass.hi, sum.lo + mass.lo);
  }
  masses[lane] = sum;
  workgroupBarrier();
  if (lane == 0u) {
    var total = Mass(0u, 0u);
    for (var other = 0u; other < WORKGROUP; other++) {
      total = carried(total.hi + masses[other].hi, total.lo + masses[other].lo);
    }
    let random = random_bits(parameters.seed, state[STEP]);
    let of_hi = wide_product(total.hi, random);
    var point = carried(of_hi.x, (of_hi.y >> (32u - LO_BITS)) + wide_product(total.lo, random).x);
    var owner = 0u;
    while (owner < WORKGROUP - 1u && !is_less(point, masses[owner])) {
      point = less_by(point, masses[owner]);
      owner++;
    }
    var chunk = owner * chunks_a_lane;
    for (; chunk + 1u < parameters.chunks; chunk++) {
      let mass = chunk_mass(chunk);
      if (is_less(point, mass)) { break; }
      point = less_by(point, mass);
    }
    shared_chunk = chunk;
    shared_point = point;
    shared_empty = total.hi == 0u && total.lo == 0u;
  }
  workgroupBarrier();

  let limit = atomicLoad(&scratch[FOUND_AT + 12u]);
  let key_limit = atomicLoad(&scratch[FOUND_AT + 13u]);
  let best = atomicLoad(&scratch[FOUND_AT + 14u]);
  let first = shared_chunk * CHUNK + lane * PER_LANE;
  sum = Mass(0u, 0u);
  for (var i = 0u; i < PER_LANE; i++) {
    let mass = kept_mass(first + i, best, limit, key_limit);
    sum = carried(sum.hi + mass.hi, sum.lo + mass.lo);
  }
  masses[lane] = sum;
  workgroupBarrier();
  // Where this pipeline's exp rounds otherwise than that of `weigh` the point may lie past the last token: it is taken.
  var owner = 0u;
  var point = shared_point;
  var before = point;
  for (var other = 0u; other < WORKGROUP; other++) {
    let mass = masses[other];
    if (mass.hi == 0u && mass.lo == 0u) { continue; }
    owner = other;
    before = point;
    if (is_less(point, mass)) { break; }
    point = less_by(point, mass);
  }
  if (lane != owner) { return; }
  var token = 0u;
  for (var i = 0u; i < PER_LANE; i++) {
    let mass = kept_mass(first + i, best, limit, key_limit);
    if (mass.hi == 0u && mass.lo == 0u) { continue; }
    token = first + i;
    if (is_less(before, mass)) { break; }
    before = less_by(before, mass);
  }
  advance(token, shared_empty);
}
