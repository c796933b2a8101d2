// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// PC boxmg as an operator: products, and what it says of itself.
#pragma once

#include "diffusion_matrix.hpp"

#include <linnet/multigrid/pc_boxmg.hpp>

#include <gtest/gtest.h>

#include <unistd.h>

#include <cmath>
#include <cstdio>
#include <string>

namespace linnet::test {

/// Everything in fp64, so that what is left is rounding of the algorithm alone.
inline void precise(PC pc) {
  LINNET_CHECK(multigrid::PCBoxMGSetPrecision(pc, multigrid::Precision::fp64));
}

/// A PC on its matrix.
class Preconditioner {
public:
  explicit Preconditioner(const DiffusionCase& c, MPI_Comm comm = PETSC_COMM_WORLD,
                          const std::function<void(PC)>& configure = precise) {
    da_ = test::make_da(comm, c);
    a_ = test::make_matrix(da_, c);
    LINNET_CHECK(PCCreate(comm, &pc_));
    LINNET_CHECK(PCSetType(pc_, "boxmg"));
    LINNET_CHECK(PCSetDM(pc_, da_));
    LINNET_CHECK(PCSetOperators(pc_, a_, a_));
    if (configure) configure(pc_);
    LINNET_CHECK(PCSetUp(pc_));
  }
  ~Preconditioner() {
    PCDestroy(&pc_);
    MatDestroy(&a_);
    DMDestroy(&da_);
  }
  Preconditioner(const Preconditioner&) = delete;
  Preconditioner& operator=(const Preconditioner&) = delete;

  [[nodiscard]] DM da() const { return da_; }
  [[nodiscard]] PC pc() const { return pc_; }
  /// x . B y
  [[nodiscard]] double product(Vec x, Vec y) const {
    Vec by;
    LINNET_CHECK(VecDuplicate(y, &by));
    LINNET_CHECK(PCApply(pc_, y, by));
    PetscScalar result;
    LINNET_CHECK(VecDot(by, x, &result));
    LINNET_CHECK(VecDestroy(&by));
    return result;
  }
  /// What PCView prints contains @p text.
  [[nodiscard]] bool shows(const std::string& text) const {
    char buffer[16384] = {};
    PetscViewer viewer;
    // Other tests run in this folder at the same time.
    const std::string name = "preconditioner_view_" + std::to_string(getpid()) + ".txt";
    LINNET_CHECK(PetscViewerASCIIOpen(PetscObjectComm(reinterpret_cast<PetscObject>(pc_)),
                                      name.c_str(), &viewer));
    LINNET_CHECK(PCView(pc_, viewer));
    LINNET_CHECK(PetscViewerDestroy(&viewer));
    bool found = false;
    if (std::FILE* file = std::fopen(name.c_str(), "r")) {
      const std::size_t size = std::fread(buffer, 1, sizeof(buffer) - 1, file);
      std::fclose(file);
      std::remove(name.c_str());
      found = std::string(buffer, size).find(text) != std::string::npos;
    }
    int any = found ? 1 : 0;
    MPI_Allreduce(MPI_IN_PLACE, &any, 1, MPI_INT, MPI_MAX, PETSC_COMM_WORLD);
    return any == 1;
  }

private:
  DM da_ = nullptr;
  Mat a_ = nullptr;
  PC pc_ = nullptr;
};

/// x . B y = y . B x and x . B x > 0 for two random vectors.
inline void expect_symmetric_and_positive(const Preconditioner& b) {
  Vec x = make_vector(b.da(), 1), y = make_vector(b.da(), 2);
  const double xx = b.product(x, x), yy = b.product(y, y);
  EXPECT_GT(xx, 0.0);
  EXPECT_GT(yy, 0.0);
  EXPECT_NEAR(b.product(x, y), b.product(y, x), 1e-12 * std::sqrt(xx * yy));
  LINNET_CHECK(VecDestroy(&x));
  LINNET_CHECK(VecDestroy(&y));
}

/// The same product on all ranks together and on each alone.
inline void expect_independent_of_ranks(const DiffusionCase& c) {
  const Preconditioner all(c), alone(c, PETSC_COMM_SELF);
  Vec x = make_vector(all.da(), 1), y = make_vector(all.da(), 2);
  Vec x1 = make_vector(alone.da(), 1), y1 = make_vector(alone.da(), 2);
  EXPECT_NEAR(all.product(x, y), alone.product(x1, y1),
              1e-11 * std::sqrt(alone.product(x1, x1) * alone.product(y1, y1)));
  for (Vec* v : {&x, &y, &x1, &y1}) LINNET_CHECK(VecDestroy(v));
}

} // namespace linnet::test
