// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
// What the tests of this module share: a folder of their own, fields with known values, files as
// bytes.
#pragma once

#include <linnet/core/petsc.hpp>

#include <petscdmda.h>

#include <gtest/gtest.h>

#include <sys/resource.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <functional>
#include <string>

namespace linnet::test {

inline int rank() {
  int r = 0;
  MPI_Comm_rank(PETSC_COMM_WORLD, &r);
  return r;
}

inline int ranks() {
  int n = 1;
  MPI_Comm_size(PETSC_COMM_WORLD, &n);
  return n;
}

/// An empty folder for the running test, removed at its end.
class Scratch {
public:
  Scratch() {
    const auto* info = ::testing::UnitTest::GetInstance()->current_test_info();
    folder_ = std::string("scratch_") + info->test_suite_name() + "_" + info->name() + "_np" +
              std::to_string(ranks());
    if (rank() == 0) {
      std::filesystem::remove_all(folder_);
      std::filesystem::create_directories(folder_);
    }
    MPI_Barrier(PETSC_COMM_WORLD);
  }
  ~Scratch() {
    MPI_Barrier(PETSC_COMM_WORLD);
    if (rank() == 0) std::filesystem::remove_all(folder_);
    MPI_Barrier(PETSC_COMM_WORLD);
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  [[nodiscard]] std::string operator/(const std::string& name) const {
    return folder_ + "/" + name;
  }
  [[nodiscard]] const std::string& folder() const { return folder_; }

private:
  std::string folder_;
};

inline std::string read_bytes(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

/// Writes on rank 0; all ranks see the file afterwards.
inline void write_bytes(const std::string& path, const std::string& bytes) {
  if (rank() == 0) std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
  MPI_Barrier(PETSC_COMM_WORLD);
}

/// Files of this process may not become longer than @p bytes; the signal is an error code instead.
class FileSizeLimit {
public:
  explicit FileSizeLimit(rlim_t bytes) {
    handler_ = std::signal(SIGXFSZ, SIG_IGN);
    getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit limit{bytes, before_.rlim_max};
    setrlimit(RLIMIT_FSIZE, &limit);
  }
  ~FileSizeLimit() {
    setrlimit(RLIMIT_FSIZE, &before_);
    std::signal(SIGXFSZ, handler_);
  }
  FileSizeLimit(const FileSizeLimit&) = delete;
  FileSizeLimit& operator=(const FileSizeLimit&) = delete;

private:
  rlimit before_{};
  void (*handler_)(int);
};

/// A DMDA and one global vector of it.
class GridVec {
public:
  GridVec(int dim, PetscInt nx, PetscInt ny, PetscInt nz, PetscInt dof = 1) {
    const auto none = DM_BOUNDARY_NONE;
    if (dim == 3)
      LINNET_CHECK(DMDACreate3d(PETSC_COMM_WORLD, none, none, none, DMDA_STENCIL_STAR, nx, ny, nz,
                                PETSC_DECIDE, PETSC_DECIDE, PETSC_DECIDE, dof, 1, nullptr, nullptr,
                                nullptr, &dm));
    else
      LINNET_CHECK(DMDACreate2d(PETSC_COMM_WORLD, none, none, DMDA_STENCIL_STAR, nx, ny,
                                PETSC_DECIDE, PETSC_DECIDE, dof, 1, nullptr, nullptr, &dm));
    LINNET_CHECK(DMSetUp(dm));
    LINNET_CHECK(DMCreateGlobalVector(dm, &vec));
    LINNET_CHECK(DMDAGetInfo(dm, nullptr, &n[0], &n[1], &n[2], nullptr, nullptr, nullptr,
                             &components, nullptr, nullptr, nullptr, nullptr, nullptr));
  }
  ~GridVec() {
    static_cast<void>(VecDestroy(&vec));
    static_cast<void>(DMDestroy(&dm));
  }
  GridVec(const GridVec&) = delete;
  GridVec& operator=(const GridVec&) = delete;

  /// Calls f(natural index of the number, number) for all local numbers; may change them.
  void visit(const std::function<void(std::int64_t, double&)>& f) {
    PetscInt lo[3]{0, 0, 0}, m[3]{1, 1, 1};
    LINNET_CHECK(DMDAGetCorners(dm, &lo[0], &lo[1], &lo[2], &m[0], &m[1], &m[2]));
    PetscScalar* a = nullptr;
    LINNET_CHECK(VecGetArray(vec, &a));
    std::size_t next = 0;
    for (PetscInt k = lo[2]; k < lo[2] + m[2]; ++k)
      for (PetscInt j = lo[1]; j < lo[1] + m[1]; ++j)
        for (PetscInt i = lo[0]; i < lo[0] + m[0]; ++i)
          for (PetscInt c = 0; c < components; ++c)
            f(((std::int64_t{k} * n[1] + j) * n[0] + i) * components + c, a[next++]);
    LINNET_CHECK(VecRestoreArray(vec, &a));
  }

  DM dm = nullptr;
  Vec vec = nullptr;
  PetscInt n[3]{1, 1, 1};
  PetscInt components = 1;
};

/// Runs @p work, which must throw a core::Error on every rank; returns its text.
inline std::string error_of(const std::function<void()>& work) {
  std::string text;
  int thrown = 0;
  try {
    work();
  } catch (const core::Error& error) {
    text = error.what();
    thrown = 1;
  }
  MPI_Allreduce(MPI_IN_PLACE, &thrown, 1, MPI_INT, MPI_SUM, PETSC_COMM_WORLD);
  EXPECT_EQ(thrown, ranks()) << "the error did not reach all ranks";
  EXPECT_EQ(text.find('\n'), std::string::npos) << text;
  return text;
}

inline void expect_contains(const std::string& text, const std::string& part) {
  EXPECT_NE(text.find(part), std::string::npos) << "'" << part << "' is not in: " << text;
}

} // namespace linnet::test
