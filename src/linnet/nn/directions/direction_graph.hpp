// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// What a network of search directions takes and gives, in training and at use alike.
#pragma once

#include <linnet/kernels/field.hpp>
#include <linnet/nn/network/domain.hpp>
#include <linnet/nn/network/graph.hpp>

namespace linnet::nn {

/// What a direction network sees of the matrix beside the residual: nothing; images of its geometry
/// (air, fluid and what is not solid); or features of its rows (linalg/row_features.hpp: the
/// logarithm of the diagonal, the sum). The number is that of the channels.
enum class MatrixView { none = 0, rows = 2, images = 3 };

/// The graph must map one channel (the residual), and maybe those of a MatrixView, to one channel
/// on the same grid. @p name heads the message. @throws core::Error (data).
void require_direction_graph(const ResolvedGraph& graph, const std::string& name);

/// That of a direction graph.
MatrixView matrix_view(const ResolvedGraph& graph);
inline int channels_of(MatrixView view) { return static_cast<int>(view); }

/// Fills @p images on the owned points of level 0 of @p domain (kernels/star/cell_images.hpp) from
/// linalg::FluidRows as fields on these points. Points of the domain beyond the first @p points, by
/// which it was rounded up, get images of zero. Collective on the communicator of the domain.
void fill_images(Domain& domain, const kernels::Field<float>& fluid,
                 const kernels::Field<float>& excess, const core::Index3& points,
                 const kernels::Tensor<float>& images);

} // namespace linnet::nn
