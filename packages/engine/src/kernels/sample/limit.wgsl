// The last order that top-k keeps; with a tie at the k-th place all of the tied.
fn order_limit(lane: u32) -> u32 {
//! if TOP_K
  let found = find_count(2u, atomicLoad(&scratch[FOUND_AT + 3u]), lane);
  return min((atomicLoad(&scratch[FOUND_AT + 2u]) << 11u) | found.bin, EXCLUDED - 1u);
//! else
  return EXCLUDED - 1u;
//! end
}
