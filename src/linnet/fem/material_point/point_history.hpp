// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// What a material point is put through over time.
#pragma once

#include <linnet/fem/material/material_table.hpp>

#include <array>
#include <functional>
#include <string>
#include <vector>

namespace linnet::fem {

/// A quantity over time.
using TimeFunction = std::function<double(double)>;

/// One of the six tensor components 11, 22, 33, 12, 13, 23 (shears without factor 2).
struct ControlledComponent {
  bool by_stress = true; ///< else by strain
  TimeFunction value = [](double) { return 0.0; };
};

/// The names of the components, in the order of all tensors here.
inline constexpr std::array<const char*, 6> component_names{"11", "22", "33", "12", "13", "23"};

/// A test of one material point.
struct PointHistory {
  bool uniaxial = false;   ///< only 11 is controlled, the other stresses are zero; for the columns
  bool mechanical = false; ///< strains are given without the thermal strain, which is added
  bool tangent = false;    ///< the consistent tangent is wanted at every time
  std::vector<double> times; ///< rising; the material is virgin at the first
  TimeFunction temperature = [](double) { return 0.0; };
  std::array<ControlledComponent, 6> components; ///< free of stress unless given
  MaterialTable material;
  std::string material_file = {}; ///< empty: the material is in the history itself
};

/// The history that a JSON object describes; docs/material_point.md has the keys. A material's file
/// is found from the folder of @p source. Not collective; reads files. @throws core::Error (data),
/// one line with @p source, the key and a remedy.
PointHistory point_history_from_json(const std::string& text, const std::string& source);
/// That of a file.
PointHistory point_history_of_file(const std::string& path);

} // namespace linnet::fem
