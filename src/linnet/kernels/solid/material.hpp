// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Parameters of a solid's constitutive law, as tables over temperature.
///
/// Units are the user's, consistent: with mm, N, s and degC stresses are MPa. A law without
/// `yields` is linear thermo-elasticity; one without `viscous` is rate-independent plasticity.
#pragma once

#include <linnet/kernels/compat.hpp>

namespace linnet::kernels {

/// Most backstresses of a law.
inline constexpr int most_backstresses = 4;

/// Parameters at one temperature. For the meaning of the letters see viscoplastic_law.hpp.
struct SolidParameters {
  double bulk = 0;                          ///< kappa = E / (3 (1 - 2 nu))
  double shear = 0;                         ///< G = E / (2 (1 + nu))
  double thermal_strain = 0;                ///< alpha (T - Tref)
  double yield = 0;                         ///< R0
  double voce = 0;                          ///< Q
  double voce_rate = 0;                     ///< b
  double hardening = 0;                     ///< H, linear isotropic
  double drag = 0;                          ///< K
  double exponent = 1;                      ///< n
  double kinematic[most_backstresses] = {}; ///< C of each backstress
  double recovery[most_backstresses] = {};  ///< D of each backstress
};

/// The law of one material. Copies refer to the same table.
struct SolidMaterial {
  /// Columns of a row of the table; C and D of the backstresses follow in pairs.
  enum Column { temperature, young, poisson, expansion, r0, q, b, h, k, n, first_backstress };

  const double* table = nullptr; ///< rows of columns() numbers, by rising temperature
  int rows = 0;
  int backstresses = 0;
  double reference_temperature = 0;
  double density = 0;
  bool yields = false;
  bool viscous = false;

  [[nodiscard]] KOKKOS_INLINE_FUNCTION int columns() const {
    return first_backstress + 2 * backstresses;
  }
  /// Numbers of state at a point: plastic strain (6), p, and 6 for each backstress.
  [[nodiscard]] KOKKOS_INLINE_FUNCTION int state_size() const { return 7 + 6 * backstresses; }

  /// Piecewise linear between rows, constant outside of them.
  [[nodiscard]] KOKKOS_INLINE_FUNCTION SolidParameters at(double t) const {
    int low = 0;
    while (low + 2 < rows && t > table[(low + 1) * columns() + temperature]) ++low;
    const double* first = table + low * columns();
    const double* second = rows > 1 ? first + columns() : first;
    const double span = second[temperature] - first[temperature];
    double part = span > 0 ? (t - first[temperature]) / span : 0.0;
    part = part < 0 ? 0.0 : part > 1 ? 1.0 : part;
    const auto value = [&](int column) {
      return (1 - part) * first[column] + part * second[column];
    };
    SolidParameters m;
    const double e = value(young), nu = value(poisson);
    m.bulk = e / (3 * (1 - 2 * nu));
    m.shear = e / (2 * (1 + nu));
    m.thermal_strain = value(expansion) * (t - reference_temperature);
    m.yield = value(r0);
    m.voce = value(q);
    m.voce_rate = value(b);
    m.hardening = value(h);
    m.drag = value(k);
    m.exponent = value(n);
    for (int i = 0; i < backstresses; ++i) {
      m.kinematic[i] = value(first_backstress + 2 * i);
      m.recovery[i] = value(first_backstress + 2 * i + 1);
    }
    return m;
  }
};

} // namespace linnet::kernels
