// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/nn/network/field_network.hpp>

#include <linnet/core/error.hpp>
#include <linnet/nn/network/tensor_values.hpp>

#include <petscsys.h>

#include <algorithm>

namespace linnet::nn {

namespace {

grid::IndexBox box_of(MPI_Comm comm, const grid::Partition& cut) {
  int rank = 0;
  MPI_Comm_rank(comm, &rank);
  return cut.box(rank);
}

} // namespace

void require_field_graph(const ResolvedGraph& graph, int in, int out, const std::string& name) {
  const auto require = [&](bool good, const std::string& what) {
    if (!good) core::throw_usage(name + ": " + what);
  };
  require(graph.inputs.size() == 1, "has " + std::to_string(graph.inputs.size()) +
                                        " inputs; a network from field to field has one");
  const auto check = [&](const char* what, int node, int channels) {
    const Signature s = graph.nodes[static_cast<std::size_t>(node)].signature;
    require(s.level == 0 && s.channels == channels,
            std::string(what) + " has " + std::to_string(s.channels) + " channel(s) on grid " +
                std::to_string(s.level) + "; the samples need " + std::to_string(channels) +
                " on grid 0");
  };
  check("the input", graph.inputs[0], in);
  check("the output", graph.output, out);
}

template <class T>
FieldNetwork<T>::FieldNetwork(const ResolvedGraph& graph, const core::Index3& points,
                              const Normalisation& normalisation, NetworkMode mode)
    : FieldNetwork(
          PETSC_COMM_SELF,
          Domain::exact_cut(points, graph.levels, graph.graph.padding, graph.graph.coarsening, 1),
          graph, normalisation, mode) {}

template <class T>
FieldNetwork<T>::FieldNetwork(MPI_Comm comm, const grid::Partition& cut, const ResolvedGraph& graph,
                              const Normalisation& normalisation, NetworkMode mode)
    : normalisation_(normalisation), box_(box_of(comm, cut)),
      domain_(comm, cut, graph.levels, graph.graph.padding, graph.graph.coarsening),
      network_(graph, domain_, mode), input_(value_count(network_.input())),
      output_(value_count(network_.output())) {
  normalisation_.input.require(network_.input().channels, cut.points(), "input");
  normalisation_.output.require(network_.output().channels, cut.points(), "output");
}

template <class T>
std::span<const double> FieldNetwork<T>::forward(std::span<const double> input,
                                                 const kernels::Array<T>& parameters) {
  std::copy(input.begin(), input.end(), input_.begin());
  normalisation_.input.encode(input_, box_);
  to_tensor<T>(input_, network_.input());
  network_.forward(parameters);
  from_tensor<T>(network_.output(), output_);
  normalisation_.output.decode(output_, box_);
  return output_;
}

template <class T>
void FieldNetwork<T>::backward(std::span<const double> output_gradient,
                               const kernels::Array<T>& parameters,
                               const kernels::Array<T>& gradient) {
  std::copy(output_gradient.begin(), output_gradient.end(), output_.begin());
  normalisation_.output.decode_adjoint(output_, box_);
  to_tensor<T>(output_, network_.output_gradient());
  network_.backward(parameters, gradient);
}

template class FieldNetwork<float>;
template class FieldNetwork<double>;

} // namespace linnet::nn
