// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/coarse/vector_choice.hpp>

#include <linnet/coarse/trunk_vectors.hpp>
#include <linnet/core/agreement.hpp>
#include <linnet/io/vec_array.hpp>
#include <linnet/linalg/dense_columns.hpp>
#include <linnet/linalg/orthonormalise.hpp>

#include <algorithm>

namespace linnet::coarse {

using core::Owned;
using linalg::LocalColumns;

namespace {

/// Of model files with a basis.
constexpr std::int64_t byte_limit = std::int64_t{1} << 31;
constexpr PetscInt default_sines = 64;

MPI_Comm comm_of(Mat m) { return PetscObjectComm(reinterpret_cast<PetscObject>(m)); }

bool has_grid(DM da, const VectorChoice& choice) { return da || choice.grid.points[0] > 0; }

Owned<Mat> empty_space(Mat A) {
  PetscInt rows = 0;
  LINNET_CHECK(MatGetLocalSize(A, &rows, nullptr));
  return linalg::make_columns(comm_of(A), rows, 0);
}

/// The first columns of @p from, in the rows of @p A.
Owned<Mat> copy_of(Mat A, Mat from, PetscInt size) {
  PetscInt rows = 0, given_rows = 0, all = 0, given = 0, columns = 0;
  LINNET_CHECK(MatGetLocalSize(A, &rows, nullptr));
  LINNET_CHECK(MatGetLocalSize(from, &given_rows, nullptr));
  LINNET_CHECK(MatGetSize(A, &all, nullptr));
  LINNET_CHECK(MatGetSize(from, &given, &columns));
  core::together(comm_of(A), [&] {
    if (rows != given_rows)
      core::throw_usage("basis: the vectors have " + std::to_string(given_rows) +
                        " rows on a rank, and the matrix " + std::to_string(rows) + " (of " +
                        std::to_string(given) + " and " + std::to_string(all) +
                        "); give vectors of its layout");
  });
  Owned<Mat> copy = linalg::make_columns(comm_of(A), rows, std::min(size, columns));
  const LocalColumns source(from, LocalColumns::Access::read),
      to(copy.get(), LocalColumns::Access::write);
  for (PetscInt j = 0; j < to.columns(); ++j) std::copy_n(source.column(j), rows, to.column(j));
  return copy;
}

/// One more than can be taken is enough to tell.
PetscInt size_of(const VectorChoice& choice) {
  if (choice.size >= 0) return std::min(choice.size, most_coarse_vectors + 1);
  return choice.type == BasisType::sine ? default_sines : most_coarse_vectors + 1;
}

/// Every rank has the coarse matrix and its factors.
void require_small_coarse_matrix(Mat vectors, const VectorChoice& choice) {
  PetscInt columns = 0;
  LINNET_CHECK(MatGetSize(vectors, nullptr, &columns));
  const std::int64_t blocks = core::volume(choice.blocks);
  if (blocks <= most_coarse_vectors / std::max<PetscInt>(columns, 1)) return;
  const std::string count = columns > most_coarse_vectors
                                ? "more than " + std::to_string(most_coarse_vectors)
                                : std::to_string(columns);
  core::throw_usage("basis: " + count + " vectors in " + std::to_string(blocks) +
                    " block(s), and the coarse matrix is on every rank, for at most " +
                    std::to_string(most_coarse_vectors) +
                    " of them; take a smaller -pc_basis_size or fewer -pc_basis_blocks");
}

Owned<Mat> chosen_vectors(Mat A, DM da, const VectorChoice& choice) {
  const PetscInt size = size_of(choice);
  if (choice.type != BasisType::sine && choice.file.empty())
    core::throw_usage("basis: no vectors; name their file with -pc_basis_file FILE.h5, take "
                      "-pc_basis_type sine, or give them by PCBasisSetVectors");
  if (choice.type == BasisType::file && !has_grid(da, choice))
    return file_vectors(A, nullptr, choice.file, size);
  const grid::GridMap map(A, da, choice.grid, PCBASIS);
  if (choice.type == BasisType::trunk && !is_only_tabulated(comm_of(A), choice.file, byte_limit))
    return trunk_vectors(A, map, choice.points, choice.file, size, byte_limit);
  switch (choice.type) {
  case BasisType::sine: return sine_vectors(A, map, choice.points, size);
  case BasisType::file: return file_vectors(A, &map, choice.file, size);
  default: // whoever has made the functions
    return tabulated_vectors(A, map, choice.points,
                             linalg::read_basis(comm_of(A), choice.file, byte_limit), size,
                             choice.file);
  }
}

/// A DMDA of several unknowns per point has no map; its rows are as the matrix numbers them.
DM scalar(DM da) {
  PetscInt unknowns = 1;
  if (da)
    LINNET_CHECK(DMDAGetInfo(da, nullptr, nullptr, nullptr, nullptr, nullptr, nullptr, nullptr,
                             &unknowns, nullptr, nullptr, nullptr, nullptr, nullptr));
  return unknowns == 1 ? da : nullptr;
}

} // namespace

Owned<Mat> make_vectors(Mat A, DM da, Mat given, const VectorChoice& choice, PetscInt* masked) {
  *masked = 0;
  Owned<Mat> vectors;
  if (given)
    vectors = copy_of(A, given, choice.size < 0 ? most_coarse_vectors + 1 : size_of(choice));
  else if (choice.size == 0)
    vectors = empty_space(A);
  else
    vectors = chosen_vectors(A, choice.type == BasisType::file ? scalar(da) : da, choice);
  require_small_coarse_matrix(vectors.get(), choice);
  PetscInt columns = 0;
  LINNET_CHECK(MatGetSize(vectors.get(), nullptr, &columns));
  if (columns > 0) *masked = mask_uncoupled_rows(A, vectors.get());
  return vectors;
}

std::vector<PetscInt> make_blocks(Mat A, DM da, const VectorChoice& choice, PetscInt* blocks) {
  *blocks = static_cast<PetscInt>(core::volume(choice.blocks));
  if (*blocks == 1) return {};
  const grid::GridMap map(A, da, choice.grid, PCBASIS);
  const core::Index3 n = map.partition().points();
  for (std::size_t d = 0; d < 3; ++d)
    if (choice.blocks[d] > n[d])
      core::throw_usage("-pc_basis_blocks: " + std::to_string(choice.blocks[d]) +
                        " parts of a direction with " + std::to_string(n[d]) +
                        " points; take no more parts than points");
  PetscInt first = 0, last = 0;
  LINNET_CHECK(MatGetOwnershipRange(A, &first, &last));
  std::vector<PetscInt> block_of;
  for (PetscInt row = first; row < last; ++row) {
    const core::Index3 p = map.point_of(row);
    std::int64_t block = 0;
    for (std::size_t d = 3; d-- > 0;)
      block = block * choice.blocks[d] + std::int64_t{p[d]} * choice.blocks[d] / n[d];
    block_of.push_back(static_cast<PetscInt>(block));
  }
  return block_of;
}

std::vector<Vec> first_orthonormal(Mat vectors, PetscInt count) {
  PetscInt rows = 0, columns = 0;
  LINNET_CHECK(MatGetLocalSize(vectors, &rows, nullptr));
  LINNET_CHECK(MatGetSize(vectors, nullptr, &columns));
  Owned<Mat> first = linalg::make_columns(comm_of(vectors), rows, std::min(count, columns));
  {
    const LocalColumns from(vectors, LocalColumns::Access::read),
        to(first.get(), LocalColumns::Access::write);
    for (PetscInt j = 0; j < to.columns(); ++j) std::copy_n(from.column(j), rows, to.column(j));
  }
  const Owned<Mat> basis = linalg::orthonormalise(first.get());
  const LocalColumns from(basis.get(), LocalColumns::Access::read);
  std::vector<Vec> result;
  for (PetscInt j = 0; j < from.columns(); ++j) {
    Vec v = nullptr;
    LINNET_CHECK(VecCreateMPI(comm_of(vectors), rows, PETSC_DETERMINE, &v));
    std::copy_n(from.column(j), rows, io::VecWriteArray(v).data());
    result.push_back(v);
  }
  return result;
}

} // namespace linnet::coarse
