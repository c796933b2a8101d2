// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/multigrid/direct_solver.hpp>

#include <linnet/core/petsc.hpp>
#include <linnet/kernels/copy.hpp>

#include <petscblaslapack.h>

#include <cmath>

// PETSc's header does not declare these two.
extern "C" {
void dpstrf_(const char*, const PetscBLASInt*, double*, const PetscBLASInt*, PetscBLASInt*,
             PetscBLASInt*, const double*, double*, PetscBLASInt*);
void dtrsv_(const char*, const char*, const char*, const PetscBLASInt*, const double*,
            const PetscBLASInt*, double*, const PetscBLASInt*);
}

namespace linnet::multigrid {
namespace {

using kernels::Field;
using kernels::HostSpace;
using kernels::Layout;

/// Owned and ghost values of a field in host memory.
struct HostValues {
  Kokkos::View<double*, HostSpace> values;
  Layout layout;
  explicit HostValues(const Field<double>& field)
      : values(Kokkos::create_mirror_view_and_copy(HostSpace{}, field.values)),
        layout(field.layout) {}
  double operator()(int i, int j, int k) const {
    return values(static_cast<std::size_t>(layout(i, j, k)));
  }
};

} // namespace

void DirectSolver::factor(const kernels::StencilOperator<double>& a,
                          const std::array<bool, 3>& periodic) {
  const auto& n = a.layout().n;
  n_ = n[0] * n[1] * n[2];
  const auto size = static_cast<std::size_t>(n_);
  factor_.assign(size * size, 0.0);
  const auto entry = [&](int row, int column) -> double& {
    return factor_[static_cast<std::size_t>(row) + size * static_cast<std::size_t>(column)];
  };
  const HostValues row_sum(a.row_sum);
  std::vector<HostValues> couplings;
  for (const auto& c : a.couplings) couplings.emplace_back(c);
  for (int k = 0; k < n[2]; ++k)
    for (int j = 0; j < n[1]; ++j)
      for (int i = 0; i < n[0]; ++i) {
        const int row = i + n[0] * (j + n[1] * k);
        entry(row, row) += row_sum(i, j, k);
        for (std::size_t m = 0; m < couplings.size(); ++m) {
          const auto o = kernels::upper_offset(a.pattern, static_cast<int>(m));
          int p[3] = {i + o.x, j + o.y, k + o.z};
          bool inside = true;
          for (int d = 0; d < 3; ++d) {
            if (periodic[d]) p[d] = (p[d] + n[d]) % n[d];
            inside = inside && p[d] >= 0 && p[d] < n[d];
          }
          const int column = inside ? p[0] + n[0] * (p[1] + n[1] * p[2]) : row;
          if (column == row) continue;
          const double c = couplings[m](i, j, k);
          entry(row, row) += c;
          entry(column, column) += c;
          entry(row, column) -= c;
          entry(column, row) -= c;
        }
      }
  double largest = 0.0;
  for (int r = 0; r < n_; ++r) largest = std::max(largest, entry(r, r));
  pivots_.assign(size, 0);
  std::vector<double> work(2 * size);
  const double tolerance = 1e-13 * largest;
  PetscBLASInt order = n_, rank = 0, info = 0;
  std::vector<PetscBLASInt> pivots(size);
  dpstrf_("L", &order, factor_.data(), &order, pivots.data(), &rank, &tolerance, work.data(),
          &info);
  if (info < 0) throw core::Error(core::ExitCode::internal, "dpstrf refused its arguments");
  rank_ = largest > 0.0 ? rank : 0;
  for (std::size_t r = 0; r < size; ++r) pivots_[r] = pivots[r] - 1;
}

void DirectSolver::solve(std::vector<double>& x) const {
  std::vector<double> y(x.size(), 0.0);
  for (int r = 0; r < rank_; ++r)
    y[static_cast<std::size_t>(r)] =
        x[static_cast<std::size_t>(pivots_[static_cast<std::size_t>(r)])];
  const PetscBLASInt order = rank_, leading = n_, one = 1;
  if (rank_ > 0) {
    dtrsv_("L", "N", "N", &order, factor_.data(), &leading, y.data(), &one);
    dtrsv_("L", "T", "N", &order, factor_.data(), &leading, y.data(), &one);
  }
  std::fill(x.begin(), x.end(), 0.0);
  for (int r = 0; r < rank_; ++r)
    x[static_cast<std::size_t>(pivots_[static_cast<std::size_t>(r)])] =
        y[static_cast<std::size_t>(r)];
}

template <class T>
void DirectSolver::solve(const Field<T>& f, const Field<T>& u) const {
  const auto& n = f.layout.n;
  const Layout natural({n[0], n[1], n[2]}, {0, 0, 0});
  Field<double> x("linnet::multigrid::direct", natural);
  const auto owned = kernels::Range::box(n);
  kernels::copy_scaled(f, x, owned, T(1));
  const auto host = Kokkos::create_mirror_view_and_copy(HostSpace{}, x.values);
  std::vector<double> values(host.data(), host.data() + natural.size());
  solve(values);
  std::copy(values.begin(), values.end(), host.data());
  Kokkos::deep_copy(x.values, host);
  kernels::copy_scaled(x, u, owned, 1.0);
}

template void DirectSolver::solve(const Field<float>&, const Field<float>&) const;
template void DirectSolver::solve(const Field<double>&, const Field<double>&) const;

} // namespace linnet::multigrid
