// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/nn/network/network.hpp>

#include <linnet/core/error.hpp>
#include <linnet/nn/network/operation.hpp>

namespace linnet::nn {

using kernels::Array;
using kernels::Tensor;

template <class T>
Network<T>::Network(const ResolvedGraph& graph, Domain& domain, NetworkMode mode)
    : graph_(graph), domain_(domain) {
  check_grid();
  make_layers();
  lay_out(mode);
}

template <class T>
Network<T>::~Network() = default;

template <class T>
void Network<T>::check_grid() const {
  if (domain_.levels() < graph_.levels)
    core::throw_usage("the network needs " + std::to_string(graph_.levels) +
                      " grids, and its domain has " + std::to_string(domain_.levels()));
  if (domain_.padding() != graph_.graph.padding)
    core::throw_usage(std::string("the network needs padding '") + name_of(graph_.graph.padding) +
                      "', and its domain has '" + name_of(domain_.padding()) + "'");
  if (domain_.coarsening() != graph_.graph.coarsening)
    core::throw_usage(std::string("the network needs coarsening '") +
                      name_of(graph_.graph.coarsening) + "', and its domain has '" +
                      name_of(domain_.coarsening()) + "'");
  const core::Index3 points = domain_.partition(0).points();
  for (int d = graph_.graph.dimension; d < 3; ++d)
    if (points[d] != 1)
      core::throw_usage("a network of dimension " + std::to_string(graph_.graph.dimension) +
                        " cannot work on a grid of more dimensions");
}

template <class T>
void Network<T>::make_layers() {
  const core::Index3 points = domain_.partition(0).points();
  for (const ResolvedNode& node : graph_.nodes) {
    layers_.push_back(node.operation->layer(node, domain_, T(0)));
    needs_.push_back(layers_.back()->needs());
    for (int d = 0; d < graph_.graph.dimension; ++d)
      if (needs_.back().ghosts > 0 && points[d] == 1)
        core::throw_usage("node '" + node.id + "' reads neighbours in a direction of one point");
  }
}

template <class T>
void Network<T>::lay_out(NetworkMode mode) {
  const MemoryPlan memory = plan_memory(graph_, needs_, mode);
  const std::size_t count = graph_.nodes.size();
  std::vector<kernels::Layout> layouts;
  std::vector<Lifetime> lifetimes;
  for (const MemorySlot& slot : memory.slots) {
    layouts.emplace_back(domain_.extent(slot.signature.level), domain_.ghosts(slot.ghosts));
    lifetimes.push_back(
        {Tensor<T>::size(slot.signature.channels, layouts.back()), slot.birth, slot.death});
    domain_.prepare(slot.signature.level, slot.ghosts);
  }
  plan_ = plan_arena(lifetimes);
  arena_ = kernels::zeros<T>("linnet::nn::arena", plan_.size);
  const auto tensor_of = [&](int number) {
    if (number < 0) return Tensor<T>();
    const auto s = static_cast<std::size_t>(number);
    const std::pair range(plan_.offsets[s], plan_.offsets[s] + lifetimes[s].size);
    return Tensor<T>(Array<T>(Kokkos::subview(arena_, range)), memory.slots[s].signature.channels,
                     layouts[s]);
  };
  for (std::size_t i = 0; i < count; ++i) {
    values_.push_back(tensor_of(memory.values[i]));
    gradients_.push_back(tensor_of(memory.gradients[i]));
  }
  value_ghosts_.resize(count);
  is_used_ = memory.is_used;
  is_kept_ = memory.is_constant;
  for (std::size_t i = 0; i < count; ++i) {
    LayerTensors<T> t;
    t.out = values_[i];
    t.out_gradient = gradients_[i];
    t.add = memory.adds[i];
    for (const int j : graph_.nodes[i].in) {
      t.in.push_back(values_[static_cast<std::size_t>(j)]);
      t.in_gradients.push_back(gradients_[static_cast<std::size_t>(j)]);
    }
    tensors_.push_back(std::move(t));
  }
}

template <class T>
const Tensor<T>& Network<T>::input(std::size_t number) const {
  return values_[static_cast<std::size_t>(graph_.inputs.at(number))];
}
template <class T>
const Tensor<T>& Network<T>::output() const {
  return values_[static_cast<std::size_t>(graph_.output)];
}
template <class T>
const Tensor<T>& Network<T>::output_gradient() const {
  return gradients_[static_cast<std::size_t>(graph_.output)];
}
template <class T>
const Tensor<T>& Network<T>::input_gradient(std::size_t number) const {
  return gradients_[static_cast<std::size_t>(graph_.inputs.at(number))];
}

/// Fills the ghosts of the inputs of node @p i, unless they are.
template <class T>
void Network<T>::fill_inputs(std::size_t i) {
  const LayerNeeds& needs = needs_[i];
  for (const int j : graph_.nodes[i].in) {
    const auto s = static_cast<std::size_t>(j);
    Ghosts& ghosts = value_ghosts_[s];
    if (ghosts.width >= needs.ghosts && ghosts.beyond == needs.beyond) continue;
    if (needs.ghosts == 0) continue;
    domain_.fill(graph_.nodes[s].signature.level, values_[s], needs.ghosts, needs.beyond);
    ghosts = {needs.ghosts, needs.beyond};
  }
}

template <class T>
void Network<T>::forward(const Array<T>& parameters) {
  for (std::size_t i = 0; i < layers_.size(); ++i) forward_node(i, parameters);
}

template <class T>
void Network<T>::forward_again(const Array<T>& parameters) {
  for (std::size_t i = 0; i < layers_.size(); ++i)
    if (!is_kept_[i]) forward_node(i, parameters);
}

template <class T>
void Network<T>::forward_node(std::size_t i, const Array<T>& parameters) {
  value_ghosts_[i] = {};
  if (!is_used_[i]) return;
  fill_inputs(i);
  layers_[i]->forward(tensors_[i], parameters.data());
}

template <class T>
void Network<T>::backward(const Array<T>& parameters, const Array<T>& gradient) {
  for (std::size_t i = layers_.size(); i-- > 0;) {
    if (!is_used_[i] || gradients_[i].channels == 0) continue;
    const LayerNeeds& needs = needs_[i];
    domain_.fill(graph_.nodes[i].signature.level, gradients_[i], needs.gradient_ghosts,
                 needs.gradient_beyond);
    if (needs.input_again) fill_inputs(i);
    layers_[i]->backward(tensors_[i], parameters.data(), gradient.data());
  }
}

template class Network<float>;
template class Network<double>;

} // namespace linnet::nn
