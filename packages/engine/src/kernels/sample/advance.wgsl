// Words of the state: 0 position, 1 always 1, 2 token, 3 step, 4 done, 5 failed.
fn advance(token: u32, failed: bool) {
  if (state[DONE] != 0u) { return; }
  if (failed) {
    state[5] = 1u;
    state[DONE] = 1u;
    return;
  }
  let step = state[STEP] + 1u;
  state[0] += 1u;
  state[2] = token;
  state[STEP] = step;
  var stop = step >= parameters.max_steps;
  for (var i = 0u; i < min(parameters.stop_count, 32u); i++) {
    stop = stop || parameters.stops[i / 4u][i % 4u] == token;
  }
  state[DONE] = select(0u, 1u, stop);
}
