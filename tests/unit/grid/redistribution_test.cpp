// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/core/random.hpp>
#include <linnet/grid/partition.hpp>
#include <linnet/grid/redistribution.hpp>

#include <gtest/gtest.h>

using namespace linnet;
using core::Index3;
using grid::IndexBox;
using grid::Partition;
using grid::Redistribution;
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

double point_value(const Index3& p) { return 1.0 + p[0] + 64.0 * (p[1] + 64.0 * p[2]); }

template <class T>
Field<T> make_field(const IndexBox& box, const Index3& ghosts, bool filled) {
  if (box.empty()) return {};
  Field<T> f("linnet::test::field", Layout(box.extent(), ghosts));
  auto host = Kokkos::create_mirror_view(f.values);
  Kokkos::deep_copy(host, static_cast<T>(untouched));
  if (filled)
    for (int k = box.lo[2]; k < box.hi[2]; ++k)
      for (int j = box.lo[1]; j < box.hi[1]; ++j)
        for (int i = box.lo[0]; i < box.hi[0]; ++i)
          host(f.layout(i - box.lo[0], j - box.lo[1], k - box.lo[2])) =
              static_cast<T>(point_value({i, j, k}));
  Kokkos::deep_copy(f.values, host);
  return f;
}

/// Values that are wrong: owned points must hold their own value, ghosts must be untouched.
template <class T>
int count_wrong(const Field<T>& f, const IndexBox& box) {
  if (box.empty()) return 0;
  auto host = Kokkos::create_mirror_view(f.values);
  Kokkos::deep_copy(host, f.values);
  int wrong = 0;
  const Layout& l = f.layout;
  for (int k = -l.g[2]; k < l.n[2] + l.g[2]; ++k)
    for (int j = -l.g[1]; j < l.n[1] + l.g[1]; ++j)
      for (int i = -l.g[0]; i < l.n[0] + l.g[0]; ++i) {
        const Index3 p{box.lo[0] + i, box.lo[1] + j, box.lo[2] + k};
        wrong += host(l(i, j, k)) != static_cast<T>(box.contains(p) ? point_value(p) : untouched);
      }
  return wrong;
}

template <class T>
void check(const std::vector<IndexBox>& from, const std::vector<IndexBox>& to) {
  const auto me = static_cast<std::size_t>(rank());
  Redistribution move(PETSC_COMM_WORLD, from, to);
  for (int repeat = 0; repeat < 2; ++repeat) {
    const auto src = make_field<T>(from[me], {1, 2, 0}, true);
    const auto dst = make_field<T>(to[me], {0, 1, 1}, false);
    const auto back = make_field<T>(from[me], {2, 0, 1}, false);
    move.forward(src, dst);
    EXPECT_EQ(count_wrong(dst, to[me]), 0);
    move.backward(dst, back);
    EXPECT_EQ(count_wrong(back, from[me]), 0);
  }
}

/// A cut of @p points over the first @p owners ranks at random places; the others get nothing.
std::vector<IndexBox> random_cut(const Index3& points, int owners, int direction, int seed) {
  const core::RandomStream random(static_cast<std::uint64_t>(seed), 0);
  std::vector<int> starts;
  for (int r = 1; r < owners; ++r)
    starts.push_back(
        static_cast<int>(random.uniform(static_cast<std::uint64_t>(r)) * (points[direction] + 1)));
  std::sort(starts.begin(), starts.end());
  starts.insert(starts.begin(), 0);
  starts.push_back(points[direction]);
  std::vector<IndexBox> boxes(static_cast<std::size_t>(ranks()));
  for (int r = 0; r < owners; ++r) {
    IndexBox box{{0, 0, 0}, points};
    box.lo[direction] = starts[static_cast<std::size_t>(r)];
    box.hi[direction] = starts[static_cast<std::size_t>(r) + 1];
    boxes[static_cast<std::size_t>(r)] = box;
  }
  return boxes;
}

} // namespace

TEST(Redistribution, MovesRandomCutsToFewerRanksAndBack) {
  const Index3 points{9, 13, 7};
  for (int owners = 1; owners <= ranks(); ++owners)
    for (int seed = 0; seed < 6; ++seed) {
      const auto from = random_cut(points, ranks(), seed % 3, seed);
      const auto to = random_cut(points, owners, (seed + 1 + seed / 3) % 3, 100 + seed);
      check<double>(from, to);
      check<float>(to, from);
    }
}

TEST(Redistribution, GathersABalancedCutOnOneRankThatNeedNotBeTheFirst) {
  const Index3 points{8, 5, 1};
  const auto p = Partition::balanced(points, {false, false, false}, ranks());
  std::vector<IndexBox> from, to(static_cast<std::size_t>(ranks()));
  for (int r = 0; r < ranks(); ++r) from.push_back(p.box(r));
  to.back() = {{0, 0, 0}, points};
  check<double>(from, to);
}

TEST(Redistribution, RefusesListsOfTheWrongLength) {
  EXPECT_THROW(Redistribution(PETSC_COMM_WORLD, {}, {}), core::Error);
}
