// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/problems/diffusion/diffusion_matrix.hpp>

#include <linnet/grid/mat_stencil.hpp>

#include <cmath>
#include <cstring>

namespace linnet::problems {

namespace {

constexpr int max_entries = 2 * kernels::max_couplings + 1;

/// One row: the cells and their values, the diagonal first.
struct Row {
  int count = 0;
  core::Index3 cell[max_entries];
  double value[max_entries];
};

/// Rows of the system, rebuilt from couplings and row sum.
class Rows {
public:
  explicit Rows(const DiffusionSystem& system)
      : pattern_(system.model().pattern()),
        sum_(system.row_sum(), owned_cells(system.dm()), grid::Access::read) {
    for (Vec c : system.couplings()) {
      ghosted_.push_back(with_ghosts(system.dm(), c));
      couplings_.push_back(std::make_unique<CellArray>(
          ghosted_.back().get(), ghosted_cells(system.dm()), grid::Access::read));
    }
  }

  [[nodiscard]] Row at(int i, int j, int k) const {
    Row row;
    row.count = 1;
    row.cell[0] = {i, j, k};
    row.value[0] = sum_(i, j, k);
    for (std::size_t m = 0; m < couplings_.size(); ++m) {
      const auto o = kernels::upper_offset(pattern_, static_cast<int>(m));
      add(row, *couplings_[m], {i, j, k}, {i + o.x, j + o.y, k + o.z});
      add(row, *couplings_[m], {i - o.x, j - o.y, k - o.z}, {i - o.x, j - o.y, k - o.z});
    }
    return row;
  }

private:
  static void add(Row& row, const CellArray& c, const core::Index3& owner,
                  const core::Index3& neighbour) {
    if (!c.box().contains(owner) || !c.box().contains(neighbour)) return;
    const double coupling = c(owner[0], owner[1], owner[2]);
    row.value[0] += coupling;
    row.cell[row.count] = neighbour;
    row.value[row.count++] = -coupling;
  }

  kernels::StencilPattern pattern_;
  CellArray sum_;
  std::vector<Owned<Vec>> ghosted_;
  std::vector<std::unique_ptr<CellArray>> couplings_;
};

void insert_rows(const DiffusionSystem& system, Mat A) {
  const Rows rows(system);
  const auto& grid = system.model().grid;
  bool repeated = false; // over a short periodic direction both neighbours are one cell
  for (int d = 0; d < grid.dim; ++d) repeated |= grid.periodic[d] && grid.cells[d] <= 2;
  if (repeated) LINNET_CHECK(MatZeroEntries(A));
  visit_cells(owned_cells(system.dm()), [&](int i, int j, int k) {
    const Row row = rows.at(i, j, k);
    const MatStencil at{k, j, i, 0};
    MatStencil columns[max_entries];
    for (int e = 0; e < row.count; ++e)
      columns[e] = {row.cell[e][2], row.cell[e][1], row.cell[e][0], 0};
    LINNET_CHECK(MatSetValuesStencil(A, 1, &at, row.count, columns, row.value,
                                     repeated ? ADD_VALUES : INSERT_VALUES));
  });
  LINNET_CHECK(MatAssemblyBegin(A, MAT_FINAL_ASSEMBLY));
  LINNET_CHECK(MatAssemblyEnd(A, MAT_FINAL_ASSEMBLY));
}

} // namespace

void set_matrix(const DiffusionSystem& system, bool singular, Mat A) {
  MatType type = nullptr;
  LINNET_CHECK(MatGetType(A, &type));
  if (std::strcmp(type, MATSTENCIL) == 0)
    LINNET_CHECK(grid::MatStencilSetCouplings(A, system.model().pattern(),
                                              system.couplings().data(), system.row_sum()));
  else
    insert_rows(system, A);
  LINNET_CHECK(MatSetOption(A, MAT_SYMMETRIC, PETSC_TRUE));
  LINNET_CHECK(MatSetOption(A, MAT_SPD, singular ? PETSC_FALSE : PETSC_TRUE));
}

void multiply_absolute(const DiffusionSystem& system, Vec x, Vec y) {
  const Rows rows(system);
  const Owned<Vec> ghosted = with_ghosts(system.dm(), x);
  const CellArray from(ghosted.get(), ghosted_cells(system.dm()), grid::Access::read);
  CellArray to(y, owned_cells(system.dm()), grid::Access::write);
  visit_cells(to.box(), [&](int i, int j, int k) {
    const Row row = rows.at(i, j, k);
    double sum = 0.0;
    for (int e = 0; e < row.count; ++e) {
      const auto& c = row.cell[e];
      sum += std::abs(row.value[e] * from(c[0], c[1], c[2]));
    }
    to(i, j, k) = sum;
  });
}

CompressedSystem::CompressedSystem(const DiffusionSystem& system, Vec mask) : dm_(system.dm()) {
  number(mask);
  assemble(system);
}

void CompressedSystem::number(Vec mask) {
  const Owned<Vec> numbers = make_cell_vector(dm_, "numbers");
  const grid::IndexBox box = owned_cells(dm_);
  const MPI_Comm comm = PetscObjectComm(reinterpret_cast<PetscObject>(dm_));
  {
    const CellArray solid(mask, box, grid::Access::read);
    unknowns_ = 0;
    visit_cells(box, [&](int i, int j, int k) { unknowns_ += solid(i, j, k) < 0.5; });
    PetscInt next = 0;
    LINNET_CHECK(
        static_cast<PetscErrorCode>(MPI_Scan(&unknowns_, &next, 1, MPIU_INT, MPI_SUM, comm)));
    next -= unknowns_;
    CellArray n(numbers.get(), box, grid::Access::write);
    visit_cells(box, [&](int i, int j, int k) {
      n(i, j, k) = solid(i, j, k) < 0.5 ? static_cast<double>(next++) : -1.0;
    });
  }
  numbers_ = with_ghosts(dm_, numbers.get());
}

void CompressedSystem::assemble(const DiffusionSystem& system) {
  const MPI_Comm comm = PetscObjectComm(reinterpret_cast<PetscObject>(dm_));
  const Rows rows(system);
  const CellArray n(numbers_.get(), ghosted_cells(dm_), grid::Access::read);
  const int width = kernels::entry_count(system.model().pattern());
  Mat A = nullptr;
  LINNET_CHECK(MatCreateAIJ(comm, unknowns_, unknowns_, PETSC_DETERMINE, PETSC_DETERMINE, width,
                            nullptr, width - 1, nullptr, &A));
  matrix_.reset(A);
  LINNET_CHECK(MatSetOption(A, MAT_NEW_NONZERO_ALLOCATION_ERR, PETSC_FALSE));
  visit_cells(owned_cells(dm_), [&](int i, int j, int k) {
    const auto at = static_cast<PetscInt>(n(i, j, k));
    if (at < 0) return;
    const Row row = rows.at(i, j, k);
    PetscInt columns[max_entries];
    double values[max_entries];
    PetscInt count = 0;
    for (int e = 0; e < row.count; ++e) {
      const auto& c = row.cell[e];
      if (e > 0 && row.value[e] == 0.0) continue;
      columns[count] = static_cast<PetscInt>(n(c[0], c[1], c[2]));
      values[count++] = row.value[e];
    }
    LINNET_CHECK(MatSetValues(A, 1, &at, count, columns, values, ADD_VALUES));
  });
  LINNET_CHECK(MatAssemblyBegin(A, MAT_FINAL_ASSEMBLY));
  LINNET_CHECK(MatAssemblyEnd(A, MAT_FINAL_ASSEMBLY));
  LINNET_CHECK(MatSetOption(A, MAT_SYMMETRIC, PETSC_TRUE));
}

Owned<Vec> CompressedSystem::make_vector() const {
  Vec v = nullptr;
  LINNET_CHECK(MatCreateVecs(matrix_.get(), &v, nullptr));
  return Owned<Vec>(v);
}

void CompressedSystem::compress(Vec full, Vec packed) const {
  const grid::IndexBox line{{0, 0, 0}, {static_cast<int>(unknowns_), 1, 1}};
  const CellArray n(numbers_.get(), ghosted_cells(dm_), grid::Access::read);
  const CellArray from(full, owned_cells(dm_), grid::Access::read);
  CellArray to(packed, line, grid::Access::write);
  int place = 0;
  visit_cells(owned_cells(dm_), [&](int i, int j, int k) {
    if (n(i, j, k) >= 0.0) to(place++, 0, 0) = from(i, j, k);
  });
}

void CompressedSystem::expand(Vec packed, Vec full) const {
  const grid::IndexBox line{{0, 0, 0}, {static_cast<int>(unknowns_), 1, 1}};
  const CellArray n(numbers_.get(), ghosted_cells(dm_), grid::Access::read);
  const CellArray from(packed, line, grid::Access::read);
  CellArray to(full, owned_cells(dm_), grid::Access::read_write);
  int place = 0;
  visit_cells(owned_cells(dm_), [&](int i, int j, int k) {
    if (n(i, j, k) >= 0.0) to(i, j, k) = from(place++, 0, 0);
  });
}

} // namespace linnet::problems
