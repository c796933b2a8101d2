// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// The files of a material point.
#pragma once

#include <linnet/core/app_runtime.hpp>

#include <string>
#include <vector>

namespace app {

/// Rows of a history, one after the other.
struct PointTable {
  std::vector<std::string> columns;
  std::vector<double> rows;
  std::vector<double> tangents; ///< 36 numbers for each row, or none at all

  [[nodiscard]] std::size_t count() const { return rows.size() / columns.size(); }
};

/// STEM.h5 with the datasets /history (times, columns), its attribute `columns`, and /tangent
/// (times,6,6) where there are tangents. Under its name only when complete. Not collective.
void write_point_h5(const linnet::core::AppContext& context, const std::string& path,
                    const PointTable& table);

/// STEM.csv: a line of names, then all digits of the rows, tangents behind them. Not collective.
void write_point_csv(const std::string& path, const PointTable& table);

} // namespace app
