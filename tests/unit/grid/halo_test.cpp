// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/grid/halo.hpp>

#include <gtest/gtest.h>

#include <string>

using namespace linnet;
using core::Index3;
using grid::Halo;
using grid::HaloShape;
using grid::Partition;
using kernels::Field;
using kernels::Layout;

namespace {

constexpr double untouched = -7.0;

int ranks() {
  int n;
  MPI_Comm_size(PETSC_COMM_WORLD, &n);
  return n;
}
int rank() {
  int r;
  MPI_Comm_rank(PETSC_COMM_WORLD, &r);
  return r;
}

/// A different value for every point of the grid, exact in float.
double point_value(const Index3& p, int field) {
  return 1.0 + p[0] + 64.0 * (p[1] + 64.0 * p[2]) + 0.25 * field;
}

template <class F>
void for_padded(const Layout& l, const F& f) {
  for (int k = -l.g[2]; k < l.n[2] + l.g[2]; ++k)
    for (int j = -l.g[1]; j < l.n[1] + l.g[1]; ++j)
      for (int i = -l.g[0]; i < l.n[0] + l.g[0]; ++i) f(Index3{i, j, k});
}

/// What the ghost or owned point @p local must hold after an exchange.
double expected(const Partition& p, const Index3& width, HaloShape shape, const Index3& local,
                int field) {
  const auto box = p.box(rank());
  Index3 global;
  int outside = 0;
  for (int d = 0; d < 3; ++d) {
    const int n = box.extent()[d], total = p.points()[d];
    global[d] = box.lo[d] + local[d];
    if (local[d] < -width[d] || local[d] >= n + width[d]) return untouched;
    outside += local[d] < 0 || local[d] >= n;
    if (global[d] >= 0 && global[d] < total) continue;
    if (!p.periodic()[d]) return untouched;
    global[d] = (global[d] + total) % total;
  }
  if (shape == HaloShape::star && outside > 1) return untouched;
  return point_value(global, field);
}

template <class T>
void check(const Partition& p, const Index3& width, HaloShape shape, int field_count,
           const Index3& extra = {0, 0, 0}) {
  const auto box = p.box(rank());
  const Layout layout(box.extent(),
                      {width[0] + extra[0], width[1] + extra[1], width[2] + extra[2]});
  std::vector<Field<T>> fields;
  std::vector<kernels::HostArray<T>> host;
  for (int f = 0; f < field_count; ++f) {
    fields.emplace_back("linnet::test::field", layout);
    host.push_back(Kokkos::create_mirror_view(fields.back().values));
    for_padded(layout, [&](const Index3& q) {
      const bool owned = box.contains({box.lo[0] + q[0], box.lo[1] + q[1], box.lo[2] + q[2]});
      host[f](layout(q[0], q[1], q[2])) = static_cast<T>(
          owned ? point_value({box.lo[0] + q[0], box.lo[1] + q[1], box.lo[2] + q[2]}, f)
                : untouched);
    });
    Kokkos::deep_copy(fields[f].values, host[f]);
  }
  Halo halo(PETSC_COMM_WORLD, p, width, shape);
  for (int repeat = 0; repeat < 2; ++repeat) halo.exchange(fields);
  for (int f = 0; f < field_count; ++f) {
    Kokkos::deep_copy(host[f], fields[f].values);
    int wrong = 0;
    for_padded(layout, [&](const Index3& q) {
      wrong += host[f](layout(q[0], q[1], q[2])) != static_cast<T>(expected(p, width, shape, q, f));
    });
    EXPECT_EQ(wrong, 0) << "field " << f << " on rank " << rank();
  }
}

const std::array<bool, 3> closed{false, false, false};

/// All cuts of the test's ranks into a product of three numbers.
std::vector<Index3> all_cuts() {
  std::vector<Index3> cuts;
  const int n = ranks();
  for (int x = 1; x <= n; ++x)
    for (int y = 1; y <= n; ++y)
      for (int z = 1; z <= n; ++z)
        if (x * y * z == n) cuts.push_back({x, y, z});
  return cuts;
}

/// Parts of very different sizes: the first is the largest.
Partition uneven(const Index3& points, const Index3& parts, std::array<bool, 3> periodic) {
  std::array<std::vector<int>, 3> starts;
  for (int d = 0; d < 3; ++d) {
    starts[d] = {0};
    for (int r = 1; r < parts[d]; ++r) starts[d].push_back(points[d] - 2 * (parts[d] - r));
    starts[d].push_back(points[d]);
  }
  return {starts, periodic};
}

} // namespace

TEST(Halo, FillsEveryGhostInThreeDimensions) {
  for (const auto& cut : all_cuts()) {
    const auto p = uneven({11, 10, 13}, cut, closed);
    check<double>(p, {1, 1, 1}, HaloShape::box, 1);
    check<double>(p, {2, 1, 2}, HaloShape::box, 3);
    check<float>(p, {2, 2, 2}, HaloShape::box, 2, {1, 0, 2});
    check<double>(p, {1, 1, 1}, HaloShape::star, 1);
    check<float>(p, {1, 2, 1}, HaloShape::star, 2, {2, 1, 0});
  }
}

TEST(Halo, FillsEveryGhostInTwoDimensions) {
  for (const auto& cut : all_cuts()) {
    if (cut[2] > 1) continue;
    const auto p = uneven({17, 12, 1}, cut, closed);
    check<double>(p, {1, 1, 0}, HaloShape::box, 2);
    check<float>(p, {2, 2, 0}, HaloShape::star, 1);
  }
}

TEST(Halo, WrapsPeriodicDirections) {
  for (const auto& cut : all_cuts())
    for (int mask = 1; mask < 8; ++mask) {
      const auto p = uneven({10, 9, 11}, cut, {(mask & 1) != 0, (mask & 2) != 0, (mask & 4) != 0});
      check<double>(p, {2, 1, 1}, HaloShape::box, 2);
      check<float>(p, {1, 2, 2}, HaloShape::star, 1);
    }
}

TEST(Halo, WrapsADirectionOfOnePoint) {
  std::array<std::vector<int>, 3> starts{{{0, 1}, {0, 1}, {0}}};
  for (int r = 1; r <= ranks(); ++r) starts[2].push_back(r);
  check<double>(Partition(starts, {true, true, true}), {1, 1, 1}, HaloShape::box, 1);
}

TEST(Halo, SendsOwnedPointsOfAFieldWithoutGhostsIntoWindows) {
  const auto p = uneven({6, 7, 12}, {1, 1, ranks()}, {true, false, false});
  const auto box = p.box(rank());
  Field<double> source("linnet::test::source", Layout(box.extent(), {0, 0, 0}));
  auto host = Kokkos::create_mirror_view(source.values);
  for_padded(source.layout, [&](const Index3& q) {
    host(source.layout(q[0], q[1], q[2])) =
        point_value({box.lo[0] + q[0], box.lo[1] + q[1], box.lo[2] + q[2]}, 0);
  });
  Kokkos::deep_copy(source.values, host);
  Halo halo(PETSC_COMM_WORLD, p, {1, 1, 1}, HaloShape::box);
  halo.begin(source);
  halo.wait<double>();
  const int nz = box.extent()[2];
  Field<double> window("linnet::test::window", Layout({6, 7, 1}, {1, 1, 1}));
  Kokkos::deep_copy(window.values, untouched);
  halo.unpack(0, window, {0, 0, nz - 1});
  auto seen = Kokkos::create_mirror_view(window.values);
  Kokkos::deep_copy(seen, window.values);
  int wrong = 0;
  for_padded(window.layout, [&](const Index3& q) {
    const Index3 local{q[0], q[1], q[2] + nz - 1};
    const bool owned = q[0] >= 0 && q[0] < 6 && q[1] >= 0 && q[1] < 7 && local[2] < nz;
    const double want =
        owned || local[2] < 0 ? untouched : expected(p, {1, 1, 1}, HaloShape::box, local, 0);
    if (local[2] >= 0 || nz > 1) wrong += seen(window.layout(q[0], q[1], q[2])) != want;
  });
  EXPECT_EQ(wrong, 0);
}

TEST(Halo, WorksOnPartOfTheRanks) {
  if (ranks() < 4) GTEST_SKIP() << "needs four ranks";
  MPI_Comm half;
  MPI_Comm_split(PETSC_COMM_WORLD, rank() % 2, rank(), &half);
  int me;
  MPI_Comm_rank(half, &me);
  const Partition p({{{0, 3, 7}, {0, 5}, {0, 2}}}, closed);
  Field<double> f("linnet::test::field", Layout(p.box(me).extent(), {1, 1, 1}));
  Kokkos::deep_copy(f.values, 1.0 + me + 10 * (rank() % 2));
  Halo(half, p, {1, 1, 1}, HaloShape::box).exchange(f);
  auto host = Kokkos::create_mirror_view(f.values);
  Kokkos::deep_copy(host, f.values);
  const int ghost = me == 0 ? f.layout.n[0] : -1;
  EXPECT_EQ(host(f.layout(ghost, 2, 1)), 1.0 + (1 - me) + 10 * (rank() % 2));
  MPI_Comm_free(&half);
}

TEST(Halo, RefusesPartsThinnerThanItsWidth) {
  const int n = ranks();
  std::vector<int> cuts{0};
  for (int r = 1; r <= n; ++r) cuts.push_back(r);
  const Partition p({{cuts, {0, 4}, {0, 4}}}, {true, false, false});
  try {
    Halo(PETSC_COMM_WORLD, p, {2, 1, 1}, HaloShape::star);
    ADD_FAILURE() << "no error";
  } catch (const core::Error& e) {
    EXPECT_NE(std::string(e.what()).find("direction x"), std::string::npos) << e.what();
  }
}
