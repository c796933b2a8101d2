// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/nn/direction_task.hpp>

#include <linnet/core/error.hpp>
#include <linnet/io/vec_array.hpp>
#include <linnet/kernels/channels.hpp>
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

DirectionTask::DirectionTask(const ResolvedGraph& graph, const std::vector<Mat>& matrices,
                             DirectionLossType loss, const std::string& samples)
    : reader_(samples),
      domain_(PETSC_COMM_SELF,
              Domain::cut(reader_.layout().points, graph.levels, graph.graph.padding, 1),
              graph.levels, graph.graph.padding),
      network_(graph, domain_, NetworkMode::training), loss_(loss, matrices.at(0)),
      b_(vector_for(matrices[0])), e_(vector_for(matrices[0])), d_(vector_for(matrices[0])),
      gradient_(vector_for(matrices[0])) {
  require_direction_graph(graph, "network");
  if (!reader_.has(rhs_field) || (loss_.needs_error() && !reader_.has(solution_field)))
    core::throw_data(samples + ": lacks '" + (loss_.needs_error() ? solution_field : rhs_field) +
                     "', which the loss needs; remove the file, and it will be made anew");
  if (reader_.layout().geometries() != static_cast<std::int64_t>(matrices.size()))
    core::throw_data(samples + ": has samples of " +
                     std::to_string(reader_.layout().geometries()) + " geometries, and there are " +
                     std::to_string(matrices.size()) + " matrices");
  const std::int64_t points = core::volume(reader_.layout().points);
  for (Mat matrix : matrices) {
    PetscInt rows = 0;
    LINNET_CHECK(MatGetSize(matrix, &rows, nullptr));
    if (rows != points)
      core::throw_data(samples + ": has samples of " + std::to_string(points) +
                       " points, and the matrix has " + std::to_string(rows) + " rows");
    geometries_.push_back(make_geometry(matrix));
  }
}

DirectionTask::Geometry DirectionTask::make_geometry(Mat A) {
  Geometry geometry;
  LINNET_CHECK(PetscObjectReference(reinterpret_cast<PetscObject>(A)));
  geometry.matrix.reset(A);
  const linalg::FluidRows rows = linalg::read_fluid_rows(A);
  {
    const io::VecReadArray fluid(rows.fluid.get());
    geometry.has_unknown.assign(fluid.data(),
                                fluid.data() + core::volume(reader_.layout().points));
  }
  if (takes_images(network_.graph())) make_images(geometry, rows.excess.get());
  return geometry;
}

void DirectionTask::make_images(Geometry& geometry, Vec excess) {
  const kernels::Layout layout(domain_.extent(0), {0, 0, 0});
  const Tensor<float> rows("linnet::nn::rows", 2, layout);
  const io::VecReadArray has_excess(excess);
  for_each_row(reader_.layout().points, layout, [&](PetscInt row, std::ptrdiff_t place) {
    rows.origin(0)[place] = geometry.has_unknown[static_cast<std::size_t>(row)] ? 1.0F : 0.0F;
    rows.origin(1)[place] = static_cast<float>(has_excess.data()[row]);
  });
  geometry.images = Tensor<float>("linnet::nn::images", image_channels, layout);
  fill_images(domain_, rows.channel(0), rows.channel(1), reader_.layout().points, geometry.images);
}

void DirectionTask::read(const char* field, std::int64_t sample, Vec values) const {
  const io::VecWriteArray array(values);
  reader_.read(field, sample, array.data());
}

void DirectionTask::to_tensor(const Geometry& geometry, Vec values, const Tensor<float>& t) const {
  Kokkos::deep_copy(t.values, 0.0F);
  const io::VecReadArray array(values);
  for_each_row(reader_.layout().points, t.layout, [&](PetscInt row, std::ptrdiff_t place) {
    if (geometry.has_unknown[static_cast<std::size_t>(row)])
      t.origin()[place] = static_cast<float>(array.data()[row]);
  });
}

void DirectionTask::from_tensor(const Geometry& geometry, const Tensor<float>& t,
                                Vec values) const {
  const io::VecWriteArray array(values);
  for_each_row(reader_.layout().points, t.layout, [&](PetscInt row, std::ptrdiff_t place) {
    array.data()[row] = geometry.has_unknown[static_cast<std::size_t>(row)]
                            ? static_cast<double>(t.origin()[place])
                            : 0.0;
  });
}

double DirectionTask::flops() const {
  double sum = 0.0;
  std::vector<bool> is_constant;
  for (const ResolvedNode& node : network_.graph().nodes) {
    bool constant = !node.in.empty() || node.attribute("constant") != 0;
    for (const int i : node.in) constant = constant && is_constant[static_cast<std::size_t>(i)];
    is_constant.push_back(constant);
    if (node.parameters.empty()) continue;
    double points = 1.0;
    for (const int n : domain_.extent(node.signature.level)) points *= n;
    // Forward, and gradients by weights and, where others follow, by inputs.
    const double passes = constant ? 2.0 : 3.0;
    for (const ParameterBlock& block : network_.graph().parameters.blocks())
      if (block.offset == node.parameters[0])
        sum += passes * 2.0 * points * static_cast<double>(block.size());
  }
  return sum;
}

double DirectionTask::evaluate(std::int64_t sample, const kernels::Array<float>& parameters,
                               const kernels::Array<float>* gradient) {
  const Geometry& geometry =
      geometries_[static_cast<std::size_t>(reader_.layout().geometry_of(sample))];
  loss_.set_matrix(geometry.matrix.get());
  read(rhs_field, sample, b_.get());
  if (loss_.needs_error()) read(solution_field, sample, e_.get());
  to_tensor(geometry, b_.get(), network_.input());
  if (takes_images(network_.graph()))
    kernels::copy_tensor(geometry.images, network_.input(1), false);
  network_.forward(parameters);
  from_tensor(geometry, network_.output(), d_.get());
  const double loss =
      loss_.evaluate(b_.get(), e_.get(), d_.get(), gradient ? gradient_.get() : nullptr);
  if (!gradient) return loss;
  to_tensor(geometry, gradient_.get(), network_.output_gradient());
  network_.backward(parameters, *gradient);
  return loss;
}

} // namespace linnet::nn
