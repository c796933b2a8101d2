// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/nn/fields/field_predictor.hpp>

#include <linnet/core/agreement.hpp>
#include <linnet/nn/network/widest_cut.hpp>

#include <algorithm>

namespace linnet::nn {

FieldPredictor::FieldPredictor(MPI_Comm comm, const Model& model, const core::Index3& points)
    : model_(model) {
  const ResolvedGraph& graph = model_.graph;
  int rank = 0, size = 1;
  MPI_Comm_rank(comm, &rank);
  MPI_Comm_size(comm, &size);
  const grid::Partition cut = widest_field_cut(graph, points, size);
  boxes_ = boxes_of(cut, size);
  box_ = boxes_[static_cast<std::size_t>(rank)];
  workers_ = cut.ranks();
  in_ = graph.nodes[static_cast<std::size_t>(graph.inputs.front())].signature.channels;
  out_ = graph.nodes[static_cast<std::size_t>(graph.output)].signature.channels;
  MPI_Comm workers = comm;
  if (workers_ < size) {
    MPI_Comm split = MPI_COMM_NULL;
    MPI_Comm_split(comm, rank < workers_ ? 0 : MPI_UNDEFINED, 0, &split);
    comm_ = core::OwnedComm(split);
    workers = split;
  }
  core::together(comm, [&] {
    if (rank < workers_)
      network_ = std::make_unique<FieldNetwork<float>>(workers, cut, graph, model_.normalisation,
                                                       NetworkMode::inference);
  });
}

void FieldPredictor::apply(std::span<const double> input, std::span<double> output) {
  if (!network_) return;
  const std::span<const double> result = network_->forward(input, model_.parameters);
  std::copy(result.begin(), result.end(), output.begin());
}

} // namespace linnet::nn
