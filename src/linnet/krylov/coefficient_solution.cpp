// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/krylov/coefficient_solution.hpp>

#include <linnet/core/error.hpp>
#include <linnet/nn/tensor_values.hpp>
#include <linnet/nn/widest_cut.hpp>

namespace linnet::krylov {

using kernels::Field;
using kernels::Layout;
using kernels::Tensor;

namespace {

void check_grid(const nn::ResolvedGraph& graph, const grid::GridMap& map, const std::string& name) {
  nn::require_field_graph(graph, 1, 1, name);
  if (graph.graph.dimension != map.dimension())
    core::throw_usage("operator: " + name + " works in " + std::to_string(graph.graph.dimension) +
                      " dimensions, and the grid has " + std::to_string(map.dimension()));
  const bool wraps = graph.graph.padding == nn::Padding::periodic;
  for (std::size_t d = 0; d < 3; ++d)
    if (map.partition().points()[d] > 1 && map.wraps()[d] != wraps)
      core::throw_usage("operator: the grid " + std::string(wraps ? "ends" : "wraps") +
                        " in direction " + "xyz"[d] + ", but " + name + " has padding '" +
                        nn::name_of(graph.graph.padding) + "'");
}

/// Without ghosts a field is a tensor of one channel.
Tensor<double> tensor_of(const Field<double>& field) {
  return Tensor<double>(field.values, 1, field.layout);
}

} // namespace

CoefficientSolution::CoefficientSolution(Mat matrix, DM da, const nn::Model& model,
                                         const std::string& name)
    : map_(matrix, da, {}, "operator") {
  check_grid(model.graph, map_, name);
  MPI_Comm comm = PetscObjectComm(reinterpret_cast<PetscObject>(matrix));
  int size = 1;
  MPI_Comm_size(comm, &size);
  predictor_ = std::make_unique<nn::FieldPredictor>(comm, model, map_.partition().points());
  move_ = std::make_unique<grid::Redistribution>(comm, nn::boxes_of(map_.partition(), size),
                                                 predictor_->boxes());
  values_ = Field<double>("linnet::krylov::values", Layout(map_.box().extent(), {0, 0, 0}));
  if (predictor_->box().empty()) return;
  field_ = Field<double>("linnet::krylov::field", Layout(predictor_->box().extent(), {0, 0, 0}));
  input_.resize(nn::value_count(tensor_of(field_)));
  output_.resize(input_.size());
}

void CoefficientSolution::apply(Vec coefficient, Vec solution) {
  map_.to_box(coefficient, values_, 1.0);
  move_->forward(values_, field_);
  if (!input_.empty()) nn::from_tensor<double>(tensor_of(field_), input_);
  predictor_->apply(input_, output_);
  if (!output_.empty()) nn::to_tensor<double>(output_, tensor_of(field_));
  move_->backward(field_, values_);
  map_.from_box(values_, solution, 1.0);
}

} // namespace linnet::krylov
