// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
// The divergence of a random velocity: balanced in closed pieces, open at held cells, the same bits
// on any ranks, and of the size that its definition gives it.
#include <linnet/core/random.hpp>
#include <linnet/problems/samples/random_velocity.hpp>

#include <gtest/gtest.h>

#include <cmath>
#include <functional>

using namespace linnet;
using namespace linnet::problems;

namespace {

struct Field {
  using Function = std::function<double(int, int, int)>;
  Field(MPI_Comm comm, DiffusionModel m, const Function& kind, std::uint64_t seed = 3,
        const Function& owner = nullptr, std::vector<Rotation> rotations = {})
      : model(std::move(m)), cells(create_cell_dm(comm, model.grid, false)),
        mask(filled(kind, "mask")), source(make_cell_vector(cells.get(), "source")) {
    const Owned<Vec> owners = owner ? filled(owner, "owners") : nullptr;
    const WallMotion motion{owners.get(), std::move(rotations)};
    fill_random_divergence(cells.get(), model, mask.get(), seed, source.get(),
                           owner ? &motion : nullptr);
  }

  [[nodiscard]] Owned<Vec> filled(const Function& value, const char* name) const {
    Owned<Vec> vec = make_cell_vector(cells.get(), name);
    const CellArray values(vec.get(), owned_cells(cells.get()), grid::Access::write);
    visit_cells(values.box(), [&](int i, int j, int k) { values(i, j, k) = value(i, j, k); });
    return vec;
  }

  /// In natural order, on all ranks.
  [[nodiscard]] std::vector<double> all() const {
    const auto& n = model.grid.cells;
    std::vector<double> values(static_cast<std::size_t>(core::volume(n)), 0.0);
    {
      const CellArray f(source.get(), owned_cells(cells.get()), grid::Access::read);
      visit_cells(f.box(), [&](int i, int j, int k) {
        values[static_cast<std::size_t>(i + n[0] * (j + n[1] * k))] = f(i, j, k);
      });
    }
    MPI_Allreduce(MPI_IN_PLACE, values.data(), static_cast<int>(values.size()), MPI_DOUBLE, MPI_SUM,
                  PetscObjectComm(reinterpret_cast<PetscObject>(cells.get())));
    return values;
  }

  DiffusionModel model;
  Owned<DM> cells;
  Owned<Vec> mask, source;
};

DiffusionModel box(core::Index3 cells, BoundaryKind kind, int dim = 3) {
  DiffusionModel model;
  model.grid.dim = dim;
  model.grid.cells = cells;
  for (int face = 0; face < 2 * dim; ++face) model.boundary[face].kind = kind;
  for (int d = 0; d < dim; ++d) model.grid.periodic[d] = kind == BoundaryKind::periodic;
  return model;
}

double all_fluid(int, int, int) { return 0.0; }
double block(int i, int j, int k) { return i > 3 && i < 8 && j > 2 && k < 5 ? 1.0 : 0.0; }
/// A wall at i = 5, and held cells on its far side.
double wall_and_air(int i, int, int k) { return i == 5 ? 1.0 : i > 5 && k > 6 ? 2.0 : 0.0; }

double sum(const std::vector<double>& values) {
  double total = 0.0;
  for (const double v : values) total += v;
  return total;
}
double magnitude(const std::vector<double>& values) {
  double total = 0.0;
  for (const double v : values) total += std::abs(v);
  return total;
}

} // namespace

// Sources of 1e3 cells and the size 1 / h: their sum is rounding.
TEST(RandomDivergence, BalancesWhereNothingIsOpen) {
  for (const auto kind : {BoundaryKind::neumann, BoundaryKind::periodic})
    for (const auto mask : {all_fluid, block}) {
      const auto f = Field(PETSC_COMM_WORLD, box({11, 9, 10}, kind), mask).all();
      EXPECT_GT(magnitude(f), 1e3);
      EXPECT_LE(std::abs(sum(f)), 1e-13 * magnitude(f));
    }
  const auto flat =
      Field(PETSC_COMM_WORLD, box({23, 17, 1}, BoundaryKind::neumann, 2), all_fluid).all();
  EXPECT_LE(std::abs(sum(flat)), 1e-13 * magnitude(flat));
  const auto open = Field(PETSC_COMM_WORLD, box({11, 9, 10}, BoundaryKind::dirichlet), block).all();
  EXPECT_GT(std::abs(sum(open)), 1e-3 * magnitude(open));
}

// With a wall in the place of the air, the velocity through the surface is missing and nothing
// else.
TEST(RandomDivergence, HeldCellsAreOpenAndSolidOnesClosed) {
  constexpr core::Index3 n{11, 9, 10};
  const auto model = box(n, BoundaryKind::neumann);
  const auto f = Field(PETSC_COMM_WORLD, model, wall_and_air).all();
  const auto shut = Field(PETSC_COMM_WORLD, model, [](int i, int j, int k) {
                      return wall_and_air(i, j, k) > 0.0 ? 1.0 : 0.0;
                    }).all();
  double left_of_wall = 0.0;
  std::size_t c = 0;
  for (int k = 0; k < n[2]; ++k)
    for (int j = 0; j < n[1]; ++j)
      for (int i = 0; i < n[0]; ++i, ++c) {
        if (wall_and_air(i, j, k) > 0.0) {
          EXPECT_EQ(f[c], 0.0);
        }
        EXPECT_EQ(f[c] != shut[c], i > 5 && k == 6) << i << "," << j << "," << k;
        if (i < 5) left_of_wall += f[c];
      }
  EXPECT_LE(std::abs(left_of_wall), 1e-13 * magnitude(f));
  EXPECT_LE(std::abs(sum(shut)), 1e-13 * magnitude(f));
}

TEST(RandomDivergence, SameBitsOnAnyRanksAndAnotherFieldBySeed) {
  for (const auto kind : {BoundaryKind::neumann, BoundaryKind::periodic}) {
    const auto model = box({11, 9, 10}, kind);
    const auto all = Field(PETSC_COMM_WORLD, model, block).all();
    EXPECT_EQ(Field(PETSC_COMM_SELF, model, block).all(), all);
    EXPECT_NE(Field(PETSC_COMM_WORLD, model, block, 4).all(), all);
  }
}

// The velocity of a body enters at its faces, and nowhere else; that of a rotation adds up to zero
// over the faces of any body made of cells.
TEST(RandomDivergence, WallsMoveWithTheirSolid) {
  constexpr core::Index3 n{11, 9, 10};
  const auto block_at_the_end = [](int i, int j, int k) {
    return i < 2 && j > 2 && j < 6 && k > 1 && k < 5 ? 1.0 : 0.0;
  };
  const auto block_and_wall = [](int i, int j, int k) {
    return j > 2 && j < 6 && k > 1 && i > 2 && i < 6 && k < 6 ? 1.0 : i == 8 ? 1.0 : 0.0;
  };
  Rotation turn;
  turn.center = {0.3, 0.5, 0.1}, turn.axis = {0.6, 0.0, 0.8}, turn.rate = 2.0;
  for (const auto kind : {BoundaryKind::neumann, BoundaryKind::periodic}) {
    const auto model = box(n, kind);
    double (*mask)(int, int, int) =
        kind == BoundaryKind::periodic ? +block_at_the_end : +block_and_wall;
    const auto moves = [&](int i, int j, int k) { return mask(i, j, k) == 1.0 && i != 8; };
    const auto still = Field(PETSC_COMM_WORLD, model, mask).all();
    const auto turning =
        Field(PETSC_COMM_WORLD, model, mask, 3,
              [&](int i, int j, int k) -> double { return moves(i, j, k) ? 2.0 : 0.0; },
              {Rotation{}, turn})
            .all();
    std::vector<double> expected(still.size(), 0.0);
    for (int c = 0; c < static_cast<int>(still.size()); ++c) {
      const core::Index3 at{c % n[0], c / n[0] % n[1], c / (n[0] * n[1])};
      if (mask(at[0], at[1], at[2]) > 0.0) continue;
      for (int d = 0; d < 3; ++d)
        for (int side = 0; side < 2; ++side) {
          core::Index3 next = at;
          next[d] += side ? 1 : -1;
          if (kind == BoundaryKind::periodic) next[d] = (next[d] + n[d]) % n[d];
          if (next[d] < 0 || next[d] >= n[d] || !moves(next[0], next[1], next[2])) continue;
          const auto p = model.grid.face_center(next[0], next[1], next[2], d, 1 - side);
          const double x = p[0] - 0.3, y = p[1] - 0.5, z = p[2] - 0.1; // 2 (0.6, 0, 0.8) x (x,y,z)
          const double v[3] = {-1.6 * y, 1.6 * x - 1.2 * z, 1.2 * y};
          expected[static_cast<std::size_t>(c)] +=
              (side ? -v[d] : v[d]) / model.grid.spacing(d); // -div v
        }
    }
    EXPECT_GT(magnitude(expected), 10.0);
    EXPECT_LE(std::abs(sum(expected)), 1e-13 * magnitude(expected));
    for (std::size_t c = 0; c < still.size(); ++c)
      EXPECT_NEAR(turning[c] - still[c], expected[c], 1e-11) << c; // beside sources of size 1e2
  }
}

// The mean square of -div v over many seeds. Sines: sum over the directions of (2 pi k / L)^2 times
// that of the difference quotient, sin(x) / x with x = pi k / n, squared, k = 1..4 equally often.
// Noise: 2 (0.1 / h)^2 per direction. 300 seeds of 18 independent sines: to 3 %.
TEST(RandomDivergence, HasTheSizeOfItsDefinition) {
  constexpr int n = 12;
  auto model = box({n, n, n}, BoundaryKind::periodic);
  double mean = 0.0, expected = 0.0;
  for (std::uint64_t seed = 0; seed < 300; ++seed)
    for (const double f : Field(PETSC_COMM_SELF, model, all_fluid, seed).all())
      mean += f * f / (300.0 * n * n * n);
  for (int k = 1; k <= 4; ++k)
    expected += 3.0 * std::pow(2.0 * n * std::sin(M_PI * k / n), 2) / 4.0;
  expected += 3.0 * 2.0 * 0.01 * n * n;
  EXPECT_NEAR(mean / expected, 1.0, 0.1);
}
