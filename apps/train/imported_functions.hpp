// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Functions at sensors, and their solutions at points, from files of other programs
/// (-train_data import with -train_import_points).
#pragma once

#include <linnet/core/app_runtime.hpp>
#include <linnet/nn/deeponet/operator_data.hpp>
#include <linnet/problems/operators/field_sampler.hpp>

#include <memory>

namespace app {

/// u: (sample, sensor); y: (point, coordinate) where all samples share their points, else (sample,
/// point, coordinate); s: (sample, point) or (sample, output, point), or (sample) of one point
/// each.
class ImportedFunctions : public linnet::problems::FieldSampler {
public:
  [[nodiscard]] virtual linnet::nn::OperatorShape shape() const = 0;
  /// Points that all samples share, as the file has them; none where they do not.
  [[nodiscard]] virtual std::vector<double> grid() const = 0;
  /// False: there are inputs alone.
  [[nodiscard]] virtual bool has_values() const = 0;
};

/// Collective. @throws core::Error (usage, data) on all ranks.
std::unique_ptr<ImportedFunctions> make_imported_functions(const linnet::core::AppContext& context);

} // namespace app
