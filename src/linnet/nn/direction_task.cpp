// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/nn/direction_task.hpp>

#include <linnet/core/error.hpp>
#include <linnet/io/vec_array.hpp>
#include <linnet/linalg/fluid_rows.hpp>

#include <string>

namespace linnet::nn {

using kernels::Tensor;

namespace {

core::Owned<Vec> vector_for(Mat a) {
  Vec v = nullptr;
  LINNET_CHECK(MatCreateVecs(a, &v, nullptr));
  return core::Owned<Vec>(v);
}

/// visit(row, place in the tensor's memory from its origin) for the points of the samples; the
/// tensor may have more points behind them.
template <class Visit>
void for_each_row(const core::Index3& n, const kernels::Layout& l, const Visit& visit) {
  PetscInt row = 0;
  for (int k = 0; k < n[2]; ++k)
    for (int j = 0; j < n[1]; ++j)
      for (int i = 0; i < n[0]; ++i)
        visit(row++, i + static_cast<std::ptrdiff_t>(j) * l.pitch_y +
                         static_cast<std::ptrdiff_t>(k) * l.pitch_z);
}

} // namespace

void require_direction_signature(const ResolvedGraph& graph, const std::string& name) {
  const Signature field{0, 1};
  const auto signature = [&](int node) {
    return graph.nodes[static_cast<std::size_t>(node)].signature;
  };
  if (graph.inputs.size() != 1 || signature(graph.inputs[0]) != field ||
      signature(graph.output) != field)
    core::throw_data(name +
                     ": a network of directions takes a residual and gives a direction, both "
                     "of one channel on the finest grid, and has no other input");
}

DirectionTask::DirectionTask(const ResolvedGraph& graph, Mat A, DirectionLossType loss,
                             const std::string& samples)
    : reader_(samples),
      domain_(PETSC_COMM_SELF,
              Domain::cut(reader_.layout().points, graph.levels, graph.graph.padding, 1),
              graph.levels, graph.graph.padding),
      network_(graph, domain_, NetworkMode::training), loss_(loss, A), b_(vector_for(A)),
      e_(vector_for(A)), d_(vector_for(A)), gradient_(vector_for(A)) {
  PetscInt rows = 0;
  LINNET_CHECK(MatGetSize(A, &rows, nullptr));
  if (rows != core::volume(reader_.layout().points))
    core::throw_data(samples + ": has samples of " +
                     std::to_string(core::volume(reader_.layout().points)) +
                     " points, and the matrix has " + std::to_string(rows) + " rows");
  require_direction_signature(graph, "network");
  if (!reader_.has(rhs_field) || (loss_.needs_error() && !reader_.has(solution_field)))
    core::throw_data(samples + ": lacks '" + (loss_.needs_error() ? solution_field : rhs_field) +
                     "', which the loss needs; remove the file, and it will be made anew");
  const linalg::FluidRows unknowns = linalg::read_fluid_rows(A);
  const io::VecReadArray fluid(unknowns.fluid.get());
  has_unknown_.assign(fluid.data(), fluid.data() + rows);
}

void DirectionTask::read(const char* field, std::int64_t sample, Vec values) const {
  const io::VecWriteArray array(values);
  reader_.read(field, sample, array.data());
}

void DirectionTask::to_tensor(Vec values, const Tensor<float>& t) const {
  Kokkos::deep_copy(t.values, 0.0F);
  const io::VecReadArray array(values);
  for_each_row(reader_.layout().points, t.layout, [&](PetscInt row, std::ptrdiff_t place) {
    if (has_unknown_[static_cast<std::size_t>(row)])
      t.origin()[place] = static_cast<float>(array.data()[row]);
  });
}

void DirectionTask::from_tensor(const Tensor<float>& t, Vec values) const {
  const io::VecWriteArray array(values);
  for_each_row(reader_.layout().points, t.layout, [&](PetscInt row, std::ptrdiff_t place) {
    array.data()[row] =
        has_unknown_[static_cast<std::size_t>(row)] ? static_cast<double>(t.origin()[place]) : 0.0;
  });
}

double DirectionTask::flops() const {
  double forward = 0.0;
  for (const ResolvedNode& node : network_.graph().nodes) {
    if (node.parameters.empty()) continue;
    double points = 1.0;
    for (const int n : domain_.extent(node.signature.level)) points *= n;
    for (const ParameterBlock& block : network_.graph().parameters.blocks())
      if (block.offset == node.parameters[0])
        forward += 2.0 * points * static_cast<double>(block.size());
  }
  // The gradients by inputs and by weights cost as much each.
  return 3.0 * forward;
}

double DirectionTask::evaluate(std::int64_t sample, const kernels::Array<float>& parameters,
                               const kernels::Array<float>* gradient) {
  read(rhs_field, sample, b_.get());
  if (loss_.needs_error()) read(solution_field, sample, e_.get());
  to_tensor(b_.get(), network_.input());
  network_.forward(parameters);
  from_tensor(network_.output(), d_.get());
  const double loss =
      loss_.evaluate(b_.get(), e_.get(), d_.get(), gradient ? gradient_.get() : nullptr);
  if (!gradient) return loss;
  to_tensor(gradient_.get(), network_.output_gradient());
  network_.backward(parameters, *gradient);
  return loss;
}

} // namespace linnet::nn
