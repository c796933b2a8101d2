// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/fem/solid_model.hpp>

#include <linnet/core/kokkos_session.hpp>
#include <linnet/core/log.hpp>
#include <linnet/fem/quadrature/points.hpp>
#include <linnet/fem/quadrature/with_element.hpp>
#include <linnet/fem/support/log_event.hpp>
#include <linnet/fem/support/vec_views.hpp>
#include <linnet/kernels/solid/solid_flops.hpp>

#include <cmath>
#include <vector>

namespace linnet::fem {

namespace {

using kernels::CellTask;

std::vector<int> materials_of_cells(const Mesh& mesh, const Materials& materials) {
  const std::vector<int> of_region = materials.of_regions(mesh.regions());
  std::vector<int> of_cell;
  of_cell.reserve(mesh.cell_regions().size());
  for (const int region : mesh.cell_regions())
    of_cell.push_back(of_region[static_cast<std::size_t>(region)]);
  return of_cell;
}

} // namespace

SolidModel::SolidModel(const Mesh& mesh, const Materials& materials,
                       const SolidModelOptions& options)
    : mesh_(&mesh), materials_(materials), options_(options), held_(mesh) {
  LINNET_CHECK(core::ensure_kokkos());
  LINNET_CHECK(core::register_events());
  geometry_ = cell_geometry(mesh);
  points_.state_size = materials.state_size();
  points_.materials = materials_.on_device();
  points_.cell_material =
      device_copy<int>("linnet::fem::cell_material", materials_of_cells(mesh, materials));
  const auto count = static_cast<std::size_t>(points());
  const std::size_t states = count * static_cast<std::size_t>(points_.state_size);
  points_.temperature = kernels::zeros<double>("linnet::fem::temperature", count);
  points_.old_state = kernels::zeros<double>("linnet::fem::old_state", states);
  points_.new_state = kernels::zeros<double>("linnet::fem::new_state", states);
  points_.stress = kernels::zeros<double>("linnet::fem::stress", 6 * count);
  old_stress_ = kernels::zeros<double>("linnet::fem::old_stress", 6 * count);
  local_u_ = local_vector(mesh.dm());
  local_force_ = local_vector(mesh.dm());
}

PetscInt SolidModel::points() const { return mesh_->cells() * points_per_cell(); }
std::int64_t SolidModel::all_points() const {
  return static_cast<std::int64_t>(mesh_->all_cells()) * points_per_cell();
}
int SolidModel::points_per_cell() const { return fem::points_per_cell(mesh_->shape()); }

std::vector<std::int64_t> SolidModel::point_ids() const {
  std::vector<std::int64_t> ids;
  ids.reserve(static_cast<std::size_t>(points()));
  for (const PetscInt cell : mesh_->original_cells())
    for (int q = 0; q < points_per_cell(); ++q)
      ids.push_back(static_cast<std::int64_t>(cell) * points_per_cell() + q);
  return ids;
}

void SolidModel::hold(std::span<const PetscInt> dofs) { held_ = HeldDofs(*mesh_, dofs); }

void SolidModel::to_local(Vec u) const {
  LINNET_CHECK(DMGlobalToLocal(mesh_->dm(), u, INSERT_VALUES, local_u_.get()));
}

void SolidModel::strain(Vec u, const kernels::Array<double>& strain) const {
  to_local(u);
  KernelValues values(local_u_.get(), grid::Access::read);
  with_element(mesh_->shape(), [&](auto element) {
    kernels::strains_at_points<decltype(element)>(geometry_, values.data(), strain.data());
  });
  values.restore();
}

// The verdict on the law is that of all ranks, and so is the scale.
void SolidModel::agree_on(const kernels::CellSums& sums) {
  double mine[2] = {sums.magnitude, sums.failures}, all[2];
  MPI_Allreduce(mine, all, 2, MPI_DOUBLE, MPI_SUM, mesh_->comm());
  force_scale_ = std::sqrt(all[0]);
  failures_ = static_cast<std::int64_t>(all[1]);
}

template <CellTask task>
kernels::CellSums SolidModel::sweep(Vec u, double dt, double* result) {
  to_local(u);
  KernelValues values(local_u_.get(), grid::Access::read);
  const auto sums = with_element(mesh_->shape(), [&](auto element) {
    LINNET_CHECK(PetscLogFlops(kernels::cell_flops<decltype(element)>(task) *
                               static_cast<double>(mesh_->cells())));
    return kernels::sweep_cells<decltype(element), task>(geometry_, points_, values.data(), dt,
                                                         options_.symmetric, result);
  });
  values.restore();
  return sums;
}

void SolidModel::update(Vec u, double dt) {
  const LogEvent event(core::events().solid_force);
  agree_on(sweep<CellTask::update>(u, dt, nullptr));
}

void SolidModel::internal_force(Vec u, double dt, Vec force) {
  const LogEvent event(core::events().solid_force);
  LINNET_CHECK(VecSet(local_force_.get(), 0.0));
  {
    KernelValues values(local_force_.get(), grid::Access::read_write);
    agree_on(sweep<CellTask::force>(u, dt, values.data()));
    values.restore();
  }
  LINNET_CHECK(VecSet(force, 0.0));
  LINNET_CHECK(DMLocalToGlobal(mesh_->dm(), local_force_.get(), ADD_VALUES, force));
}

void SolidModel::tangent(Vec u, double dt, Mat stiffness) {
  const LogEvent event(core::events().solid_tangent);
  if (!assembly_) assembly_.emplace(*mesh_);
  const auto sums = sweep<CellTask::tangent>(u, dt, assembly_->blocks().data());
  const double scale = force_scale_;
  agree_on(sums);
  force_scale_ = scale;
  assembly_->assemble(stiffness);
}

void SolidModel::apply_tangent(Vec increment, Vec force) const {
  if (!assembly_)
    throw core::Error(core::ExitCode::internal, "apply_tangent() needs a tangent() before it");
  to_local(increment);
  LINNET_CHECK(VecSet(local_force_.get(), 0.0));
  {
    KernelValues x(local_u_.get(), grid::Access::read);
    KernelValues y(local_force_.get(), grid::Access::read_write);
    kernels::add_block_products(geometry_, mesh_->nodes_per_cell(), assembly_->blocks(), x.data(),
                                y.data());
    y.restore();
    x.restore();
  }
  LINNET_CHECK(VecSet(force, 0.0));
  LINNET_CHECK(DMLocalToGlobal(mesh_->dm(), local_force_.get(), ADD_VALUES, force));
  held_.zero(force);
}

void SolidModel::commit() {
  Kokkos::deep_copy(points_.old_state, points_.new_state);
  Kokkos::deep_copy(old_stress_, points_.stress);
}

void SolidModel::restore() {
  Kokkos::deep_copy(points_.new_state, points_.old_state);
  Kokkos::deep_copy(points_.stress, old_stress_);
}

core::Owned<Mat> SolidModel::create_matrix() {
  if (!assembly_) assembly_.emplace(*mesh_);
  core::Owned<Mat> matrix = assembly_->create_matrix(held_);
  const PetscBool symmetric = options_.symmetric ? PETSC_TRUE : PETSC_FALSE;
  LINNET_CHECK(MatSetOption(matrix.get(), MAT_STRUCTURALLY_SYMMETRIC, PETSC_TRUE));
  LINNET_CHECK(MatSetOption(matrix.get(), MAT_SYMMETRIC, symmetric));
  LINNET_CHECK(MatSetOption(matrix.get(), MAT_SYMMETRY_ETERNAL, PETSC_TRUE));
  return matrix;
}

std::size_t SolidModel::assembly_bytes() const { return assembly_ ? assembly_->bytes() : 0; }

} // namespace linnet::fem
