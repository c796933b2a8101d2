// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/nn/fields/grid_operator.hpp>

#include <linnet/core/error.hpp>
#include <linnet/nn/network/tensor_values.hpp>
#include <linnet/nn/network/widest_cut.hpp>

namespace linnet::nn {

using kernels::Field;
using kernels::Layout;
using kernels::Tensor;

namespace {

void check_grid(const ResolvedGraph& graph, const grid::GridMap& map, const std::string& type,
                const std::string& name) {
  if (graph.graph.dimension != map.dimension())
    core::throw_usage(type + ": " + name + " works in " + std::to_string(graph.graph.dimension) +
                      " dimensions, and the grid has " + std::to_string(map.dimension()));
  const bool wraps = graph.graph.padding == Padding::periodic;
  for (std::size_t d = 0; d < 3; ++d)
    if (map.partition().points()[d] > 1 && map.wraps()[d] != wraps)
      core::throw_usage(type + ": the grid " + std::string(wraps ? "ends" : "wraps") +
                        " in direction " + "xyz"[d] + ", but " + name + " has padding '" +
                        name_of(graph.graph.padding) + "'");
}

/// Without ghosts a field is a tensor of one channel.
Tensor<double> tensor_of(const Field<double>& field) {
  return Tensor<double>(field.values, 1, field.layout);
}

MPI_Comm comm_of(PetscObject object) { return PetscObjectComm(object); }

} // namespace

GridOperator::GridOperator(Mat matrix, DM da, const Model& model, int in, const std::string& type,
                           const std::string& name)
    : map_(matrix, da, {}, type) {
  prepare(comm_of(reinterpret_cast<PetscObject>(matrix)), model, in, type, name);
}

GridOperator::GridOperator(DM da, const Model& model, int in, const std::string& type,
                           const std::string& name)
    : map_(da, type) {
  prepare(comm_of(reinterpret_cast<PetscObject>(da)), model, in, type, name);
}

void GridOperator::prepare(MPI_Comm comm, const Model& model, int in, const std::string& type,
                           const std::string& name) {
  require_field_graph(model.graph, in, 1, name);
  check_grid(model.graph, map_, type, name);
  int size = 1;
  MPI_Comm_size(comm, &size);
  predictor_ = std::make_unique<FieldPredictor>(comm, model, map_.partition().points());
  move_ = std::make_unique<grid::Redistribution>(comm, boxes_of(map_.partition(), size),
                                                 predictor_->boxes());
  values_ = Field<double>("linnet::nn::values", Layout(map_.box().extent(), {0, 0, 0}));
  if (predictor_->box().empty()) return;
  field_ = Field<double>("linnet::nn::field", Layout(predictor_->box().extent(), {0, 0, 0}));
  output_.resize(value_count(tensor_of(field_)));
  input_.resize(output_.size() * static_cast<std::size_t>(in));
}

void GridOperator::apply(std::span<const Vec> channels, Vec result) {
  const std::size_t size = output_.size();
  for (std::size_t c = 0; c < channels.size(); ++c) {
    map_.to_box(channels[c], values_, 1.0);
    move_->forward(values_, field_);
    if (size > 0) from_tensor<double>(tensor_of(field_), {input_.data() + c * size, size});
  }
  predictor_->apply(input_, output_);
  if (size > 0) to_tensor<double>(output_, tensor_of(field_));
  move_->backward(field_, values_);
  map_.from_box(values_, result, 1.0);
}

} // namespace linnet::nn
