// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/nn/network/whole_field_network.hpp>

#include <linnet/nn/network/widest_cut.hpp>

#include <algorithm>
#include <string>

namespace linnet::nn {

namespace {

grid::Partition cut_over(MPI_Comm comm, const ResolvedGraph& graph, const core::Index3& points) {
  int ranks = 1;
  MPI_Comm_size(comm, &ranks);
  const grid::Partition cut = widest_field_cut(graph, points, ranks);
  if (cut.ranks() < ranks)
    core::throw_usage("the coarsest grid of the network leaves no part to some of " +
                      std::to_string(ranks) + " ranks; take " + std::to_string(cut.ranks()));
  return cut;
}

std::size_t largest_of(MPI_Comm comm, std::size_t mine) {
  auto all = static_cast<std::uint64_t>(mine);
  MPI_Allreduce(MPI_IN_PLACE, &all, 1, MPI_UINT64_T, MPI_MAX, comm);
  return all;
}

int channels_of(std::size_t values, const grid::IndexBox& box) {
  return static_cast<int>(values / static_cast<std::size_t>(box.size()));
}

} // namespace

template <class T>
WholeFieldNetwork<T>::WholeFieldNetwork(MPI_Comm comm, const core::Index3& points,
                                        const ResolvedGraph& graph,
                                        const Normalisation& normalisation, NetworkMode mode)
    : comm_(comm), network_(comm, cut_over(comm, graph, points), graph, normalisation, mode),
      fields_(comm, points, network_.box()),
      in_(channels_of(network_.input_count(), network_.box())),
      out_(channels_of(network_.output_count(), network_.box())),
      part_(std::max(network_.input_count(), network_.output_count())),
      output_(fields_.whole_size() * static_cast<std::size_t>(out_)),
      arena_bytes_(largest_of(comm, network_.arena_bytes())),
      least_bytes_(largest_of(comm, network_.least_bytes())) {}

template <class T>
std::size_t WholeFieldNetwork<T>::input_count() const {
  return fields_.whole_size() * static_cast<std::size_t>(in_);
}

template <class T>
std::span<const double> WholeFieldNetwork<T>::forward(std::span<const double> input,
                                                      const kernels::Array<T>& parameters) {
  const std::span<double> part = std::span(part_).first(network_.input_count());
  fields_.scatter(in_, input, part);
  fields_.gather(out_, network_.forward(part, parameters), output_);
  return output_;
}

template <class T>
void WholeFieldNetwork<T>::backward(std::span<const double> output_gradient,
                                    const kernels::Array<T>& parameters,
                                    const kernels::Array<T>& gradient) {
  const std::span<double> part = std::span(part_).first(network_.output_count());
  fields_.scatter(out_, output_gradient, part);
  network_.backward(part, parameters, gradient);
}

template class WholeFieldNetwork<float>;
template class WholeFieldNetwork<double>;

} // namespace linnet::nn
