// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Time grids and quantities over time, as JSON describes them.
#pragma once

#include <linnet/fem/material_point/json_reader.hpp>
#include <linnet/fem/material_point/point_history.hpp>

namespace linnet::fem {

/// Most times of a grid.
inline constexpr int most_times = 1000000;

/// The times of
///   {"t": [0, 1, 3]}                            as they are,
///   {"knots": [0, 6, 18], "steps": 20}          equal steps between knots (or a list, one each),
///   {"knots": [0, 6, 18], "step": 0.3}          the same by their length, which must fit,
///   {"period": 24, "cycles": 3, "steps": 80}    from 0 on, `steps` in each cycle.
std::vector<double> time_grid(const ObjectReader& grid);

/// The quantity at @p key of @p parent, for times from @p begin to @p end:
///   850                                          a constant,
///   {"t": [0, 60], "value": [20, 600]}           linear in between; "repeat": true goes on
///                                                periodically where first and last value agree,
///   {"triangle": {"amplitude": 0.006, "period": 24, "mean": 0}}   upward from the mean at t = 0,
///   {"sine": {"amplitude": 0.005, "period": 40, "phase": 90, "mean": 0}}   phase in degrees.
TimeFunction time_function(const ObjectReader& parent, const std::string& key, double begin,
                           double end);

} // namespace linnet::fem
