// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/krylov/direction_network.hpp>

#include <linnet/core/agreement.hpp>
#include <linnet/kernels/masked_copy.hpp>
#include <linnet/kernels/network/channels.hpp>
#include <linnet/linalg/fluid_rows.hpp>
#include <linnet/linalg/row_features.hpp>
#include <linnet/nn/directions/direction_graph.hpp>
#include <linnet/nn/network/widest_cut.hpp>

#include <cmath>
#include <vector>

namespace linnet::krylov {

using core::Index3;
using grid::IndexBox;
using grid::Partition;
using kernels::Field;
using kernels::Layout;
using kernels::Range;
using kernels::Tensor;

namespace {

MPI_Comm comm_of(Mat matrix) { return PetscObjectComm(reinterpret_cast<PetscObject>(matrix)); }

int size_of(MPI_Comm comm) {
  int size = 1;
  MPI_Comm_size(comm, &size);
  return size;
}

int rank_of(MPI_Comm comm) {
  int rank = 0;
  MPI_Comm_rank(comm, &rank);
  return rank;
}

std::string text(const Index3& n) {
  return std::to_string(n[0]) + " x " + std::to_string(n[1]) + " x " + std::to_string(n[2]);
}

const char* inputs_of(const nn::ResolvedGraph& graph) {
  switch (nn::matrix_view(graph)) {
  case nn::MatrixView::images: return "inputs residual and images";
  case nn::MatrixView::rows: return "inputs residual and rows";
  default: return "input residual";
  }
}

} // namespace

DirectionNetwork::DirectionNetwork(Mat matrix, DM da, const grid::DeclaredGrid& declared,
                                   const nn::Model& model, const std::string& name)
    : model_(model), map_(matrix, da, declared, "neural") {
  nn::require_direction_graph(model.graph, name);
  if (model.normalisation.input.kind() != nn::NormaliserKind::none ||
      model.normalisation.output.kind() != nn::NormaliserKind::none)
    core::throw_data("neural: " + name +
                     " normalises fields, which a network of search directions does not; it was "
                     "trained from field to field");
  check_grid(name);
  MPI_Comm comm = comm_of(matrix);
  const int size = size_of(comm);
  const Partition cut = nn::widest_cut(
      model.graph, size, [&](int ranks) { return nn::working_cut(model.graph, points(), ranks); });
  box_ = cut.points();
  ranks_ = cut.ranks();
  const std::vector<IndexBox> from = nn::boxes_of(map_.partition(), size),
                              to = nn::boxes_of(cut, size);
  if (from != to) move_ = std::make_unique<grid::Redistribution>(comm, from, to);
  values_ = Field<float>("linnet::krylov::values", Layout(map_.box().extent(), {0, 0, 0}));
  const bool works = rank_of(comm) < ranks_;
  MPI_Comm workers = comm;
  if (ranks_ < size) {
    MPI_Comm split = MPI_COMM_NULL;
    MPI_Comm_split(comm, works ? 0 : MPI_UNDEFINED, 0, &split);
    comm_ = core::OwnedComm(split);
    workers = split;
  }
  core::together(comm, [&] {
    if (!works) return;
    domain_ = std::make_unique<nn::Domain>(workers, cut, model.graph.levels,
                                           model.graph.graph.padding, model.graph.graph.coarsening);
    make_network();
  });
}

DirectionNetwork::~DirectionNetwork() = default;

void DirectionNetwork::check_grid(const std::string& name) const {
  const nn::ResolvedGraph& graph = model_.graph;
  if (graph.graph.dimension != map_.dimension())
    core::throw_usage("neural: " + name + " works in " + std::to_string(graph.graph.dimension) +
                      " dimensions, and the grid has " + std::to_string(map_.dimension()));
  const bool wraps = graph.graph.padding == nn::Padding::periodic;
  const int factor = 1 << (graph.levels - 1);
  for (std::size_t d = 0; d < 3; ++d) {
    const std::string direction(1, "xyz"[d]);
    const int n = points()[d];
    if (n == 1) continue;
    if (wraps != map_.wraps()[d])
      core::throw_usage("neural: the grid " + std::string(wraps ? "ends" : "wraps") +
                        " in direction " + direction + ", but " + name + " has padding '" +
                        nn::name_of(graph.graph.padding) +
                        "'; use a network that was trained on such grids");
    if (wraps && n % factor != 0)
      core::throw_usage("neural: the grid has " + std::to_string(n) + " points in direction " +
                        direction + ", but " + name + ", which wraps, needs multiples of " +
                        std::to_string(factor));
  }
}

void DirectionNetwork::make_network() {
  network_ =
      std::make_unique<nn::Network<float>>(model_.graph, *domain_, nn::NetworkMode::inference);
  const Layout layout(domain_->extent(0), {0, 0, 0});
  residual_ = move_ ? Field<float>("linnet::krylov::residual", layout) : values_;
  direction_ = Field<float>("linnet::krylov::direction", layout);
  fluid_ = Field<float>("linnet::krylov::fluid", layout);
  view_ =
      Tensor<float>("linnet::krylov::view", nn::channels_of(nn::matrix_view(model_.graph)), layout);
}

/// factor x to residual_, of which points beyond the grid stay zero.
void DirectionNetwork::bring(Vec x, double factor) {
  map_.to_box(x, values_, factor);
  if (move_) move_->forward(values_, residual_);
}

void DirectionNetwork::update(Mat matrix) {
  const linalg::FluidRows rows = linalg::read_fluid_rows(matrix);
  coefficients_are_current_ = false;
  masked_ = rows.masked;
  bring(rows.fluid.get(), 1.0);
  if (network_) kernels::copy_scaled(residual_, fluid_, Range::box(fluid_.layout.n), 1.0F);
  const nn::MatrixView view = nn::matrix_view(model_.graph);
  if (view == nn::MatrixView::images) view_images(rows.excess.get());
  if (view == nn::MatrixView::rows) view_rows(matrix);
}

void DirectionNetwork::view_images(Vec excess) {
  bring(excess, 1.0);
  if (network_) nn::fill_images(*domain_, fluid_, residual_, points(), view_);
}

void DirectionNetwork::view_rows(Mat matrix) {
  const linalg::RowFeatures features = linalg::read_row_features(matrix);
  const Vec channels[] = {features.diagonal.get(), features.sum.get()};
  for (int c = 0; c < 2; ++c) {
    bring(channels[c], 1.0);
    if (network_) kernels::copy_where(fluid_, residual_, view_.channel(c), 1.0F);
  }
}

/// direction_ = weight f(sign residual_), or with @p add plus that.
void DirectionNetwork::evaluate(float sign, float weight, bool add) {
  kernels::copy_where(fluid_, residual_, network_->input(0).channel(0), sign);
  if (view_.channels > 0) kernels::copy_tensor(view_, network_->input(1), false);
  // What follows from the matrix alone, such as the stencils of NPSDO, is kept.
  if (coefficients_are_current_)
    network_->forward_again(model_.parameters);
  else
    network_->forward(model_.parameters);
  coefficients_are_current_ = true;
  const Field<float> output = network_->output().channel(0);
  if (add)
    kernels::copy_where<float, true>(fluid_, output, direction_, weight);
  else
    kernels::copy_where(fluid_, output, direction_, weight);
}

void DirectionNetwork::apply(Vec r, double norm, bool odd, Vec d) {
  const double scale = 1.0 / norm;
  if (!std::isfinite(norm) || !std::isfinite(scale)) {
    LINNET_CHECK(VecSet(d, std::isfinite(norm) ? 0.0 : NAN));
    return;
  }
  bring(r, scale);
  if (network_ && odd) {
    evaluate(1.0F, 0.5F, false);
    evaluate(-1.0F, -0.5F, true);
  } else if (network_) {
    evaluate(1.0F, 1.0F, false);
  }
  if (move_) move_->backward(direction_, values_);
  map_.from_box(move_ ? values_ : direction_, d, norm);
}

void DirectionNetwork::view(PetscViewer viewer) const {
  MPI_Comm comm = PetscObjectComm(reinterpret_cast<PetscObject>(viewer));
  const nn::ResolvedGraph& graph = model_.graph;
  double bytes = network_ ? static_cast<double>(network_->arena_bytes()) : 0.0;
  MPI_Allreduce(MPI_IN_PLACE, &bytes, 1, MPI_DOUBLE, MPI_SUM, comm);
  LINNET_CHECK(PetscViewerASCIIPrintf(viewer, "%d parameters, %d grid(s), %s, padding %s\n",
                                      static_cast<int>(graph.parameters.count()), graph.levels,
                                      inputs_of(graph), nn::name_of(graph.graph.padding)));
  LINNET_CHECK(
      PetscViewerASCIIPrintf(viewer, "grid from %s: %s points, padded to %s, on %d of %d rank(s)\n",
                             map_.has_da() ? "the DMDA" : "-pc_neural_grid", text(points()).c_str(),
                             text(box_).c_str(), ranks_, size_of(comm)));
  LINNET_CHECK(PetscViewerASCIIPrintf(viewer, "%lld rows without couplings are masked\n",
                                      static_cast<long long>(masked_)));
  LINNET_CHECK(
      PetscViewerASCIIPrintf(viewer, "activations: %.1f MB over all ranks\n", bytes / 1e6));
}

} // namespace linnet::krylov
