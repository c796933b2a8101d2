// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Parameters of one solid material over temperature, as a user writes them, and their checks.
///
/// Units are the user's, consistent: with mm, N, s, t and degC stresses are MPa.
#pragma once

#include <linnet/io/json_limits.hpp>

#include <string>
#include <vector>

namespace linnet::fem {

/// Columns of one length, one entry per temperature; linear in between, constant outside. The
/// equations are those of kernels/solid/viscoplastic_law.hpp.
struct MaterialTable {
  std::string name;                ///< of the region it belongs to, or a label where `everywhere`
  bool everywhere = false;         ///< of all regions
  std::vector<double> temperature; ///< T, rising
  bool isothermal = false;         ///< one row, with its T: known at that temperature alone
  std::vector<double> young;       ///< E > 0
  std::vector<double> poisson;     ///< -1 < nu < 1/2
  std::vector<double> expansion;   ///< alpha, from Tref on
  std::vector<double> yield;       ///< R0; empty: linear thermo-elastic
  std::vector<double> voce;      ///< Q, negative where cycles soften; empty with `yield`, as below
  std::vector<double> voce_rate; ///< b
  std::vector<double> hardening; ///< H, linear isotropic
  std::vector<double> drag;      ///< K; empty: rate-independent
  std::vector<double> exponent;  ///< n; empty with `drag`
  std::vector<std::vector<double>> kinematic; ///< C of each backstress
  std::vector<std::vector<double>> recovery;  ///< D of each backstress
  double reference_temperature = 0;           ///< Tref, without thermal strain
  double density = 0;                         ///< mass per volume; 0: not given

  [[nodiscard]] int rows() const { return static_cast<int>(temperature.size()); }
  [[nodiscard]] int backstresses() const { return static_cast<int>(kinematic.size()); }
  [[nodiscard]] bool yields() const { return !yield.empty(); }
  [[nodiscard]] bool viscous() const { return !drag.empty(); }
};

/// The table that the object @p json holds:
///
///   {"T": [20, 600], "E": [2.1e5, 1.8e5], "nu": 0.3, "alpha": [1.2e-5, 1.4e-5], "Tref": 20,
///    "R0": [300, 250], "Q": 40, "b": 10, "H": 0, "K": [400, 450], "n": [15, 12],
///    "C": [[2e5, 1.5e5], [3e4, 2e4]], "D": [[500, 500], [0, 0]], "density": 8.2e-9}
///
/// A number stands for the same in all rows. C and D are a number or a column for one backstress, a
/// list of columns for several. E and nu are needed, the rest is 0 or absent: without R0 the
/// material is linear thermo-elastic, without K and n rate-independent. `name`, `about` (texts) and
/// `interpolation` ("linear") may be there. @p source (a file) and @p place ("materials.disk")
/// begin every message. @throws core::Error (data), one line.
MaterialTable material_table(const io::JsonValue& json, const std::string& source,
                             const std::string& place = "");

/// Refuses values that no material has, or for which the law has no unique answer: E <= 0, nu
/// outside of (-1, 1/2), negative R0, H, b, C, D or density, K <= 0, n < 1, R0 + Q < 0 (both > 0
/// where the material is rate-independent), softening Q b steeper than 3 G, T not rising, more than
/// kernels::most_backstresses backstresses, numbers that are not finite or beyond 1e30.
/// @throws core::Error (data), one line beginning with @p where.
void check_material(const MaterialTable& table, const std::string& where);

/// The tables of a file: one table, or {"materials": {name: table, ...}} for regions by name.
/// @p text is its content, @p source its name. @throws core::Error (data), one line.
std::vector<MaterialTable> material_tables_from_json(const std::string& text,
                                                     const std::string& source);
/// The same of JSON that was read already, as part of another file.
std::vector<MaterialTable> material_tables(const io::JsonValue& json, const std::string& source,
                                           const std::string& place = "");

} // namespace linnet::fem
