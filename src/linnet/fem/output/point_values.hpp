// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Fields at the quadrature points of a solid, on the host, and what output makes of them: means
/// over cells and values at nodes.
#pragma once

#include <linnet/fem/material/materials.hpp>
#include <linnet/fem/solid_model.hpp>

#include <span>
#include <string>
#include <vector>

namespace linnet::fem {

/// One field at this rank's quadrature points, point by point. Tensors: components 11, 22, 33, 12,
/// 13, 23, without factor 2.
struct PointField {
  std::string name;
  int components = 1; ///< 1, or 6 for a symmetric tensor
  std::vector<double> values;
};

/// At the end of the model's last step: `p`, `von_mises`, `temperature`, `stress`, `plastic_strain`
/// and the sum of the `backstress` tensors X = 2/3 C(T) a. @p materials: those of the model, @p
/// of_region which one each region has. Not collective.
std::vector<PointField> point_fields(const SolidModel& model, const Materials& materials,
                                     const std::vector<int>& of_region);

/// Means over each cell of this rank, weighted by volume: cells x components. @p weights: the
/// model's, on the host.
std::vector<double> cell_means(std::span<const double> weights, int points_per_cell,
                               const PointField& field);

/// Values at the nodes that this rank owns, nodes x components: in each cell the polynomial through
/// its points (trilinear in hexahedra, linear in tetrahedra) is taken to the nodes, and at a node
/// the mean over its cells. Overshoots where a field is steep. Collective.
std::vector<double> node_means(const Mesh& mesh, const PointField& field);

/// @p view on the host.
std::vector<double> host_values(const kernels::Array<double>& view);

} // namespace linnet::fem
