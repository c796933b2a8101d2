// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
// Grids of cells for the tests of problems/, and what they hold gathered on every rank.
#pragma once

#include <linnet/problems/cells/cell_values.hpp>

#include <gtest/gtest.h>

#include <cstring>
#include <string>
#include <vector>

namespace linnet::test {

/// A DMDA of cells with one vector; parts = PETSC_DECIDE unless given.
struct Cells {
  explicit Cells(const core::Index3& n, std::array<bool, 3> periodic = {},
                 const core::Index3& parts = {PETSC_DECIDE, PETSC_DECIDE, PETSC_DECIDE},
                 int dim = 0) {
    const auto type = [&](int d) { return periodic[d] ? DM_BOUNDARY_PERIODIC : DM_BOUNDARY_NONE; };
    if (dim == 0) dim = n[2] > 1 ? 3 : 2;
    if (dim == 2)
      LINNET_CHECK(DMDACreate2d(PETSC_COMM_WORLD, type(0), type(1), DMDA_STENCIL_STAR, n[0], n[1],
                                parts[0], parts[1], 1, 1, nullptr, nullptr, &da));
    else
      LINNET_CHECK(DMDACreate3d(PETSC_COMM_WORLD, type(0), type(1), type(2), DMDA_STENCIL_STAR,
                                n[0], n[1], n[2], parts[0], parts[1], parts[2], 1, 1, nullptr,
                                nullptr, nullptr, &da));
    LINNET_CHECK(DMSetUp(da));
    LINNET_CHECK(DMCreateGlobalVector(da, &vec));
    grid = problems::CellGrid::of(da);
  }
  Cells(const Cells&) = delete;
  Cells& operator=(const Cells&) = delete;
  ~Cells() {
    static_cast<void>(VecDestroy(&vec));
    static_cast<void>(DMDestroy(&da));
  }

  /// vec = of(i,j,k).
  template <class Function>
  void set(Function of) {
    problems::CellValues v(vec);
    std::ptrdiff_t place = 0;
    problems::visit_cells(grid.box, [&](int i, int j, int k) { v[place++] = of(i, j, k); });
  }

  /// All values in natural order, on every rank.
  [[nodiscard]] std::vector<double> all() const {
    std::vector<double> values(static_cast<std::size_t>(core::volume(grid.cells)), 0.0);
    {
      const problems::ConstCellValues v(vec);
      std::ptrdiff_t place = 0;
      problems::visit_cells(grid.box, [&](int i, int j, int k) {
        values[static_cast<std::size_t>(grid.natural_index(i, j, k))] = v[place++];
      });
    }
    MPI_Allreduce(MPI_IN_PLACE, values.data(), static_cast<int>(values.size()), MPI_DOUBLE, MPI_SUM,
                  PETSC_COMM_WORLD);
    return values;
  }

  DM da = nullptr;
  Vec vec = nullptr;
  problems::CellGrid grid;
};

/// FNV-1a over the bits.
inline std::uint64_t hash(const std::vector<double>& values) {
  std::uint64_t h = 14695981039346656037ull;
  for (const double v : values) {
    std::uint64_t bits;
    std::memcpy(&bits, &v, sizeof bits);
    h = (h ^ bits) * 1099511628211ull;
  }
  return h;
}

inline int rank_count() {
  int ranks;
  MPI_Comm_size(PETSC_COMM_WORLD, &ranks);
  return ranks;
}

/// The message of the core::Error that @p work throws; empty if it throws none.
template <class Work>
std::string message_of(Work work) {
  try {
    work();
  } catch (const core::Error& error) {
    return error.what();
  }
  return {};
}

inline std::string& last_petsc_message() {
  static std::string text;
  return text;
}

inline PetscErrorCode remember_petsc_message(MPI_Comm, int, const char*, const char*,
                                             PetscErrorCode code, PetscErrorType type,
                                             const char* text, void*) {
  if (type == PETSC_ERROR_INITIAL && text) last_petsc_message() = text;
  return code;
}

/// The message of the PETSc error that @p work returns; empty if it succeeds. Nothing is printed.
template <class Work>
std::string petsc_message_of(Work work) {
  last_petsc_message().clear();
  LINNET_CHECK(PetscPushErrorHandler(remember_petsc_message, nullptr));
  const PetscErrorCode ierr = work();
  LINNET_CHECK(PetscPopErrorHandler());
  return ierr == 0 ? std::string() : last_petsc_message();
}

/// One clear line that says @p part.
inline void expect_line(const std::string& message, const std::string& part) {
  EXPECT_NE(message.find(part), std::string::npos) << "message: " << message;
  EXPECT_EQ(message.find('\n'), std::string::npos) << message;
}

} // namespace linnet::test
