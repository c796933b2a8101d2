// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/nn/directions/direction_graph.hpp>

#include <linnet/core/error.hpp>
#include <linnet/kernels/masked_copy.hpp>
#include <linnet/kernels/star/cell_images.hpp>

#include <algorithm>

namespace linnet::nn {

using kernels::Layout;
using kernels::Range;
using kernels::Tensor;

namespace {

std::string describe(const Signature& s) {
  return std::to_string(s.channels) + " channel(s) on grid " + std::to_string(s.level);
}

int rank_of(MPI_Comm comm) {
  int rank = 0;
  MPI_Comm_rank(comm, &rank);
  return rank;
}

} // namespace

MatrixView matrix_view(const ResolvedGraph& graph) {
  if (graph.inputs.size() < 2) return MatrixView::none;
  return static_cast<MatrixView>(
      graph.nodes[static_cast<std::size_t>(graph.inputs[1])].signature.channels);
}

void require_direction_graph(const ResolvedGraph& graph, const std::string& name) {
  const auto signature = [&](int node) {
    return graph.nodes[static_cast<std::size_t>(node)].signature;
  };
  if (graph.inputs.empty() || graph.inputs.size() > 2)
    core::throw_data(name + ": the network has " + std::to_string(graph.inputs.size()) +
                     " inputs; a direction network has the residual, and maybe the images of air, "
                     "fluid and not solid, or the features of the rows");
  const Signature residual{0, 1}, rows{0, channels_of(MatrixView::rows)},
      images{0, channels_of(MatrixView::images)};
  if (signature(graph.inputs[0]) != residual)
    core::throw_data(name + ": the first input, the residual, must have " + describe(residual) +
                     ", not " + describe(signature(graph.inputs[0])));
  const Signature view = graph.inputs.size() > 1 ? signature(graph.inputs[1]) : images;
  if (view != images && view != rows)
    core::throw_data(name + ": the second input must have " + describe(images) +
                     ", the images, or " + describe(rows) + ", the features of the rows, not " +
                     describe(view));
  if (signature(graph.output) != residual)
    core::throw_data(name + ": the output, the direction, must have " + describe(residual) +
                     ", not " + describe(signature(graph.output)));
}

void fill_images(Domain& domain, const kernels::Field<float>& fluid,
                 const kernels::Field<float>& excess, const core::Index3& points,
                 const Tensor<float>& images) {
  const Tensor<float> rows("linnet::nn::rows", 2, Layout(domain.extent(0), domain.ghosts(1)));
  const Range owned = Range::box(rows.layout.n);
  kernels::copy_scaled(fluid, rows.channel(0), owned, 1.0F);
  kernels::copy_scaled(excess, rows.channel(1), owned, 1.0F);
  domain.fill(0, rows, 1, Beyond::padding);
  Range inside = owned;
  const grid::IndexBox mine = domain.partition(0).box(rank_of(domain.comm()));
  for (int d = 0; d < 3; ++d) inside.hi[d] = std::min(inside.hi[d], points[d] - mine.lo[d]);
  Kokkos::deep_copy(images.values, 0.0F);
  kernels::cell_images(rows, images, inside);
}

} // namespace linnet::nn
