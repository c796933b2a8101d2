// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include "mat_stencil_case.hpp"

#include <linnet/grid/point_numbering.hpp>

#include <gtest/gtest.h>
#include <petsc/private/matimpl.h>

#include <cmath>
#include <limits>
#include <map>
#include <string>

using namespace linnet;
using namespace linnet::test;
using core::Index3;
using grid::MatStencilGetData;
using kernels::StencilPattern;

namespace {

/// The same operator by definition, entry by entry, from the documented form of the operator.
Mat reference_of(Mat A) {
  const grid::StencilData* data;
  LINNET_CHECK(MatStencilGetData(A, &data));
  const grid::PointNumbering numbering(data->partition);
  PetscMPIInt rank;
  MPI_Comm_rank(PETSC_COMM_WORLD, &rank);
  const auto box = data->partition.box(rank);
  const Index3 total = data->partition.points();
  PetscInt n, N;
  LINNET_CHECK(MatGetLocalSize(A, &n, nullptr));
  LINNET_CHECK(MatGetSize(A, &N, nullptr));
  Mat R;
  LINNET_CHECK(MatCreateAIJ(PETSC_COMM_WORLD, n, n, N, N, 30, nullptr, 30, nullptr, &R));
  LINNET_CHECK(MatSetOption(R, MAT_NEW_NONZERO_ALLOCATION_ERR, PETSC_FALSE));
  auto add = [&](PetscInt r, PetscInt c, double v) {
    LINNET_CHECK(MatSetValue(R, r, c, v, ADD_VALUES));
  };
  for (int k = box.lo[2]; k < box.hi[2]; ++k)
    for (int j = box.lo[1]; j < box.hi[1]; ++j)
      for (int i = box.lo[0]; i < box.hi[0]; ++i) {
        const PetscInt row = numbering.index({i, j, k});
        const auto at = data->row_sum.layout(i - box.lo[0], j - box.lo[1], k - box.lo[2]);
        add(row, row, data->row_sum.values(at));
        for (std::size_t m = 0; m < data->couplings.size(); ++m) {
          const auto o = kernels::upper_offset(data->pattern, static_cast<int>(m));
          Index3 q{i + o.x, j + o.y, k + o.z};
          bool inside = true;
          for (int d = 0; d < 3; ++d) {
            inside = inside && (data->partition.periodic()[d] || (q[d] >= 0 && q[d] < total[d]));
            q[d] = (q[d] + total[d]) % total[d];
          }
          if (!inside) continue;
          const PetscInt column = numbering.index(q);
          const double c = data->couplings[m].values(at);
          add(row, row, c), add(column, column, c), add(row, column, -c), add(column, row, -c);
        }
      }
  LINNET_CHECK(MatAssemblyBegin(R, MAT_FINAL_ASSEMBLY));
  LINNET_CHECK(MatAssemblyEnd(R, MAT_FINAL_ASSEMBLY));
  return R;
}

double distance(Vec a, Vec b) {
  PetscReal norm;
  LINNET_CHECK(VecAXPY(a, -1.0, b));
  LINNET_CHECK(VecNorm(a, NORM_INFINITY, &norm));
  return norm;
}

double mult_difference(DM da, Mat A, Mat B, bool transpose = false) {
  Vec x = point_vec(da, 7, -1.0, 1.0), y, z;
  LINNET_CHECK(VecDuplicate(x, &y));
  LINNET_CHECK(VecDuplicate(x, &z));
  LINNET_CHECK((transpose ? MatMultTranspose : MatMult)(A, x, y));
  LINNET_CHECK((transpose ? MatMultTranspose : MatMult)(B, x, z));
  const double d = distance(y, z);
  LINNET_CHECK(VecDestroy(&x));
  LINNET_CHECK(VecDestroy(&y));
  LINNET_CHECK(VecDestroy(&z));
  return d;
}

/// Largest difference of the rows, read one by one, columns included.
double row_difference(Mat A, Mat B) {
  PetscInt first, last;
  LINNET_CHECK(MatGetOwnershipRange(A, &first, &last));
  double worst = 0.0;
  for (PetscInt r = first; r < last; ++r) {
    PetscInt na, nb;
    const PetscInt *ca, *cb;
    const PetscScalar *va, *vb;
    LINNET_CHECK(MatGetRow(A, r, &na, &ca, &va));
    LINNET_CHECK(MatGetRow(B, r, &nb, &cb, &vb));
    std::map<PetscInt, double> row;
    for (PetscInt e = 0; e < na; ++e) row[ca[e]] += va[e];
    for (PetscInt e = 1; e < na; ++e)
      if (ca[e] <= ca[e - 1]) worst = std::numeric_limits<double>::infinity();
    for (PetscInt e = 0; e < nb; ++e) row[cb[e]] -= vb[e];
    for (const auto& [c, v] : row) worst = std::max(worst, std::abs(v));
    LINNET_CHECK(MatRestoreRow(A, r, &na, &ca, &va));
    LINNET_CHECK(MatRestoreRow(B, r, &nb, &cb, &vb));
  }
  return worst;
}

double diagonal_difference(DM da, Mat A, Mat B) {
  Vec a, b;
  LINNET_CHECK(DMCreateGlobalVector(da, &a));
  LINNET_CHECK(VecDuplicate(a, &b));
  LINNET_CHECK(MatGetDiagonal(A, a));
  LINNET_CHECK(MatGetDiagonal(B, b));
  const double d = distance(a, b);
  LINNET_CHECK(VecDestroy(&a));
  LINNET_CHECK(VecDestroy(&b));
  return d;
}

void expect_norms_equal(Mat A, Mat B) {
  for (const NormType type : {NORM_1, NORM_INFINITY, NORM_FROBENIUS}) {
    PetscReal a, b;
    LINNET_CHECK(MatNorm(A, type, &a));
    LINNET_CHECK(MatNorm(B, type, &b));
    EXPECT_NEAR(a, b, 1e-12 * b);
  }
}

void expect_equal(DM da, Mat A, Mat B) {
  EXPECT_LT(mult_difference(da, A, B), 1e-12);
  EXPECT_LT(mult_difference(da, A, B, true), 1e-12);
  EXPECT_LT(row_difference(A, B), 1e-13);
  EXPECT_LT(diagonal_difference(da, A, B), 1e-12);
  expect_norms_equal(A, B);
}

/// A nonsymmetric operator by the calls of a user: rows of the whole pattern by
/// MatSetValuesStencil, then additions, some of them to rows of other ranks.
void fill_like_a_user(DM da, Mat A, const Case& c, bool remote) {
  PetscInt x, y, z, nx, ny, nz;
  LINNET_CHECK(DMDAGetCorners(da, &x, &y, &z, &nx, &ny, &nz));
  for (const InsertMode mode : {INSERT_VALUES, ADD_VALUES}) {
    for (PetscInt k = z; k < z + nz; ++k)
      for (PetscInt j = y; j < y + ny; ++j)
        for (PetscInt i = x; i < x + nx; ++i)
          for (int m = 0; m < 2 * kernels::coupling_count(c.pattern); ++m) {
            auto o = kernels::upper_offset(c.pattern, m / 2);
            if (m % 2) o = {-o.x, -o.y, -o.z};
            const PetscInt q[3] = {i + o.x, j + o.y, k + o.z};
            bool inside = true;
            for (int d = 0; d < 3; ++d)
              inside = inside && (c.periodic[d] || (q[d] >= 0 && q[d] < c.points[d]));
            if (!inside) continue;
            MatStencil row{}, columns[2] = {};
            row.i = i, row.j = j, row.k = k;
            columns[0] = row;
            columns[1].i = q[0], columns[1].j = q[1], columns[1].k = q[2];
            const double f = 1.0 + 0.01 * i + 0.1 * j + 0.3 * k + 0.05 * m;
            const PetscScalar v[2] = {mode == INSERT_VALUES ? 9.0 : f, -f};
            LINNET_CHECK(MatSetValuesStencil(A, 1, &row, 2, columns, v, mode));
            if (remote && mode == ADD_VALUES)
              LINNET_CHECK(MatSetValuesStencil(A, 1, &columns[1], 1, &row, v, mode));
          }
    LINNET_CHECK(
        MatAssemblyBegin(A, mode == INSERT_VALUES ? MAT_FLUSH_ASSEMBLY : MAT_FINAL_ASSEMBLY));
    LINNET_CHECK(
        MatAssemblyEnd(A, mode == INSERT_VALUES ? MAT_FLUSH_ASSEMBLY : MAT_FINAL_ASSEMBLY));
  }
}

/// A pair of matrices of both types filled by the same calls.
struct Pair {
  Mat stencil, aij;
  Pair(DM da, const Case& c, bool remote)
      : stencil(make_mat(da, MATSTENCIL)), aij(make_mat(da, MATAIJ)) {
    LINNET_CHECK(MatSetOption(aij, MAT_NEW_NONZERO_ALLOCATION_ERR, PETSC_FALSE));
    fill_like_a_user(da, stencil, c, remote);
    fill_like_a_user(da, aij, c, remote);
  }
  ~Pair() {
    (void)MatDestroy(&stencil);
    (void)MatDestroy(&aij);
  }
};

} // namespace

TEST(MatStencil, SymmetricModeIsTheDocumentedOperator) {
  for_cases([](const Case& c, DM da) {
    Mat A = random_symmetric(da, c.pattern), R = reference_of(A), B;
    expect_equal(da, A, R);
    for (const char* type : {MATAIJ, MATDENSE}) {
      LINNET_CHECK(MatConvert(A, type, MAT_INITIAL_MATRIX, &B));
      EXPECT_LT(mult_difference(da, B, R), 1e-12) << type;
      LINNET_CHECK(MatDestroy(&B));
    }
    LINNET_CHECK(MatDestroy(&A));
    LINNET_CHECK(MatDestroy(&R));
  });
}

TEST(MatStencil, GeneralModeEqualsAijFilledByTheSameCalls) {
  for_cases([](const Case& c, DM da) {
    for (const bool remote : {false, true}) {
      const Pair p(da, c, remote);
      const grid::StencilData* data;
      LINNET_CHECK(MatStencilGetData(p.stencil, &data));
      EXPECT_EQ(data, nullptr);
      expect_equal(da, p.stencil, p.aij);
    }
  });
}

TEST(MatStencil, AddsToASymmetricMatrixByMakingItGeneral) {
  for_cases([](const Case& c, DM da) {
    Mat A = random_symmetric(da, c.pattern), B;
    LINNET_CHECK(MatConvert(A, MATAIJ, MAT_INITIAL_MATRIX, &B));
    PetscInt first, last;
    LINNET_CHECK(MatGetOwnershipRange(A, &first, &last));
    for (Mat M : {A, B}) {
      // Only the first rank adds, also to a row of the last.
      PetscInt N;
      LINNET_CHECK(MatGetSize(M, &N, nullptr));
      LINNET_CHECK(MatSetOption(M, MAT_NO_OFF_PROC_ENTRIES, PETSC_FALSE));
      if (first == 0) {
        LINNET_CHECK(MatSetValue(M, 0, 0, 2.5, ADD_VALUES));
        LINNET_CHECK(MatSetValue(M, N - 1, N - 1, 1.5, ADD_VALUES));
      }
      LINNET_CHECK(MatAssemblyBegin(M, MAT_FINAL_ASSEMBLY));
      LINNET_CHECK(MatAssemblyEnd(M, MAT_FINAL_ASSEMBLY));
    }
    expect_equal(da, A, B);
    LINNET_CHECK(MatDestroy(&A));
    LINNET_CHECK(MatDestroy(&B));
  });
}

TEST(MatStencil, ProductsWithAdditionAndResidual) {
  for_cases([](const Case& c, DM da) {
    Mat A = random_symmetric(da, c.pattern), R = reference_of(A);
    Vec x = point_vec(da, 8, -1, 1), b = point_vec(da, 9, -1, 1), y, z;
    LINNET_CHECK(VecDuplicate(x, &y));
    LINNET_CHECK(VecDuplicate(x, &z));
    LINNET_CHECK(MatMultAdd(A, x, b, y));
    LINNET_CHECK(MatMultAdd(R, x, b, z));
    EXPECT_LT(distance(y, z), 1e-12);
    LINNET_CHECK(VecCopy(b, y));
    LINNET_CHECK(MatMultAdd(A, x, y, y));
    LINNET_CHECK(MatMultAdd(R, x, b, z));
    EXPECT_LT(distance(y, z), 1e-12) << "in place";
    LINNET_CHECK(MatResidual(A, b, x, y));
    LINNET_CHECK(MatResidual(R, b, x, z));
    EXPECT_LT(distance(y, z), 1e-12);
    for (Vec v : {x, b, y, z}) LINNET_CHECK(VecDestroy(&v));
    LINNET_CHECK(MatDestroy(&A));
    LINNET_CHECK(MatDestroy(&R));
  });
}

TEST(MatStencil, ChangesOfTheWholeMatrix) {
  for_cases([](const Case& c, DM da) {
    for (const bool general : {false, true}) {
      Mat A = make_mat(da, MATSTENCIL);
      if (general) {
        fill_like_a_user(da, A, c, false);
      } else {
        LINNET_CHECK(MatDestroy(&A));
        A = random_symmetric(da, c.pattern);
      }
      Mat B, copy;
      LINNET_CHECK(MatConvert(A, MATAIJ, MAT_INITIAL_MATRIX, &B));
      Vec d = point_vec(da, 11, 1.0, 2.0);
      for (Mat M : {A, B}) {
        LINNET_CHECK(MatScale(M, -1.5));
        LINNET_CHECK(MatShift(M, 0.75));
        LINNET_CHECK(MatDiagonalSet(M, d, ADD_VALUES));
      }
      expect_equal(da, A, B);
      LINNET_CHECK(MatDuplicate(A, MAT_COPY_VALUES, &copy));
      LINNET_CHECK(MatDiagonalSet(A, d, INSERT_VALUES));
      expect_equal(da, copy, B);
      LINNET_CHECK(MatDiagonalSet(B, d, INSERT_VALUES));
      expect_equal(da, A, B);
      LINNET_CHECK(MatCopy(A, copy, SAME_NONZERO_PATTERN));
      expect_equal(da, copy, B);
      LINNET_CHECK(MatZeroEntries(A));
      PetscReal norm;
      LINNET_CHECK(MatNorm(A, NORM_FROBENIUS, &norm));
      EXPECT_EQ(norm, 0.0);
      LINNET_CHECK(VecDestroy(&d));
      for (Mat M : {A, B, copy}) LINNET_CHECK(MatDestroy(&M));
    }
  });
}

// In all four pairings of the two modes, against the same sum of AIJ matrices.
TEST(MatStencil, SumsOfMatrices) {
  for_cases([](const Case& c, DM da) {
    for (const int modes : {0, 1, 2, 3}) {
      Mat M[2], aij[2];
      for (const int n : {0, 1}) {
        if (modes >> n & 1) {
          M[n] = make_mat(da, MATSTENCIL);
          fill_like_a_user(da, M[n], c, false);
        } else {
          M[n] = random_symmetric(da, c.pattern);
        }
        LINNET_CHECK(MatConvert(M[n], MATAIJ, MAT_INITIAL_MATRIX, &aij[n]));
      }
      LINNET_CHECK(MatAXPY(M[0], -0.375, M[1], DIFFERENT_NONZERO_PATTERN));
      LINNET_CHECK(MatAXPY(aij[0], -0.375, aij[1], DIFFERENT_NONZERO_PATTERN));
      expect_equal(da, M[0], aij[0]);
      LINNET_CHECK(MatAYPX(M[0], 0.5, M[1], DIFFERENT_NONZERO_PATTERN));
      LINNET_CHECK(MatAYPX(aij[0], 0.5, aij[1], DIFFERENT_NONZERO_PATTERN));
      expect_equal(da, M[0], aij[0]);
      for (Mat* m : {&M[0], &M[1], &aij[0], &aij[1]}) LINNET_CHECK(MatDestroy(m));
    }
  });
}

TEST(MatStencil, CopiesIntoADuplicateWithoutValues) {
  for_cases([](const Case& c, DM da) {
    Mat A = random_symmetric(da, c.pattern), B;
    LINNET_CHECK(MatDuplicate(A, MAT_DO_NOT_COPY_VALUES, &B));
    LINNET_CHECK(MatCopy(A, B, SAME_NONZERO_PATTERN));
    PetscBool assembled;
    PetscReal norms[2];
    LINNET_CHECK(MatAssembled(B, &assembled));
    EXPECT_TRUE(assembled);
    LINNET_CHECK(MatNorm(A, NORM_FROBENIUS, &norms[0]));
    LINNET_CHECK(MatNorm(B, NORM_FROBENIUS, &norms[1]));
    EXPECT_EQ(norms[0], norms[1]);
    for (Mat* m : {&A, &B}) LINNET_CHECK(MatDestroy(m));
  });
}

TEST(MatStencil, GivesSubmatrices) {
  for_cases([](const Case& c, DM da) {
    Mat A = random_symmetric(da, c.pattern), B, part, wanted;
    LINNET_CHECK(MatConvert(A, MATAIJ, MAT_INITIAL_MATRIX, &B));
    PetscInt first, last;
    LINNET_CHECK(MatGetOwnershipRange(A, &first, &last));
    IS half;
    LINNET_CHECK(ISCreateStride(PETSC_COMM_WORLD, (last - first) / 2, first, 2, &half));
    LINNET_CHECK(MatCreateSubMatrix(A, half, half, MAT_INITIAL_MATRIX, &part));
    LINNET_CHECK(MatCreateSubMatrix(B, half, half, MAT_INITIAL_MATRIX, &wanted));
    PetscReal norm;
    LINNET_CHECK(MatAXPY(part, -1.0, wanted, DIFFERENT_NONZERO_PATTERN));
    LINNET_CHECK(MatNorm(part, NORM_FROBENIUS, &norm));
    EXPECT_EQ(norm, 0.0);
    LINNET_CHECK(ISDestroy(&half));
    for (Mat* m : {&A, &B, &part, &wanted}) LINNET_CHECK(MatDestroy(m));
  });
}

TEST(MatStencil, TakesRowsAndColumnsOut) {
  for_cases([](const Case& c, DM da) {
    for (const bool columns : {false, true}) {
      Mat A = random_symmetric(da, c.pattern), B;
      LINNET_CHECK(MatConvert(A, MATAIJ, MAT_INITIAL_MATRIX, &B));
      LINNET_CHECK(MatSetOption(B, MAT_KEEP_NONZERO_PATTERN, PETSC_TRUE));
      PetscInt first, N;
      LINNET_CHECK(MatGetOwnershipRange(A, &first, nullptr));
      LINNET_CHECK(MatGetSize(A, &N, nullptr));
      const std::vector<PetscInt> rows =
          first == 0 ? std::vector<PetscInt>{0, 3, N / 2, N - 1} : std::vector<PetscInt>{first};
      Vec x = point_vec(da, 12, -1, 1), b = point_vec(da, 13, -1, 1), b2;
      LINNET_CHECK(VecDuplicate(b, &b2));
      LINNET_CHECK(VecCopy(b, b2));
      auto zero = columns ? MatZeroRowsColumns : MatZeroRows;
      LINNET_CHECK(zero(A, static_cast<PetscInt>(rows.size()), rows.data(), 2.0, x, b));
      LINNET_CHECK(zero(B, static_cast<PetscInt>(rows.size()), rows.data(), 2.0, x, b2));
      expect_equal(da, A, B);
      EXPECT_LT(distance(b, b2), 1e-12);
      for (Vec v : {x, b, b2}) LINNET_CHECK(VecDestroy(&v));
      LINNET_CHECK(MatDestroy(&A));
      LINNET_CHECK(MatDestroy(&B));
    }
  });
}

TEST(MatStencil, SaysWhatItKnowsOfItself) {
  const Case& c = cases[2];
  DM da = make_da(c);
  Mat A = random_symmetric(da, c.pattern);
  PetscBool known, flag;
  LINNET_CHECK(MatIsSymmetricKnown(A, &known, &flag));
  EXPECT_TRUE(known && flag);
  LINNET_CHECK(MatIsSPDKnown(A, &known, &flag));
  EXPECT_TRUE(known && flag);
  LINNET_CHECK(MatShift(A, -100.0));
  LINNET_CHECK(MatIsSPDKnown(A, &known, &flag));
  EXPECT_FALSE(known && flag);
  MatInfo info;
  LINNET_CHECK(MatGetInfo(A, MAT_GLOBAL_SUM, &info));
  Mat B;
  LINNET_CHECK(MatConvert(A, MATAIJ, MAT_INITIAL_MATRIX, &B));
  MatInfo aij;
  LINNET_CHECK(MatGetInfo(B, MAT_GLOBAL_SUM, &aij));
  EXPECT_EQ(info.nz_used, aij.nz_used);
  LINNET_CHECK(MatDestroy(&B));
  LINNET_CHECK(MatDestroy(&A));
  LINNET_CHECK(DMDestroy(&da));
}

TEST(MatStencil, ResultDoesNotDependOnTheRanks) {
  for (const Case& c : {cases[2], cases[1]}) {
    DM da = make_da(c);
    Mat A = random_symmetric(da, c.pattern);
    Vec x = point_vec(da, 7, -1.0, 1.0), y, natural;
    LINNET_CHECK(VecDuplicate(x, &y));
    LINNET_CHECK(MatMult(A, x, y));
    LINNET_CHECK(DMDACreateNaturalVector(da, &natural));
    LINNET_CHECK(DMDAGlobalToNaturalBegin(da, y, INSERT_VALUES, natural));
    LINNET_CHECK(DMDAGlobalToNaturalEnd(da, y, INSERT_VALUES, natural));
    // The operator by its definition on the whole grid, from the same random numbers.
    const core::RandomStream xs(42, 7), sum(42, 100);
    const Index3 n = c.points;
    auto id = [&](int i, int j, int k) {
      return static_cast<std::uint64_t>(i + n[0] * (j + n[1] * k));
    };
    auto value = [&](std::uint64_t p) { return -1.0 + 2.0 * xs.uniform(p); };
    PetscInt first, last;
    LINNET_CHECK(VecGetOwnershipRange(natural, &first, &last));
    double worst = 0.0;
    for (PetscInt p = first; p < last; ++p) {
      const int i = p % n[0], j = p / n[0] % n[1], k = p / n[0] / n[1];
      double want = 0.5 * sum.uniform(id(i, j, k)) * value(id(i, j, k));
      for (int m = 0; m < kernels::coupling_count(c.pattern); ++m) {
        const core::RandomStream cs(42, static_cast<std::uint64_t>(m + 1));
        const auto o = kernels::upper_offset(c.pattern, m);
        for (const int sign : {1, -1}) {
          const Index3 q{i + sign * o.x, j + sign * o.y, k + sign * o.z};
          if (q[0] < 0 || q[1] < 0 || q[2] < 0 || q[0] >= n[0] || q[1] >= n[1] || q[2] >= n[2])
            continue;
          const auto owner = sign > 0 ? id(i, j, k) : id(q[0], q[1], q[2]);
          want +=
              (0.1 + 1.9 * cs.uniform(owner)) * (value(id(i, j, k)) - value(id(q[0], q[1], q[2])));
        }
      }
      PetscScalar got;
      LINNET_CHECK(VecGetValues(natural, 1, &p, &got));
      worst = std::max(worst, std::abs(got - want));
    }
    EXPECT_LT(worst, 1e-13 * 100);
    for (Vec v : {x, y, natural}) LINNET_CHECK(VecDestroy(&v));
    LINNET_CHECK(MatDestroy(&A));
    LINNET_CHECK(DMDestroy(&da));
  }
}

TEST(MatStencil, NanReachesTheNeighboursOnly) {
  for_cases([](const Case& c, DM da) {
    Mat A = random_symmetric(da, c.pattern), B;
    LINNET_CHECK(MatConvert(A, MATAIJ, MAT_INITIAL_MATRIX, &B));
    PetscInt N;
    LINNET_CHECK(MatGetSize(A, &N, nullptr));
    for (const PetscInt where : {PetscInt{0}, N / 2, N - 1}) {
      Vec x = point_vec(da, 7, -1.0, 1.0), y, z;
      LINNET_CHECK(VecSetValue(x, where, std::numeric_limits<double>::quiet_NaN(), INSERT_VALUES));
      LINNET_CHECK(VecAssemblyBegin(x));
      LINNET_CHECK(VecAssemblyEnd(x));
      LINNET_CHECK(VecDuplicate(x, &y));
      LINNET_CHECK(VecDuplicate(x, &z));
      for (int repeat = 0; repeat < 2; ++repeat) {
        LINNET_CHECK(MatMult(A, x, y));
        LINNET_CHECK(MatMult(B, x, z));
        PetscInt first, last;
        LINNET_CHECK(VecGetOwnershipRange(y, &first, &last));
        int wrong = 0;
        for (PetscInt i = first; i < last; ++i) {
          PetscScalar a, b;
          LINNET_CHECK(VecGetValues(y, 1, &i, &a));
          LINNET_CHECK(VecGetValues(z, 1, &i, &b));
          wrong += std::isnan(a) != std::isnan(b);
        }
        EXPECT_EQ(wrong, 0);
        LINNET_CHECK(VecSet(x, 1.0)); // nothing may be left behind
      }
      for (Vec v : {x, y, z}) LINNET_CHECK(VecDestroy(&v));
    }
    LINNET_CHECK(MatDestroy(&A));
    LINNET_CHECK(MatDestroy(&B));
  });
}

TEST(MatStencil, PreconditionersThatNeedRowsFindThem) {
  const Case& c = cases[2];
  DM da = make_da(c);
  Mat A = random_symmetric(da, c.pattern), R = reference_of(A);
  PetscMPIInt size;
  MPI_Comm_size(PETSC_COMM_WORLD, &size);
  std::vector<const char*> types{PCJACOBI, PCBJACOBI, PCASM, PCSOR, PCGAMG, PCREDUNDANT};
  if (size == 1) types.insert(types.end(), {PCICC, PCILU, PCLU, PCCHOLESKY});
  Vec b = point_vec(da, 3, -1, 1), x;
  LINNET_CHECK(VecDuplicate(b, &x));
  for (const char* type : types) {
    PetscInt iterations[2][2];
    for (int m = 0; m < 2; ++m) {
      Mat M = m ? R : A;
      LINNET_CHECK(MatSetOption(M, MAT_SPD, PETSC_TRUE));
      KSP ksp;
      PC pc;
      LINNET_CHECK(KSPCreate(PETSC_COMM_WORLD, &ksp));
      LINNET_CHECK(KSPSetType(ksp, KSPCG));
      LINNET_CHECK(KSPSetOperators(ksp, M, M));
      LINNET_CHECK(KSPSetTolerances(ksp, 1e-8, 0, PETSC_DEFAULT, 200));
      LINNET_CHECK(KSPGetPC(ksp, &pc));
      LINNET_CHECK(PCSetType(pc, type));
      // The second solve has other values: copies must be renewed.
      for (int solve = 0; solve < 2; ++solve) {
        LINNET_CHECK(KSPSolve(ksp, b, x));
        KSPConvergedReason reason;
        LINNET_CHECK(KSPGetConvergedReason(ksp, &reason));
        EXPECT_GT(reason, 0) << type;
        LINNET_CHECK(KSPGetIterationNumber(ksp, &iterations[m][solve]));
        if (solve == 0) LINNET_CHECK(MatShift(M, 5.0));
      }
      LINNET_CHECK(MatShift(M, -5.0));
      LINNET_CHECK(KSPDestroy(&ksp));
    }
    EXPECT_EQ(iterations[0][0], iterations[1][0]) << type;
    EXPECT_EQ(iterations[0][1], iterations[1][1]) << type;
  }
  LINNET_CHECK(VecDestroy(&b));
  LINNET_CHECK(VecDestroy(&x));
  LINNET_CHECK(MatDestroy(&A));
  LINNET_CHECK(MatDestroy(&R));
  LINNET_CHECK(DMDestroy(&da));
}
