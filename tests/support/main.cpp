// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
// The main of every unit test: one GoogleTest run per rank, one verdict for all of them.
#include "leak_check.hpp"

#include <linnet/core/kokkos_session.hpp>
#include <linnet/registry/register.hpp>

#include <gtest/gtest.h>

#include <cstdio>

namespace {

/// What fails on another rank than the first, which prints everything of its own.
class FailuresOfRank : public ::testing::EmptyTestEventListener {
public:
  explicit FailuresOfRank(int rank) : rank_(rank) {}

private:
  void OnTestPartResult(const ::testing::TestPartResult& result) override {
    if (result.failed())
      std::fprintf(stderr, "%s:%d: Failure on rank %d\n%s\n",
                   result.file_name() != nullptr ? result.file_name() : "", result.line_number(),
                   rank_, result.message());
  }

  int rank_;
};

} // namespace

int main(int argc, char** argv) {
  ::testing::InitGoogleTest(&argc, argv);
  {
    const linnet::tests::NoLeakCheck start;
    if (PetscInitialize(&argc, &argv, nullptr, nullptr) != 0) return 1;
  }
  int failed = 1;
  if (LinnetInitialize() == 0 && linnet::core::ensure_kokkos() == 0) {
    PetscMPIInt rank;
    MPI_Comm_rank(PETSC_COMM_WORLD, &rank);
    auto& listeners = ::testing::UnitTest::GetInstance()->listeners();
    if (rank != 0) {
      delete listeners.Release(listeners.default_result_printer());
      listeners.Append(new FailuresOfRank(rank));
    }
    failed = RUN_ALL_TESTS();
  }
  linnet::tests::check_leaks();
  MPI_Allreduce(MPI_IN_PLACE, &failed, 1, MPI_INT, MPI_MAX, PETSC_COMM_WORLD);
  if (PetscFinalize() != 0) failed = 1;
  return failed;
}
