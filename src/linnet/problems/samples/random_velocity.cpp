// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/problems/samples/random_velocity.hpp>

#include <linnet/core/random.hpp>

#include <cmath>

namespace linnet::problems {

namespace {

// Apart from the streams of media, obstacles and Ritz samples; one more per direction.
constexpr std::uint64_t mode_stream = std::uint64_t{5} << 56;
constexpr std::uint64_t noise_stream = std::uint64_t{6} << 56;

constexpr int modes = 6;
constexpr double two_pi = 6.283185307179586476925;

/// Component @p d of the velocity at the low faces of the cells of a box and at its last high ones.
class Component {
public:
  Component(const BoxCells& grid, const grid::IndexBox& box, int d, std::uint64_t seed)
      : grid_(grid), d_(d), lo_(box.lo),
        noise_(seed, noise_stream + static_cast<std::uint64_t>(d)) {
    const core::RandomStream stream(seed, mode_stream + static_cast<std::uint64_t>(d));
    // The mean square of a sine is 1/2 in each direction.
    const double scale = std::sqrt(std::pow(2.0, grid.dim) / modes);
    for (std::uint64_t m = 0; m < modes; ++m) {
      amplitude_[m] = scale * stream.normal(8 * m);
      for (int e = 0; e < grid.dim; ++e) {
        const std::uint64_t index = 8 * m + 2 * static_cast<std::uint64_t>(e);
        const double k = 1.0 + std::floor(4.0 * stream.uniform(index + 1));
        const double phase = two_pi * stream.uniform(index + 2);
        auto& sines = sines_[m][static_cast<std::size_t>(e)];
        for (int i = box.lo[e]; i <= box.hi[e]; ++i) {
          const double place = (e == d ? i : i + 0.5) / grid.cells[e];
          sines.push_back(std::sin(two_pi * k * place + phase));
        }
      }
    }
  }

  /// At the low face of cell (i,j,k).
  double operator()(int i, int j, int k) const {
    double sum = 0.0;
    for (std::size_t m = 0; m < modes; ++m) {
      double product = amplitude_[m] * at(m, 0, i) * at(m, 1, j);
      if (grid_.dim == 3) product *= at(m, 2, k);
      sum += product;
    }
    core::Index3 face{i, j, k};
    if (grid_.periodic[d_]) face[d_] %= grid_.cells[d_];
    const auto number = face[0] + (grid_.cells[0] + std::int64_t{1}) *
                                      (face[1] + (grid_.cells[1] + std::int64_t{1}) * face[2]);
    return sum + 0.1 * noise_.normal(static_cast<std::uint64_t>(number));
  }

private:
  [[nodiscard]] double at(std::size_t m, std::size_t e, int i) const {
    return sines_[m][e][static_cast<std::size_t>(i - lo_[e])];
  }

  const BoxCells& grid_;
  int d_;
  core::Index3 lo_;
  core::RandomStream noise_;
  double amplitude_[modes] = {};
  std::array<std::vector<double>, 3> sines_[modes];
};

/// What the velocity meets at the faces.
class Walls {
public:
  Walls(DM cells, const DiffusionModel& model, Vec mask, const WallMotion* motion)
      : model_(model), motion_(motion) {
    if (!mask) return;
    ghosted_mask_ = with_ghosts(cells, mask);
    mask_.emplace(ghosted_mask_.get(), ghosted_cells(cells), grid::Access::read);
    if (!motion) return;
    ghosted_owners_ = with_ghosts(cells, motion->owners);
    owners_.emplace(ghosted_owners_.get(), ghosted_cells(cells), grid::Access::read);
  }
  [[nodiscard]] bool fluid(int i, int j, int k) const { return !mask_ || (*mask_)(i, j, k) < 0.5; }
  /// Velocity of the wall at the low face of cell @p at in direction @p d; none where there is no
  /// wall.
  [[nodiscard]] std::optional<double> velocity(const core::Index3& at, int d) const {
    core::Index3 below = at;
    --below[d];
    if (shut(at, 2 * d + 1)) return of_solid(at, d, 0);
    if (shut(below, 2 * d)) return of_solid(below, d, 1);
    return std::nullopt;
  }

private:
  [[nodiscard]] bool outside(const core::Index3& c, int d) const {
    return !model_.grid.periodic[d] && (c[d] < 0 || c[d] >= model_.grid.cells[d]);
  }
  /// True if cell @p c keeps the velocity out; where it lies outside, it is behind face @p face.
  [[nodiscard]] bool shut(const core::Index3& c, int face) const {
    if (outside(c, face / 2)) return model_.boundary[face].kind == BoundaryKind::neumann;
    return mask_ && is_solid((*mask_)(c[0], c[1], c[2]));
  }
  /// Of the cell @p c that is shut, at its face on @p side of direction @p d.
  [[nodiscard]] double of_solid(core::Index3 c, int d, int side) const {
    if (!owners_ || outside(c, d)) return 0.0;
    const auto owner = static_cast<std::size_t>((*owners_)(c[0], c[1], c[2]));
    if (owner == 0) return 0.0;
    // Beyond a periodic face lies a copy of the body.
    c[d] = (c[d] + model_.grid.cells[d]) % model_.grid.cells[d];
    const core::Real3 p = model_.grid.face_center(c[0], c[1], c[2], d, side);
    return motion_->rotations[owner - 1].velocity(p)[static_cast<std::size_t>(d)];
  }

  const DiffusionModel& model_;
  const WallMotion* motion_;
  Owned<Vec> ghosted_mask_, ghosted_owners_;
  std::optional<CellArray> mask_, owners_;
};

} // namespace

void fill_random_divergence(DM cells, const DiffusionModel& model, Vec mask, std::uint64_t seed,
                            Vec source, const WallMotion* motion) {
  const grid::IndexBox box = owned_cells(cells);
  const Walls walls(cells, model, mask, motion);
  LINNET_CHECK(VecZeroEntries(source));
  const CellArray f(source, box, grid::Access::read_write);
  for (int d = 0; d < model.grid.dim; ++d) {
    const Component velocity(model.grid, box, d, seed);
    const double h = model.grid.spacing(d);
    grid::IndexBox faces = box;
    ++faces.hi[d];
    visit_cells(faces, [&](int i, int j, int k) {
      const core::Index3 at{i, j, k};
      const auto wall = walls.velocity(at, d);
      const double v = (wall ? *wall : velocity(i, j, k)) / h;
      core::Index3 below = at;
      --below[d];
      if (below[d] >= box.lo[d]) f(below[0], below[1], below[2]) -= v;
      if (at[d] < box.hi[d]) f(i, j, k) += v;
    });
  }
  visit_cells(box, [&](int i, int j, int k) {
    if (!walls.fluid(i, j, k)) f(i, j, k) = 0.0;
  });
}

} // namespace linnet::problems
