fn kept_mass(token: u32, best: u32, limit: u32, key_limit: u32) -> Mass {
  let order = order_of(token);
  if (order > limit) { return Mass(0u, 0u); }
  let distance = distance_of(order, best);
  if (!(distance <= parameters.distance_limit) || distance_key(distance) > key_limit) { return Mass(0u, 0u); }
  return mass_of(distance);
}
