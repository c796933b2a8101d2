// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
// The tank: where its air and its water are, what its matrix couples, right-hand sides that live in
// the water, and the same geometry and values on any number of ranks.
#include "cell_grid_fixture.hpp"

#include <linnet/core/error.hpp>
#include <linnet/grid/mat_stencil.hpp>
#include <linnet/problems/samples/tank.hpp>

#include <cmath>
#include <map>
#include <set>

using namespace linnet;
using namespace linnet::problems;

namespace {

TankOptions some_tank(int most_air, const std::string& obstacles = "random_spheres:6,0.1,0.2") {
  TankOptions options;
  options.cells.cells = {12, 10, 11};
  options.obstacles = parse_obstacles(obstacles, 3);
  options.most_air = most_air;
  return options;
}

/// In natural order, on every rank of the grid.
std::vector<double> gathered(const Tank& tank, Vec v) {
  const core::Index3 n{12, 10, 11};
  std::vector<double> all(static_cast<std::size_t>(core::volume(n)), 0.0);
  {
    const CellArray values(v, owned_cells(tank.grid()), grid::Access::read);
    visit_cells(values.box(), [&](int i, int j, int k) {
      all[static_cast<std::size_t>(i + n[0] * (j + n[1] * k))] = values(i, j, k);
    });
  }
  MPI_Allreduce(MPI_IN_PLACE, all.data(), static_cast<int>(all.size()), MPI_DOUBLE, MPI_SUM,
                PetscObjectComm(reinterpret_cast<PetscObject>(tank.grid())));
  return all;
}

/// Layers at the top where the mask is that of held cells everywhere.
int air_of(const Tank& tank) {
  const std::vector<double> mask = gathered(tank, tank.mask());
  int layers = 0;
  for (std::size_t k = 11; k-- > 0; ++layers)
    for (std::size_t c = 0; c < 120; ++c)
      if (!is_held(mask[120 * k + c])) return layers;
  return layers;
}

} // namespace

TEST(Tank, AirIsDrawnFromOneToTheMost) {
  EXPECT_EQ(air_of(Tank(PETSC_COMM_WORLD, some_tank(1), 5, MATSTENCIL)), 1);
  std::set<int> found;
  for (std::uint64_t seed = 0; seed < 30; ++seed)
    found.insert(air_of(Tank(PETSC_COMM_WORLD, some_tank(3), seed, MATSTENCIL)));
  EXPECT_EQ(found, (std::set<int>{1, 2, 3}));
}

// A cell in the middle of the water: 6 and -1 whatever the size of a cell; beside a wall a face
// less, under the air no less.
TEST(Tank, CouplingsAreMinusOne) {
  TankOptions options = some_tank(1, "box:0.4,0.4,0.4,0.6,0.6,0.6");
  options.cells.cells = {10, 10, 10};
  const Tank tank(PETSC_COMM_SELF, options, 0, MATAIJ);
  const auto row = [&](int i, int j, int k) {
    std::map<PetscInt, double> entries;
    PetscInt count = 0;
    const PetscInt* columns = nullptr;
    const PetscScalar* values = nullptr;
    const PetscInt r = i + 10 * (j + 10 * k);
    LINNET_CHECK(MatGetRow(tank.matrix(), r, &count, &columns, &values));
    for (PetscInt e = 0; e < count; ++e)
      if (values[e] != 0.0) entries[columns[e] - r] = values[e];
    LINNET_CHECK(MatRestoreRow(tank.matrix(), r, &count, &columns, &values));
    return entries;
  };
  const auto expect_row = [&](const std::map<PetscInt, double>& found,
                              const std::map<PetscInt, double>& wanted) {
    ASSERT_EQ(found.size(), wanted.size());
    for (const auto& [column, value] : wanted) EXPECT_NEAR(found.at(column), value, 1e-13);
  };
  expect_row(row(2, 2, 2), {{0, 6}, {-1, -1}, {1, -1}, {-10, -1}, {10, -1}, {-100, -1}, {100, -1}});
  expect_row(row(0, 2, 2), {{0, 5}, {1, -1}, {-10, -1}, {10, -1}, {-100, -1}, {100, -1}});
  expect_row(row(3, 4, 4), {{0, 5}, {-1, -1}, {-10, -1}, {10, -1}, {-100, -1}, {100, -1}});
  expect_row(row(2, 2, 8), {{0, 6}, {-1, -1}, {1, -1}, {-10, -1}, {10, -1}, {-100, -1}});
  EXPECT_EQ(row(4, 4, 4).size(), 1u);
}

TEST(Tank, SameOnAnyRanks) {
  const Tank cut(PETSC_COMM_WORLD, some_tank(3), 7, MATSTENCIL),
      whole(PETSC_COMM_SELF, some_tank(3), 7, MATSTENCIL);
  EXPECT_EQ(gathered(cut, cut.mask()), gathered(whole, whole.mask()));
  const auto b = make_cell_vector(cut.grid(), "b"), c = make_cell_vector(whole.grid(), "b");
  cut.fill_right_hand_side(3, b.get());
  whole.fill_right_hand_side(3, c.get());
  const std::vector<double> values = gathered(cut, b.get()), wanted = gathered(whole, c.get());
  const std::vector<double> mask = gathered(whole, whole.mask());
  double size = 0.0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    // What balances closed water is a sum over ranks.
    EXPECT_NEAR(values[i], wanted[i], 1e-14);
    if (!is_fluid(mask[i])) {
      EXPECT_EQ(values[i], 0.0);
    }
    size += std::abs(values[i]);
  }
  EXPECT_GT(size, 0.0);
  whole.fill_right_hand_side(4, c.get());
  EXPECT_NE(gathered(whole, c.get()), wanted);
}

TEST(Tank, NeedsWater) {
  for (const int most_air : {0, 11})
    EXPECT_THROW(Tank(PETSC_COMM_WORLD, some_tank(most_air), 0, MATSTENCIL), core::Error);
}
