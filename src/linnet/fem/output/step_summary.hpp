// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// The state of a solid in a few numbers.
#pragma once

#include <linnet/fem/solid_model.hpp>

#include <array>
#include <string>
#include <vector>

namespace linnet::fem {

/// At the end of a step; the same on all ranks. Means are weighted by volume, extremes are those of
/// the quadrature points.
struct StepSummary {
  double volume = 0;
  double mean_p = 0, max_p = 0;
  double mean_von_mises = 0, max_von_mises = 0;
  double max_abs_u = 0; ///< largest component of a displacement
};

/// Of the model's last step and its displacements @p u. Collective.
StepSummary summarise(const SolidModel& model, Vec u);

/// Mean over the nodes of @p group of the vectors in the global Vec @p values: displacements; or
/// their sum: reactions. Collective; @throws core::Error for a group that is not there.
std::array<double, 3> mean_over_group(const Mesh& mesh, const std::string& group, Vec values);
std::array<double, 3> sum_over_group(const Mesh& mesh, const std::string& group, Vec values);
/// Sum over all nodes: the resultant of forces. Collective.
std::array<double, 3> resultant(Vec values);

} // namespace linnet::fem
