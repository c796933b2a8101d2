// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/problems/samples/tank.hpp>

#include <linnet/core/random.hpp>
#include <linnet/problems/diffusion/diffusion_matrix.hpp>
#include <linnet/problems/diffusion/null_space.hpp>
#include <linnet/problems/geometry/components.hpp>
#include <linnet/problems/samples/random_velocity.hpp>

#include <algorithm>

namespace linnet::problems {

namespace {

// Apart from the streams of obstacles and velocities.
constexpr std::uint64_t air_stream = std::uint64_t{7} << 56;

int draw_air(int most, std::uint64_t seed) {
  const double u = core::RandomStream(seed, air_stream).uniform(0);
  return std::min(most, 1 + static_cast<int>(u * most));
}

Owned<Vec> make_mask(DM grid, const TankOptions& options, std::uint64_t seed) {
  const BoxCells& cells = options.cells;
  Owned<Vec> mask = make_cell_vector(grid, "mask");
  LINNET_CHECK(add_obstacles(grid, cells.domain, options.obstacles, seed, mask.get()));
  {
    const auto box = owned_cells(grid);
    const CellArray values(mask.get(), box, grid::Access::read_write);
    const int up = cells.dim - 1, surface = cells.cells[up] - draw_air(options.most_air, seed);
    visit_cells(box, [&](int i, int j, int k) {
      if (std::array{i, j, k}[static_cast<std::size_t>(up)] >= surface) values(i, j, k) = held_cell;
    });
  }
  PetscInt closed = 0;
  LINNET_CHECK(close_isolated_cells(grid, {}, mask.get(), &closed));
  return mask;
}

} // namespace

Tank::Tank(MPI_Comm comm, const TankOptions& options, std::uint64_t seed, MatType type)
    : cells_(options.cells) {
  const int height = cells_.cells[cells_.dim - 1];
  if (options.most_air < 1 || options.most_air >= height)
    core::throw_usage("a tank " + std::to_string(height) + " cells high cannot have " +
                      std::to_string(options.most_air) + " layers of air");
  grid_.reset(create_cell_dm(comm, cells_, false));
  mask_ = make_mask(grid_.get(), options, seed);
  DiffusionSystem system(grid_.get(), model());
  system.assemble(conductivity().get(), mask_.get(), 0.0);
  const FloatingPieces pieces(system, mask_.get(), Compatibility::project);
  Mat matrix = nullptr;
  LINNET_CHECK(DMSetMatType(grid_.get(), type));
  LINNET_CHECK(DMCreateMatrix(grid_.get(), &matrix));
  matrix_.reset(matrix);
  set_matrix(system, pieces.null_vectors() > 0, matrix);
  pieces.attach(grid_.get(), matrix);
}

DiffusionModel Tank::model() const {
  DiffusionModel model;
  model.grid = cells_;
  for (FaceCondition& face : model.boundary) face.kind = BoundaryKind::neumann;
  return model;
}

Owned<Vec> Tank::conductivity() const {
  Owned<Vec> kappa = make_cell_vector(grid_.get(), "kappa");
  LINNET_CHECK(VecSet(kappa.get(), cells_.spacing(0) / cells_.face_area(0)));
  return kappa;
}

void Tank::fill_right_hand_side(std::uint64_t seed, Vec rhs) const {
  DiffusionModel with_source = model();
  const Owned<Vec> source = make_cell_vector(grid_.get(), "source");
  fill_random_divergence(grid_.get(), with_source, mask_.get(), seed, source.get());
  with_source.source_field = source.get();
  DiffusionSystem system(grid_.get(), with_source);
  system.assemble(conductivity().get(), mask_.get(), 0.0);
  const FloatingPieces pieces(system, mask_.get(), Compatibility::project);
  LINNET_CHECK(VecCopy(system.rhs(), rhs));
}

} // namespace linnet::problems
