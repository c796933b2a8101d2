// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/rom/solid/indicator.hpp>

#include <cmath>

namespace linnet::rom {

Indication indicate(const SolidReducedModel& model, std::span<const double> plastic_strain) {
  double square = 0.0;
  for (const double p : plastic_strain) square += p * p;
  const bool flows = std::sqrt(square) >= no_plastic_strain;
  Indication result;
  if (!model.plastic_strain_fit()) { // nothing was learnt of plastic flow: all of it is unknown
    result.indicator = flows ? 1.0 : 0.0;
  } else {
    GappyPod::Fit fit = model.plastic_strain_fit()->fit(plastic_strain);
    result.coefficients = std::move(fit.coefficients);
    result.indicator = flows ? fit.indicator : 0.0;
  }
  if (flows) result.estimate = model.calibration().estimate(result.indicator);
  return result;
}

} // namespace linnet::rom
