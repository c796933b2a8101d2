// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include "cell_grid_fixture.hpp"

#include <linnet/core/random.hpp>
#include <linnet/problems/geometry/components.hpp>

#include <algorithm>

using namespace linnet;
using test::Cells;

namespace {

struct Labelled {
  PetscInt count = -1;
  std::vector<double> labels;
};

Labelled label(Cells& cells) {
  Labelled result;
  EXPECT_EQ(problems::label_components(cells.da, cells.vec, cells.vec, &result.count), 0);
  result.labels = cells.all();
  return result;
}

/// Flood fill of the whole grid, the plain way.
Labelled flood(const problems::CellGrid& grid, const std::vector<double>& mask) {
  Labelled result;
  result.labels.assign(mask.size(), -1.0);
  result.count = 0;
  for (std::size_t seed = 0; seed < mask.size(); ++seed) {
    if (mask[seed] >= 0.5 || result.labels[seed] >= 0.0) continue;
    std::vector<std::size_t> stack{seed};
    while (!stack.empty()) {
      const auto c = stack.back();
      stack.pop_back();
      if (mask[c] >= 0.5 || result.labels[c] >= 0.0) continue;
      result.labels[c] = static_cast<double>(result.count);
      const auto n = static_cast<int>(c);
      for (int d = 0; d < 3; ++d)
        for (const int step : {-1, 1}) {
          core::Index3 p{n % grid.cells[0], n / grid.cells[0] % grid.cells[1],
                         n / grid.cells[0] / grid.cells[1]};
          p[d] += step;
          if (grid.periodic[d]) p[d] = (p[d] + grid.cells[d]) % grid.cells[d];
          if (p[d] < 0 || p[d] >= grid.cells[d]) continue;
          stack.push_back(static_cast<std::size_t>(grid.natural_index(p[0], p[1], p[2])));
        }
    }
    ++result.count;
  }
  return result;
}

/// Part of the cells solid, at random.
void scatter(Cells& cells, double part) {
  const core::RandomStream stream(9, 0);
  cells.set([&](int i, int j, int k) {
    return stream.uniform(static_cast<std::uint64_t>(cells.grid.natural_index(i, j, k))) < part
               ? 1.0
               : 0.0;
  });
}

/// Square spiral corridor of width one; a single component that crosses every cut many times.
bool in_spiral(int i, int j, int n) {
  const int ring = std::min({i, j, n - 1 - i, n - 1 - j});
  if (ring % 2 == 0) return !(i == ring && j == ring + 1);
  return i == ring && j == ring + 1;
}

} // namespace

TEST(Components, RandomMasksMatchAFloodFill) {
  for (const double part : {0.2, 0.4, 0.6, 0.7})
    for (const bool wrap : {false, true})
      for (const core::Index3 n : {core::Index3{19, 23, 1}, core::Index3{9, 11, 10}}) {
        Cells cells(n, {wrap, false, wrap});
        scatter(cells, part);
        const auto expected = flood(cells.grid, cells.all());
        const auto found = label(cells);
        EXPECT_EQ(found.count, expected.count);
        EXPECT_EQ(found.labels, expected.labels);
      }
}

TEST(Components, SpiralIsOne) {
  constexpr int n = 41;
  Cells cells({n, n, 1});
  cells.set([](int i, int j, int) { return in_spiral(i, j, n) ? 0.0 : 1.0; });
  const auto expected = flood(cells.grid, cells.all());
  ASSERT_EQ(expected.count, 1);
  EXPECT_EQ(label(cells).count, 1);
}

TEST(Components, CheckerboardIsAllApart) {
  Cells cells({8, 6, 10});
  cells.set([](int i, int j, int k) { return (i + j + k) % 2; });
  const auto found = label(cells);
  EXPECT_EQ(found.count, 240);
  double next = 0.0; // numbered in natural order
  for (const double l : found.labels)
    if (l >= 0.0) {
      EXPECT_EQ(l, next++);
    }
}

TEST(Components, PeriodicDirectionsJoin) {
  for (const bool wrap : {false, true}) {
    Cells cells({12, 9, 1}, {wrap, false, false});
    cells.set([](int i, int, int) { return i == 4 || i == 8 ? 1.0 : 0.0; });
    EXPECT_EQ(label(cells).count, wrap ? 2 : 3);
  }
}

TEST(Components, WithoutMaskAndWithoutFluid) {
  Cells cells({6, 7, 5});
  PetscInt count = -1;
  EXPECT_EQ(problems::label_components(cells.da, nullptr, cells.vec, &count), 0);
  EXPECT_EQ(count, 1);
  cells.set([](int, int, int) { return 1.0; });
  EXPECT_EQ(label(cells).count, 0);
}

TEST(Components, SizesFacesAndIndicators) {
  Cells cells({10, 6, 1}), indicator({10, 6, 1});
  // Columns 0-2 | solid 3 | 4-6 with a wall all around | 8-9
  cells.set([](int i, int j, int) {
    return i == 3 || i == 7 || ((i > 3 && i < 7) && (j == 0 || j == 5)) ? 1.0 : 0.0;
  });
  PetscInt count = 0;
  ASSERT_EQ(problems::label_components(cells.da, cells.vec, cells.vec, &count), 0);
  ASSERT_EQ(count, 3); // in order of their first cells: left, right, middle
  std::vector<PetscInt> sizes;
  EXPECT_EQ(problems::component_sizes(cells.vec, count, &sizes), 0);
  EXPECT_EQ(sizes, (std::vector<PetscInt>{18, 12, 12}));
  std::vector<bool> touches;
  EXPECT_EQ(problems::components_at_faces(cells.da, cells.vec, count,
                                          {true, false, false, false, false, false}, &touches),
            0);
  EXPECT_EQ(touches, (std::vector<bool>{true, false, false}));
  EXPECT_EQ(problems::components_at_faces(cells.da, cells.vec, count,
                                          {false, false, false, true, false, false}, &touches),
            0);
  EXPECT_EQ(touches, (std::vector<bool>{true, true, false}));
  EXPECT_EQ(problems::component_indicator(cells.vec, 2, indicator.vec), 0);
  const auto ones = indicator.all();
  for (std::size_t c = 0; c < ones.size(); ++c)
    EXPECT_EQ(ones[c], c % 10 > 3 && c % 10 < 7 && c / 10 > 0 && c / 10 < 5 ? 1.0 : 0.0);
}

// A held cell next to a single one keeps it open.
TEST(Components, HeldCellsKeepTheirNeighboursOpen) {
  Cells cells({7, 7, 1});
  cells.set([](int i, int j, int) {
    if ((i == 2 || i == 5) && j == 3) return 0.0;
    return i == 3 && j == 3 ? 2.0 : 1.0;
  });
  PetscInt closed = -1;
  EXPECT_EQ(problems::close_isolated_cells(cells.da, {}, cells.vec, &closed), 0);
  EXPECT_EQ(closed, 1);
  const auto mask = cells.all();
  EXPECT_EQ(mask[2 + 7 * 3], 0.0);
  EXPECT_EQ(mask[3 + 7 * 3], 2.0);
  EXPECT_EQ(mask[5 + 7 * 3], 1.0);
}

TEST(Components, IsolatedCellsAreClosed) {
  Cells cells({7, 7, 1});
  // Fluid: (3,3) alone, (0,0) alone at two faces, the pair (5,5),(5,6).
  const auto fluid = [](int i, int j) {
    return (i == 3 && j == 3) || (i == 0 && j == 0) || (i == 5 && j >= 5);
  };
  for (const bool open : {false, true}) {
    cells.set([&](int i, int j, int) { return fluid(i, j) ? 0.0 : 1.0; });
    PetscInt closed = -1;
    EXPECT_EQ(problems::close_isolated_cells(cells.da, {open, false, false, false, false, false},
                                             cells.vec, &closed),
              0);
    EXPECT_EQ(closed, open ? 1 : 2);
    const auto mask = cells.all();
    EXPECT_EQ(mask[3 + 7 * 3], 1.0);
    EXPECT_EQ(mask[0], open ? 0.0 : 1.0);
    EXPECT_EQ(mask[5 + 7 * 5] + mask[5 + 7 * 6], 0.0);
  }
}
