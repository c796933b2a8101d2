// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/nn/directions/direction_task.hpp>

#include <linnet/core/error.hpp>
#include <linnet/core/random.hpp>
#include <linnet/io/vec_array.hpp>
#include <linnet/kernels/network/channels.hpp>
#include <linnet/nn/network/memory_plan.hpp>
#include <linnet/nn/network/operation_count.hpp>

#include <algorithm>

namespace linnet::nn {

namespace {

// Apart from the streams of problems.
constexpr std::uint64_t steps_stream = std::uint64_t{9} << 56;

grid::Partition one_box(const ResolvedGraph& graph, const core::Index3& points) {
  return working_cut(graph, points, 1);
}

core::Owned<Vec> vector_for(Mat a) {
  Vec v = nullptr;
  LINNET_CHECK(MatCreateVecs(a, &v, nullptr));
  return core::Owned<Vec>(v);
}

} // namespace

void require_working_grid(const ResolvedGraph& graph, const core::Index3& points) {
  Domain domain(PETSC_COMM_SELF, one_box(graph, points), graph.levels, graph.graph.padding,
                graph.graph.coarsening);
  Network<float> network(graph, domain, NetworkMode::inference);
  network.forward(parameter_buffer<float>(graph.parameters));
}

DirectionTask::DirectionTask(const ResolvedGraph& graph, const std::vector<Mat>& matrices,
                             const DirectionTaskOptions& options, const std::string& samples)
    : options_(options), reader_(samples),
      domain_(PETSC_COMM_SELF, one_box(graph, reader_.layout().points), graph.levels,
              graph.graph.padding, graph.graph.coarsening),
      network_(graph, domain_, NetworkMode::training), loss_(options.loss, matrices.at(0)),
      b_(vector_for(matrices[0])), e_(vector_for(matrices[0])), d_(vector_for(matrices[0])),
      gradient_(vector_for(matrices[0])) {
  require_direction_graph(graph, "network");
  if (!reader_.has(rhs_field) || (loss_.needs_error() && !reader_.has(solution_field)))
    core::throw_data(samples + ": lacks '" + (loss_.needs_error() ? solution_field : rhs_field) +
                     "', which the loss needs; name another file");
  if (reader_.layout().geometries() != static_cast<std::int64_t>(matrices.size()))
    core::throw_data(samples + ": has samples of " + std::to_string(reader_.layout().geometries()) +
                     " geometries, and there are " + std::to_string(matrices.size()) + " matrices");
  for (Mat matrix : matrices)
    geometries_.emplace_back(matrix, reader_.layout().points, domain_, matrix_view(graph));
  if (options.solver_steps > 0)
    solver_ = std::make_unique<DirectionSolver>(graph, domain_, options.loss);
}

void DirectionTask::read(const char* field, std::int64_t sample, Vec values) const {
  const io::VecWriteArray array(values);
  reader_.read(field, sample, array.data());
}

/// How often a layer works on a sample, in the mean: forward, and gradients by weights and, where
/// others follow, by inputs; and forward in the steps of the solver, or once in all of them where
/// only constants lead to it. That few solves end before their last step is not taken off.
double DirectionTask::passes(bool is_constant) const {
  const double most = options_.solver_steps;
  return is_constant ? 2.0 + most / (most + 1.0) : 3.0 + 0.5 * most;
}

double DirectionTask::flops() const {
  const std::vector<bool> is_constant = constant_nodes(network_.graph());
  const std::vector<double> forward = forward_flops(network_.graph(), domain_.extent(0));
  double sum = 0.0;
  for (std::size_t i = 0; i < forward.size(); ++i) sum += passes(is_constant[i]) * forward[i];
  return sum;
}

PetscInt DirectionTask::steps_of(std::int64_t sample) const {
  const double u =
      core::RandomStream(options_.seed, steps_stream).uniform(static_cast<std::uint64_t>(sample));
  return std::min(options_.solver_steps, static_cast<PetscInt>(u * (options_.solver_steps + 1.0)));
}

/// From b, and e where the loss needs it, to the residual and the error after some steps, for a
/// residual of norm 1.
void DirectionTask::advance(const DirectionGeometry& geometry,
                            const kernels::Array<float>& parameters, PetscInt steps) {
  Vec x = d_.get(), image = gradient_.get();
  // The file's single precision would leave a residual that is not that of the error.
  if (loss_.needs_error()) LINNET_CHECK(MatMult(geometry.matrix(), e_.get(), b_.get()));
  if (steps > 0) {
    solver_->run(geometry, parameters, b_.get(), steps, x);
    LINNET_CHECK(MatMult(geometry.matrix(), x, image));
    LINNET_CHECK(VecAXPY(b_.get(), -1.0, image));
    if (loss_.needs_error()) LINNET_CHECK(VecAXPY(e_.get(), -1.0, x));
  }
  PetscReal norm = 0.0;
  LINNET_CHECK(VecNorm(b_.get(), NORM_2, &norm));
  if (norm == 0.0) return;
  LINNET_CHECK(VecScale(b_.get(), 1.0 / norm));
  if (loss_.needs_error()) LINNET_CHECK(VecScale(e_.get(), 1.0 / norm));
}

double DirectionTask::evaluate(std::int64_t sample, const kernels::Array<float>& parameters,
                               const kernels::Array<float>* gradient) {
  const DirectionGeometry& geometry =
      geometries_[static_cast<std::size_t>(reader_.layout().geometry_of(sample))];
  loss_.set_matrix(geometry.matrix());
  read(rhs_field, sample, b_.get());
  if (loss_.needs_error()) read(solution_field, sample, e_.get());
  if (solver_) advance(geometry, parameters, steps_of(sample));
  geometry.to_tensor(b_.get(), network_.input());
  if (geometry.view().channels > 0) kernels::copy_tensor(geometry.view(), network_.input(1), false);
  network_.forward(parameters);
  geometry.from_tensor(network_.output(), d_.get());
  const double loss =
      loss_.evaluate(b_.get(), e_.get(), d_.get(), gradient ? gradient_.get() : nullptr);
  if (!gradient) return loss;
  geometry.to_tensor(gradient_.get(), network_.output_gradient());
  network_.backward(parameters, *gradient);
  return loss;
}

} // namespace linnet::nn
