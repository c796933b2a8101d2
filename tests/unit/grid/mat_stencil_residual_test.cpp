// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
// The residual that is rounded where it is formed, and what a matrix knows of its size.
#include "mat_stencil_case.hpp"

#include <linnet/grid/field_view.hpp>

#include <cmath>

using namespace linnet;
using namespace linnet::test;
using kernels::Field;

namespace {

kernels::Layout layout_of(Mat A, int ghosts) {
  const grid::StencilData* data;
  LINNET_CHECK(grid::MatStencilGetData(A, &data));
  PetscMPIInt rank;
  MPI_Comm_rank(PETSC_COMM_WORLD, &rank);
  const auto n = data->partition.box(rank).extent();
  return {n, {ghosts, ghosts, ghosts}};
}

void for_owned(const kernels::Layout& l, const std::function<void(int, int, int)>& body) {
  for (int k = 0; k < l.n[2]; ++k)
    for (int j = 0; j < l.n[1]; ++j)
      for (int i = 0; i < l.n[0]; ++i) body(i, j, k);
}

double sum_over_ranks(double mine) {
  MPI_Allreduce(MPI_IN_PLACE, &mine, 1, MPI_DOUBLE, MPI_SUM, PETSC_COMM_WORLD);
  return mine;
}

double largest_over_ranks(double mine) {
  MPI_Allreduce(MPI_IN_PLACE, &mine, 1, MPI_DOUBLE, MPI_MAX, PETSC_COMM_WORLD);
  return mine;
}

double magnitude_of(Mat A) {
  const grid::StencilData* data;
  LINNET_CHECK(grid::MatStencilGetData(A, &data));
  double largest = 0.0;
  auto fields = data->couplings;
  fields.push_back(data->row_sum);
  for (const auto& f : fields)
    for_owned(f.layout, [&](int i, int j, int k) {
      largest = std::max(largest, std::abs(f.values(f.layout(i, j, k))));
    });
  return largest_over_ranks(largest);
}

std::optional<double> known_magnitude(Mat A) {
  const grid::StencilData* data;
  LINNET_CHECK(grid::MatStencilGetData(A, &data));
  return data->largest_magnitude;
}

} // namespace

// As MatResidual and a rounding after it, on every shape of box; sums to the rounding of so many
// terms.
TEST(MatStencilResidual, IsRoundedWhereItIsFormed) {
  constexpr double scale = 8.0, scale_before = 0.5;
  for_cases([](const Case& c, DM da) {
    Mat A = random_symmetric(da, c.pattern);
    Vec x = point_vec(da, 8, -1, 1), b = point_vec(da, 9, -1, 1), old = point_vec(da, 10, -1, 1), v;
    LINNET_CHECK(VecDuplicate(x, &v));
    LINNET_CHECK(MatResidual(A, b, x, v));
    for (const bool copies : {false, true}) {
      const kernels::Layout l = layout_of(A, 2);
      const Field<float> r("r", l), f("f", l);
      grid::FieldView precise(v, {l.n[0], l.n[1], l.n[2]}, grid::Access::read),
          before(old, {l.n[0], l.n[1], l.n[2]}, grid::Access::read);
      const Field<double> p = precise.field(), o = before.field();
      double squares = 0.0, drift = 0.0;
      for_owned(l, [&](int i, int j, int k) {
        const double value = p.values(p.layout(i, j, k));
        r.values(l(i, j, k)) = static_cast<float>(o.values(o.layout(i, j, k)));
        const double gone = scale_before * value - static_cast<double>(r.values(l(i, j, k)));
        squares += value * value;
        drift += gone * gone;
      });
      double found_squares = 0.0, found_drift = 0.0;
      LINNET_CHECK(grid::MatStencilRenewResidual(A, b, x, scale, scale_before, r, copies ? f : r,
                                                 &found_squares, &found_drift));
      squares = sum_over_ranks(squares), drift = sum_over_ranks(drift);
      EXPECT_NEAR(found_squares, squares, 1e-12 * squares);
      EXPECT_NEAR(found_drift, drift, 1e-12 * drift);
      for_owned(l, [&](int i, int j, int k) {
        const double value = scale * p.values(p.layout(i, j, k));
        EXPECT_NEAR(r.values(l(i, j, k)), value, 6e-8 * std::abs(value) + 1e-13);
        EXPECT_EQ(f.values(l(i, j, k)), copies ? r.values(l(i, j, k)) : 0.0F);
      });
      // Ghosts are the business of others.
      double all = 0.0, owned = 0.0;
      for (std::size_t at = 0; at < r.values.size(); ++at) all += std::abs(r.values(at));
      for_owned(l, [&](int i, int j, int k) { owned += std::abs(r.values(l(i, j, k))); });
      EXPECT_NEAR(all, owned, 1e-12 * owned);
      before.restore();
      precise.restore();
    }
    for (Vec u : {x, b, v, old}) LINNET_CHECK(VecDestroy(&u));
    LINNET_CHECK(MatDestroy(&A));
  });
}

// Where a positive or a negative coupling or row sum is the largest.
TEST(MatStencilResidual, MagnitudeIsKnownUntilValuesChange) {
  for_cases([](const Case& c, DM da) {
    Mat A = random_symmetric(da, c.pattern), copy;
    EXPECT_EQ(known_magnitude(A), magnitude_of(A));
    const auto set = [&](double coupling, double row_sum) {
      std::vector<Vec> couplings;
      for (int m = 0; m < kernels::coupling_count(c.pattern); ++m)
        couplings.push_back(point_vec(da, static_cast<std::uint64_t>(m + 1), 0.0, coupling));
      Vec sum = point_vec(da, 100, 0.0, row_sum);
      LINNET_CHECK(grid::MatStencilSetCouplings(A, c.pattern, couplings.data(), sum));
      for (Vec& v : couplings) LINNET_CHECK(VecDestroy(&v));
      LINNET_CHECK(VecDestroy(&sum));
    };
    for (const auto& [coupling, row_sum] :
         {std::pair{-7.0, 1.0}, {7.0, 1.0}, {1.0, -90.0}, {1.0, 90.0}}) {
      set(coupling, row_sum);
      EXPECT_EQ(known_magnitude(A), magnitude_of(A));
    }
    LINNET_CHECK(MatDuplicate(A, MAT_COPY_VALUES, &copy));
    EXPECT_FALSE(known_magnitude(copy));
    LINNET_CHECK(MatScale(A, 3.0));
    EXPECT_FALSE(known_magnitude(A));
    for (Mat M : {A, copy}) LINNET_CHECK(MatDestroy(&M));
  });
}
