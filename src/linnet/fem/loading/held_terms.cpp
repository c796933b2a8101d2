// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/fem/loading/loading.hpp>

namespace linnet::fem {

std::vector<double> Loading::held_reference(int term) const {
  std::vector<double> values;
  values.reserve(held_values_.size());
  for (const HeldValue& held : held_values_)
    values.push_back(held.amplitude == term ? held.value : 0.0);
  return values;
}

std::vector<double> Loading::held_factors(double t) const {
  std::vector<double> factors;
  factors.reserve(held_amplitudes_.size());
  for (const Amplitude& amplitude : held_amplitudes_) factors.push_back(amplitude(t));
  return factors;
}

} // namespace linnet::fem
