// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
// Samples mixed from Ritz vectors: norm, weights, seeds, ranks and the equation they obey.
#include "../linalg/box_laplacian.hpp"
#include "cell_grid_fixture.hpp"

#include <linnet/problems/samples/ritz_samples.hpp>

#include <cmath>

using namespace linnet;
using core::Owned;
using linalg::Lanczos;
using problems::RitzSampleOptions;
using problems::RitzSamples;
using test::BoxLaplacian;

namespace {

constexpr std::array<PetscInt, 3> sides{9, 8, 7};

struct Basis {
  BoxLaplacian box;
  Owned<Vec> start;
  Lanczos pairs;

  Basis(MPI_Comm comm, PetscInt steps, std::uint64_t seed = 1)
      : box(comm, sides), start(box.vector()), pairs(make(steps, seed)) {}

  Lanczos make(PetscInt steps, std::uint64_t seed) {
    problems::ritz_start_vector(box.cells.get(), box.A.get(), nullptr, seed, start.get());
    return {box.A.get(), start.get(), {.steps = steps}};
  }
  [[nodiscard]] Owned<Vec> sample(std::uint64_t number,
                                  const RitzSampleOptions& options = {}) const {
    auto b = box.vector();
    RitzSamples(pairs, options).right_hand_side(number, b.get());
    return b;
  }
};

double norm(Vec v) {
  PetscReal length = 0.0;
  LINNET_CHECK(VecNorm(v, NORM_2, &length));
  return length;
}

double difference(Vec a, Vec b) {
  Vec d = nullptr;
  LINNET_CHECK(VecDuplicate(a, &d));
  const Owned<Vec> owned(d);
  LINNET_CHECK(VecWAXPY(d, -1.0, a, b));
  return norm(d);
}

/// In natural order, on every rank of @p comm.
std::vector<double> gathered(MPI_Comm comm, DM cells, Vec v) {
  const auto grid = problems::CellGrid::of(cells);
  std::vector<double> all(static_cast<std::size_t>(core::volume(grid.cells)), 0.0);
  {
    const problems::ConstCellValues values(v);
    std::ptrdiff_t place = 0;
    problems::visit_cells(grid.box, [&](int i, int j, int k) {
      all[static_cast<std::size_t>(grid.natural_index(i, j, k))] = values[place++];
    });
  }
  MPI_Allreduce(MPI_IN_PLACE, all.data(), static_cast<int>(all.size()), MPI_DOUBLE, MPI_SUM, comm);
  return all;
}

} // namespace

TEST(RitzSamples, HaveNormOne) {
  const Basis basis(PETSC_COMM_WORLD, 80);
  for (std::uint64_t s = 0; s < 8; ++s) EXPECT_NEAR(norm(basis.sample(s).get()), 1.0, 1e-13);
}

// Against weight 1 for all, the same draw: the quotient of the products with q_j falls by the
// weight at one index, and is constant on both sides of it.
TEST(RitzSamples, LowerPairsHaveNineTimesTheWeight) {
  const Basis basis(PETSC_COMM_WORLD, 80);
  const RitzSamples samples(basis.pairs, {});
  ASSERT_EQ(samples.dropped(), 0);
  EXPECT_EQ(samples.low_end(), 44); // 40 + 80 / 20
  const auto b = basis.sample(3), flat = basis.sample(3, {.low_weight = 1.0});
  auto q = basis.box.vector();
  std::vector<double> quotient;
  for (PetscInt j = 0; j < 80; ++j) {
    basis.pairs.ritz_vector(j, q.get());
    PetscScalar weighted = 0.0, plain = 0.0;
    LINNET_CHECK(VecDot(q.get(), b.get(), &weighted));
    LINNET_CHECK(VecDot(q.get(), flat.get(), &plain));
    quotient.push_back(weighted / plain);
  }
  for (std::size_t j = 0; j < 80; ++j)
    EXPECT_NEAR(quotient[j] / quotient[79], j < 44 ? 9.0 : 1.0, 1e-10) << j;
}

// 4000 draws of variance 1: their mean square strays by sqrt(2 / 4000) = 0.022, their mean by
// 0.016; four times that.
TEST(RitzSamples, CoefficientsAreNormal) {
  const Basis basis(PETSC_COMM_WORLD, 40);
  const RitzSamples samples(basis.pairs, {.low_weight = 1.0});
  double mean = 0.0, fourth = 0.0;
  for (std::uint64_t s = 0; s < 100; ++s)
    for (const double d : samples.coefficients(s)) {
      const double c = d * std::sqrt(40.0);
      mean += c / 4000.0;
      fourth += c * c * c * c / 4000.0;
    }
  EXPECT_NEAR(mean, 0.0, 0.064);
  // On a sphere in n dimensions the fourth moment is 3 n / (n + 2); it strays by sqrt(96 / 4000).
  EXPECT_NEAR(fourth, 120.0 / 42.0, 4.0 * 0.155);
}

TEST(RitzSamples, SeedAndNumberGiveTheSample) {
  const Basis basis(PETSC_COMM_WORLD, 40), again(PETSC_COMM_WORLD, 40),
      other(PETSC_COMM_WORLD, 40, 2);
  const auto b = basis.sample(7, {.seed = 4});
  EXPECT_EQ(difference(b.get(), again.sample(7, {.seed = 4}).get()), 0.0);
  EXPECT_GT(difference(b.get(), basis.sample(8, {.seed = 4}).get()), 0.5);
  EXPECT_GT(difference(b.get(), basis.sample(7, {.seed = 5}).get()), 0.5);
  EXPECT_GT(difference(b.get(), other.sample(7, {.seed = 4}).get()), 0.1);
}

// Each rank alone against all of them together. Rounding reaches w_(k+1) from w_k through the
// three-term recursion, by the factor (|A| + beta) / beta of about 5 in the worst case; yet as long
// as no Ritz value has converged (none has after 30 steps) errors follow the recursion's bounded
// solutions, and their sum grows with a power of k: of 1e-16 k^2 = 1e-13 at k = 30.
TEST(RitzSamples, AreTheSameOnAnyRanks) {
  const Basis alone(PETSC_COMM_SELF, 30), all(PETSC_COMM_WORLD, 30);
  for (std::uint64_t s = 0; s < 4; ++s) {
    const auto one = gathered(PETSC_COMM_SELF, alone.box.cells.get(), alone.sample(s).get());
    const auto many = gathered(PETSC_COMM_WORLD, all.box.cells.get(), all.sample(s).get());
    double square = 0.0;
    for (std::size_t c = 0; c < one.size(); ++c) square += (one[c] - many[c]) * (one[c] - many[c]);
    EXPECT_LE(std::sqrt(square), 1e-12);
  }
}

TEST(RitzSamples, SolutionIsThatOfTheProjectedEquation) {
  const Basis basis(PETSC_COMM_WORLD, 40);
  const RitzSamples samples(basis.pairs, {});
  const auto b = basis.sample(2);
  auto e = basis.box.vector(), r = basis.box.vector(), w = basis.box.vector();
  samples.solution(2, e.get());
  LINNET_CHECK(MatMult(basis.box.A.get(), e.get(), r.get()));
  LINNET_CHECK(VecAXPY(r.get(), -1.0, b.get()));
  EXPECT_GT(norm(r.get()), 1e-6); // the space is not invariant
  // |e| is up to 1 / theta_1, about 3 here, and |A| 12.
  for (PetscInt k = 0; k < 40; ++k) {
    basis.pairs.basis_vector(k, w.get());
    PetscScalar part = 0.0;
    LINNET_CHECK(VecDot(w.get(), r.get(), &part));
    EXPECT_NEAR(part, 0.0, 1e-12);
  }
}

TEST(RitzSamples, ManyAtOnceAreThoseOneByOne) {
  const Basis basis(PETSC_COMM_WORLD, 40);
  const RitzSamples samples(basis.pairs, {});
  const auto rows = static_cast<std::size_t>(basis.pairs.rows());
  std::vector<double> b(3 * rows), e(3 * rows);
  samples.right_hand_sides(5, 3, b.data());
  samples.solutions(5, 3, e.data());
  auto v = basis.box.vector();
  for (std::size_t s = 0; s < 3; ++s)
    for (const bool error : {false, true}) {
      if (error)
        samples.solution(5 + s, v.get());
      else
        samples.right_hand_side(5 + s, v.get());
      const problems::ConstCellValues values(v.get());
      const auto& many = error ? e : b;
      for (std::size_t row = 0; row < rows; ++row)
        EXPECT_NEAR(values[std::ptrdiff_t(row)], many[row + rows * s], 1e-13);
    }
}

// A singular matrix (one pair at 0 once the start vector has a part along it) whose space is
// invariant: the pair is left out, and A e = b holds in full.
TEST(RitzSamples, NullSpaceIsLeftOut) {
  test::Cells cells({6, 5, 4});
  Mat matrix = nullptr;
  LINNET_CHECK(DMCreateMatrix(cells.da, &matrix));
  const Owned<Mat> A(matrix);
  cells.set([](int i, int j, int) { return double((i + 2 * j) % 5); });
  LINNET_CHECK(MatDiagonalSet(matrix, cells.vec, INSERT_VALUES));
  Vec ones = nullptr, b = nullptr, e = nullptr;
  for (Vec* v : {&ones, &b, &e}) LINNET_CHECK(VecDuplicate(cells.vec, v));
  const Owned<Vec> start(ones), right(b), solution(e);
  LINNET_CHECK(VecSet(ones, 1.0));
  const Lanczos pairs(matrix, ones, {.steps = 20});
  ASSERT_TRUE(pairs.invariant());
  ASSERT_EQ(pairs.size(), 5);
  const RitzSamples samples(pairs, {});
  EXPECT_EQ(samples.dropped(), 1);
  EXPECT_EQ(samples.low_end(), 4); // 1 + round(0.55 * 5)
  samples.right_hand_side(0, b);
  samples.solution(0, e);
  EXPECT_NEAR(norm(b), 1.0, 1e-13);
  LINNET_CHECK(MatMult(matrix, e, ones));
  EXPECT_LE(difference(ones, b), 1e-12);
  // A w has no part along the null vectors, and none in masked cells.
  cells.set([](int i, int, int) { return i < 2 ? 1.0 : 0.0; });
  problems::ritz_start_vector(cells.da, matrix, nullptr, 1, ones);
  problems::ritz_start_vector(cells.da, matrix, cells.vec, 1, e);
  const problems::ConstCellValues open(ones), masked(e);
  EXPECT_NEAR(norm(ones), 1.0, 1e-14);
  problems::visit_cells(cells.grid.box, [&](int i, int j, int k) {
    const auto c = cells.grid.local_index(i, j, k);
    const bool null = (i + 2 * j) % 5 == 0;
    EXPECT_EQ(open[c] == 0.0, null);
    EXPECT_EQ(masked[c] == 0.0, null || i < 2);
  });
}

TEST(RitzSamples, WrongInputIsRefused) {
  const Basis basis(PETSC_COMM_WORLD, 5);
  const auto message = [&](const RitzSampleOptions& o) {
    return test::message_of([&] { RitzSamples(basis.pairs, o); });
  };
  test::expect_line(message({.drop = 1.0}), "drop must be");
  test::expect_line(message({.low_part = -0.1}), "low_part must be");
  test::expect_line(message({.low_weight = 0.0}), "low_weight must be");
  LINNET_CHECK(MatScale(basis.box.A.get(), -1.0));
  const Lanczos negative(basis.box.A.get(), basis.start.get(), {.steps = 5});
  test::expect_line(test::message_of([&] { RitzSamples(negative, {}); }), "positive semidefinite");
}
