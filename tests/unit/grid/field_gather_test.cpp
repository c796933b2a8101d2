// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/core/error.hpp>
#include <linnet/grid/field_gather.hpp>
#include <linnet/grid/partition.hpp>

#include <gtest/gtest.h>

using namespace linnet;
using core::Index3;
using grid::IndexBox;

namespace {

using Values = std::vector<double>;

int rank() {
  int r = 0;
  MPI_Comm_rank(PETSC_COMM_WORLD, &r);
  return r;
}
int ranks() {
  int n = 1;
  MPI_Comm_size(PETSC_COMM_WORLD, &n);
  return n;
}

/// Of the points of @p box in a grid of @p points, channels behind each other.
Values field(const IndexBox& box, const Index3& points, int channels) {
  Values values;
  for (int c = 0; c < channels; ++c)
    for (int k = box.lo[2]; k < box.hi[2]; ++k)
      for (int j = box.lo[1]; j < box.hi[1]; ++j)
        for (int i = box.lo[0]; i < box.hi[0]; ++i)
          values.push_back(1e6 * c + i + points[0] * (j + points[1] * k));
  return values;
}

} // namespace

TEST(FieldGather, ThereAndBack) {
  for (const Index3& points : {Index3{7, 5, 1}, Index3{5, 4, 6}, Index3{3, 1, 1}})
    for (const int parts : {ranks(), 1}) { // with one part other ranks have empty boxes
      const auto cut = grid::Partition::balanced(points, {false, false, false}, parts);
      const IndexBox box = rank() < parts ? cut.box(rank()) : IndexBox{};
      grid::FieldGather fields(PETSC_COMM_WORLD, points, box);
      const Values all = field({{0, 0, 0}, points}, points, 3), mine = field(box, points, 3);
      EXPECT_EQ(3 * fields.part_size(), mine.size());
      EXPECT_EQ(3 * fields.whole_size(), rank() == 0 ? all.size() : 0);
      Values whole(3 * fields.whole_size(), -1.0), part(mine.size(), -1.0);
      fields.gather(3, mine, whole);
      EXPECT_EQ(whole, rank() == 0 ? all : Values());
      fields.scatter(3, rank() == 0 ? all : Values(), part);
      EXPECT_EQ(part, mine);
    }
}

TEST(FieldGather, BoxesMakeUpTheGrid) {
  const IndexBox box{{0, 0, 0}, {3, 3, 1}};
  EXPECT_THROW(grid::FieldGather(PETSC_COMM_WORLD, {4, 3, 1}, box), core::Error);
  if (ranks() > 1) { // the same points again
    EXPECT_THROW(grid::FieldGather(PETSC_COMM_WORLD, {3, 3, ranks()}, box), core::Error);
  }
}
