// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// What a network of search directions takes and gives, in training and at use alike.
#pragma once

#include <linnet/kernels/field.hpp>
#include <linnet/nn/domain.hpp>
#include <linnet/nn/graph.hpp>

namespace linnet::nn {

/// Images of the geometry: air, fluid and what is not solid.
inline constexpr int image_channels = 3;

/// The graph must map one channel (the residual), and maybe three more (the images), to one channel
/// on the same grid. @p name heads the message. @throws core::Error (data).
void require_direction_graph(const ResolvedGraph& graph, const std::string& name);

/// True if a direction graph reads the images.
inline bool takes_images(const ResolvedGraph& graph) { return graph.inputs.size() > 1; }

/// Fills @p images on the owned points of level 0 of @p domain (kernels/cell_images.hpp) from
/// linalg::FluidRows as fields on these points. Points of the domain beyond the first @p points, by
/// which it was rounded up, get images of zero. Collective on the communicator of the domain.
void fill_images(Domain& domain, const kernels::Field<float>& fluid,
                 const kernels::Field<float>& excess, const core::Index3& points,
                 const kernels::Tensor<float>& images);

} // namespace linnet::nn
