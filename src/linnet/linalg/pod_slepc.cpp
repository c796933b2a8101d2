// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/core/agreement.hpp>
#include <linnet/linalg/dense_columns.hpp>
#include <linnet/linalg/pod_methods.hpp>

#if defined(LINNET_HAVE_SLEPC)
#include <linnet/io/vec_array.hpp>

#include <slepcsvd.h>

#include <algorithm>
#include <cmath>
#include <memory>
#endif

namespace linnet::linalg {

#if defined(LINNET_HAVE_SLEPC)

namespace {

using core::Owned;

/// SLEPc for as long as this lives, unless the program has it already.
class Session {
public:
  Session() {
    PetscBool ready = PETSC_FALSE;
    LINNET_CHECK(SlepcInitialized(&ready));
    if (!ready) LINNET_CHECK(SlepcInitialize(nullptr, nullptr, nullptr, nullptr));
  }
};

struct SvdDeleter {
  void operator()(SVD svd) const { static_cast<void>(SVDDestroy(&svd)); }
};

/// The snapshots with rows multiplied by the roots of the weights.
Owned<Mat> scaled_copy(Mat snapshots, std::span<const double> scale) {
  Mat copy = nullptr;
  LINNET_CHECK(MatDuplicate(snapshots, MAT_COPY_VALUES, &copy));
  Owned<Mat> owner(copy);
  const LocalColumns to(copy, LocalColumns::Access::write);
  for (PetscInt j = 0; j < to.columns(); ++j)
    for (PetscInt i = 0; i < to.rows(); ++i) to.column(j)[i] *= scale[static_cast<std::size_t>(i)];
  return owner;
}

/// Sum of squares; @throws (data) where a value is not finite.
double energy_of(Mat a) {
  PetscReal norm = 0.0;
  LINNET_CHECK(MatNorm(a, NORM_FROBENIUS, &norm));
  if (!std::isfinite(norm)) core::throw_data("POD: a snapshot has values that are not finite");
  return norm * norm;
}

/// The leading singular values: more and more of them until the rule is satisfied.
std::vector<double> solve(SVD svd, PetscInt all, double energy, const PodOptions& options) {
  std::vector<double> eigenvalues;
  for (PetscInt wanted = std::min<PetscInt>(all, 16);; wanted = std::min(all, 2 * wanted)) {
    LINNET_CHECK(SVDSetDimensions(svd, wanted, PETSC_DEFAULT, PETSC_DEFAULT));
    LINNET_CHECK(SVDSolve(svd));
    PetscInt found = 0;
    LINNET_CHECK(SVDGetConverged(svd, &found));
    eigenvalues.clear();
    for (PetscInt i = 0; i < found; ++i) {
      PetscReal sigma = 0.0;
      LINNET_CHECK(SVDGetSingularTriplet(svd, i, &sigma, nullptr, nullptr));
      eigenvalues.push_back(sigma * sigma);
    }
    const PetscInt kept = modes_kept(eigenvalues, energy, options.tolerance, 1e-26);
    if (wanted == all || found < wanted || kept >= options.most || kept < found) return eigenvalues;
  }
}

} // namespace

bool has_slepc() { return true; }

Pod pod_slepc(Mat snapshots, const PodOptions& options) {
  const Session session;
  const MPI_Comm comm = PetscObjectComm(reinterpret_cast<PetscObject>(snapshots));
  std::vector<double> roots;
  Owned<Mat> scaled;
  if (options.inner_product.weights) {
    roots = roots_of_weights(options.inner_product.weights);
    scaled = scaled_copy(snapshots, roots);
  }
  const Mat a = scaled ? scaled.get() : snapshots;
  const double energy = energy_of(a);
  PetscInt rows = 0, columns = 0, local_rows = 0;
  LINNET_CHECK(MatGetSize(a, &rows, &columns));
  LINNET_CHECK(MatGetLocalSize(a, &local_rows, nullptr));
  if (energy == 0.0) return {make_columns(comm, local_rows, 0), {}};
  SVD svd = nullptr;
  LINNET_CHECK(SVDCreate(comm, &svd));
  const std::unique_ptr<std::remove_pointer_t<SVD>, SvdDeleter> owner(svd);
  LINNET_CHECK(SVDSetOptionsPrefix(svd, "pod_"));
  LINNET_CHECK(SVDSetOperators(svd, a, nullptr));
  LINNET_CHECK(SVDSetType(svd, SVDTRLANCZOS));
  LINNET_CHECK(SVDSetTolerances(svd, 1e-13, PETSC_DEFAULT));
  LINNET_CHECK(SVDSetFromOptions(svd));
  Pod found;
  found.eigenvalues = solve(svd, std::min(rows, columns), energy, options);
  double sum = 0.0;
  for (const double value : found.eigenvalues) sum += value;
  found.rest = std::max(energy - sum, 0.0);
  const PetscInt kept =
      std::min(options.most, modes_kept(found.eigenvalues, energy, options.tolerance, 1e-26));
  found.modes = make_columns(comm, local_rows, kept);
  Vec left = nullptr;
  LINNET_CHECK(MatCreateVecs(a, nullptr, &left));
  const Owned<Vec> u(left);
  for (PetscInt j = 0; j < kept; ++j) {
    LINNET_CHECK(SVDGetSingularTriplet(svd, j, nullptr, left, nullptr));
    const io::VecReadArray values(left);
    const LocalColumns to(found.modes.get(), LocalColumns::Access::write);
    for (PetscInt i = 0; i < local_rows; ++i)
      to.column(j)[i] =
          values.data()[i] / (roots.empty() ? 1.0 : roots[static_cast<std::size_t>(i)]);
  }
  return found;
}

#else

bool has_slepc() { return false; }

Pod pod_slepc(Mat, const PodOptions&) {
  core::throw_usage("POD: this Linnet was built without SLEPc");
}

#endif

} // namespace linnet::linalg
