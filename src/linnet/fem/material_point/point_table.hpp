// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// States of a material point as rows of numbers.
#pragma once

#include <linnet/fem/material_point/material_point.hpp>

#include <string>
#include <vector>

namespace linnet::fem {

/// Names of the columns:
///   uniaxial: t, T, eps_total_axial, sigma_axial, ep_axial, C*a, p, where C*a = sum_i C_i a_i,11
///   is
///     what the axial stress is shifted by in the yield condition, 1.5 X_11;
///   else: t, T, em_11..em_23 (mechanical strain), sig_*, ep_*, X_* (back stress), p.
/// With several backstresses their parts follow: C1*a1, C2*a2, .. or X1_11, ..
std::vector<std::string> point_columns(bool uniaxial, int backstresses);

/// The state of @p point, in the order of point_columns().
std::vector<double> point_row(const MaterialPoint& point, bool uniaxial);

/// D_11_11, D_11_22, .. row by row: derivative of a stress by an engineering strain.
std::vector<std::string> tangent_columns();

} // namespace linnet::fem
