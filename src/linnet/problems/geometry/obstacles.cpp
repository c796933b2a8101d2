// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/problems/geometry/obstacles.hpp>

#include <linnet/core/random.hpp>
#include <linnet/io/field_reader.hpp>
#include <linnet/problems/cells/cell_values.hpp>
#include <linnet/problems/geometry/voxelise.hpp>

#include <algorithm>
#include <cmath>

namespace linnet::problems {

namespace {

using core::Real3;
using Kind = Obstacle::Kind;

// Streams of one seed by purpose: random fields take the plain sample numbers.
constexpr std::uint64_t obstacle_stream = std::uint64_t{2} << 56;

SurfaceMesh placed_surface(MPI_Comm comm, const Obstacle& o) {
  SurfaceMesh surface = read_surface_mesh(comm, o.file);
  const auto& n = o.numbers;
  if (n.size() == 6) fit_into(surface, {n[0], n[1], n[2]}, {n[3], n[4], n[5]});
  if (n.size() == 4) transform(surface, n[0], {n[1], n[2], n[3]});
  return surface;
}

/// Where the shapes of one rank go.
struct Canvas {
  double* mask;
  double* owners; ///< or NULL
  double owner;   ///< of what is painted

  void fill(std::ptrdiff_t cell) const {
    mask[cell] = 1.0;
    if (owners) owners[cell] = owner;
  }
};

/// Paints shapes into the cells of one rank.
class Painter {
public:
  Painter(const CellGrid& grid, const Domain& domain, const Canvas& canvas, const Turn& turn)
      : grid_(grid), domain_(domain), canvas_(canvas), turn_(turn) {}

  /// Makes solid the cells with a centre that turned back is p, lower <= p < upper, for which
  /// @p inside(p) holds.
  template <class Inside>
  void paint(const Real3& lower, const Real3& upper, Inside inside) {
    const auto [low, high] = reach(lower, upper);
    grid::IndexBox range;
    for (int d = 0; d < 3; ++d) {
      const bool flat = d >= grid_.dim;
      range.lo[d] = flat ? 0 : cell_near(d, low[d]) - 1;
      range.hi[d] = flat ? 1 : cell_near(d, high[d]) + 2;
    }
    visit_cells(grid::intersection(range, grid_.box), [&](int i, int j, int k) {
      const Real3 p = turn_.back(center(i, j, k));
      bool within = true;
      for (int d = 0; d < grid_.dim; ++d) within = within && p[d] >= lower[d] && p[d] < upper[d];
      if (within && inside(p)) canvas_.fill(grid_.local_index(i, j, k)), hit_ = true;
    });
  }

  void sphere(const Real3& c, double radius) {
    Real3 lower, upper;
    for (int d = 0; d < 3; ++d) lower[d] = c[d] - radius, upper[d] = c[d] + radius;
    paint(lower, upper, [&](const Real3& p) {
      double distance = 0.0;
      for (int d = 0; d < grid_.dim; ++d) distance += (p[d] - c[d]) * (p[d] - c[d]);
      return distance <= radius * radius;
    });
  }

  void box(const Real3& lower, const Real3& upper) {
    paint(lower, upper, [](const Real3&) { return true; });
  }

  void cylinder(const Real3& a, const Real3& b, double radius) {
    Real3 lower, upper, axis;
    double length_squared = 0.0;
    for (int d = 0; d < 3; ++d) {
      lower[d] = std::min(a[d], b[d]) - radius, upper[d] = std::max(a[d], b[d]) + radius;
      axis[d] = b[d] - a[d];
      length_squared += axis[d] * axis[d];
    }
    paint(lower, upper, [&](const Real3& p) {
      double along = 0.0, distance = 0.0;
      for (int d = 0; d < 3; ++d) along += (p[d] - a[d]) * axis[d];
      const double t = along / length_squared;
      for (int d = 0; d < 3; ++d) {
        const double off = p[d] - a[d] - t * axis[d];
        distance += off * off;
      }
      return t >= 0.0 && t <= 1.0 && distance <= radius * radius;
    });
  }

  void pillars(const std::vector<double>& n) {
    const Real3 counts{n[0], n[1], 1.0};
    const double height = grid_.dim == 3 ? n[3] : 1.0;
    Real3 upper = domain_.upper;
    upper[2] = domain_.lower[2] + height * domain_.length(2);
    paint(domain_.lower, upper, [&](const Real3& p) {
      for (int d = 0; d < 2; ++d) {
        const double place = (p[d] - domain_.lower[d]) / domain_.length(d) * counts[d];
        const double part = place - std::floor(place) - 0.5;
        if (part < -0.5 * n[2] || part >= 0.5 * n[2]) return false;
      }
      return true;
    });
  }

  void random_shapes(const Obstacle& o, const core::RandomStream& stream) {
    const auto count = static_cast<std::uint64_t>(o.numbers[0]);
    const auto between = [&](double low, double high, std::uint64_t index) {
      return low + (high - low) * stream.uniform(index);
    };
    for (std::uint64_t s = 0; s < count; ++s) {
      Real3 c{}, lower{}, upper{};
      for (int d = 0; d < grid_.dim; ++d) {
        const auto index = 8 * s + static_cast<std::uint64_t>(d);
        c[d] = between(domain_.lower[d], domain_.upper[d], index);
        const double half = between(o.numbers[1], o.numbers[2], index + 4);
        lower[d] = c[d] - half, upper[d] = c[d] + half;
      }
      if (o.kind == Kind::random_boxes)
        box(lower, upper);
      else
        sphere(c, between(o.numbers[1], o.numbers[2], 8 * s + 3));
    }
  }

  void mesh(const Obstacle& o) {
    SurfaceMesh surface = o.surface ? *o.surface : placed_surface(grid_.comm, o);
    for (Real3& p : surface.points) p = turn_.forth(p);
    const auto inside = voxelise(surface, domain_, grid_.cells, grid_.box);
    for (std::size_t c = 0; c < inside.size(); ++c)
      if (inside[c]) canvas_.fill(static_cast<std::ptrdiff_t>(c)), hit_ = true;
  }

  void invert() {
    double* mask = canvas_.mask;
    std::transform(mask, mask + grid_.box.size(), mask, [](double m) { return 1.0 - m; });
    if (canvas_.owners) std::fill_n(canvas_.owners, grid_.box.size(), 0.0);
    hit_ = true;
  }

  /// True when a shape held a cell of this rank, solid before or not.
  [[nodiscard]] bool hit() const { return hit_; }

private:
  /// The box around the turned box [lower, upper].
  [[nodiscard]] std::array<Real3, 2> reach(const Real3& lower, const Real3& upper) const {
    Real3 low = turn_.forth(lower), high = low;
    for (unsigned corner = 1; corner < 8; ++corner) {
      Real3 p;
      for (unsigned d = 0; d < 3; ++d) p[d] = corner & 1u << d ? upper[d] : lower[d];
      p = turn_.forth(p);
      for (std::size_t d = 0; d < 3; ++d)
        low[d] = std::min(low[d], p[d]), high[d] = std::max(high[d], p[d]);
    }
    return {low, high};
  }
  [[nodiscard]] int cell_near(int d, double x) const {
    const double place = std::floor((x - domain_.lower[d]) / domain_.length(d) * grid_.cells[d]);
    // Turned corners beyond the range of double precision may not be numbers.
    return place > -2.0 ? static_cast<int>(std::min(place, grid_.cells[d] + 2.0)) : -2;
  }
  [[nodiscard]] Real3 center(int i, int j, int k) const {
    return {domain_.center(0, i, grid_.cells[0]), domain_.center(1, j, grid_.cells[1]),
            grid_.dim == 3 ? domain_.center(2, k, grid_.cells[2]) : 0.0};
  }

  const CellGrid& grid_;
  const Domain& domain_;
  const Canvas& canvas_;
  const Turn& turn_;
  bool hit_ = false;
};

void paint_entry(Painter& painter, const Obstacle& o, int dim, const core::RandomStream& stream) {
  const auto& n = o.numbers;
  const auto point = [&](std::size_t first) {
    return Real3{n[first], n[first + 1], dim == 3 ? n[first + 2] : 0.0};
  };
  switch (o.kind) {
  case Kind::sphere: painter.sphere(point(0), n.back()); break;
  case Kind::box: painter.box(point(0), point(static_cast<std::size_t>(dim))); break;
  case Kind::cylinder: painter.cylinder(point(0), point(3), n[6]); break;
  case Kind::pillars: painter.pillars(n); break;
  case Kind::random_spheres:
  case Kind::random_boxes: painter.random_shapes(o, stream); break;
  case Kind::mesh: painter.mesh(o); break;
  case Kind::invert: painter.invert(); break;
  case Kind::mask: // add_mask
  case Kind::turn: break;
  }
}

/// Reads a mask into @p read and adds it to @p mask, and its cells to those of @p owner.
PetscErrorCode join_mask(DM cells, const Obstacle& o, Vec read, Vec mask, Vec owners, double owner,
                         int* hit) {
  PetscFunctionBegin;
  LINNET_PETSC_GUARD(io::read_field(o.file, o.dataset, read));
  PetscCall(field_to_mask(cells, read, "mask " + o.file + ":" + o.dataset));
  PetscCall(VecPointwiseMax(mask, mask, read));
  LINNET_PETSC_GUARD(if (owners) {
    const ConstCellValues solid(read);
    CellValues owned(owners);
    for (std::ptrdiff_t c = 0; c < CellGrid::of(cells).box.size(); ++c)
      if (solid[c] > 0.0) owned[c] = owner;
  });
  PetscReal most;
  PetscCall(VecMax(read, nullptr, &most));
  *hit = most > 0.0;
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode add_mask(DM cells, const Obstacle& o, Vec mask, Vec owners, double owner, int* hit) {
  PetscFunctionBegin;
  Vec read;
  PetscCall(DMGetGlobalVector(cells, &read));
  // A refused file must not keep the vector: it and the grid hold each other, neither would go.
  const PetscErrorCode status = join_mask(cells, o, read, mask, owners, owner, hit);
  PetscCall(DMRestoreGlobalVector(cells, &read));
  PetscCall(status);
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode name_unhit(MPI_Comm comm, const std::vector<Obstacle>& obstacles,
                          std::vector<int>& hits, std::vector<std::string>& empty) {
  PetscFunctionBegin;
  PetscCallMPI(MPI_Allreduce(MPI_IN_PLACE, hits.data(), static_cast<int>(hits.size()), MPI_INT,
                             MPI_MAX, comm));
  for (std::size_t place = 0; place < obstacles.size(); ++place)
    if (!hits[place]) empty.push_back(obstacles[place].text);
  PetscFunctionReturn(PETSC_SUCCESS);
}

} // namespace

void read_surfaces(MPI_Comm comm, std::vector<Obstacle>& obstacles) {
  for (Obstacle& o : obstacles)
    if (o.kind == Kind::mesh)
      o.surface = std::make_shared<const SurfaceMesh>(placed_surface(comm, o));
}

PetscErrorCode add_obstacles(DM cells, const Domain& domain, const std::vector<Obstacle>& obstacles,
                             std::uint64_t seed, Vec mask, std::vector<std::string>* empty) {
  PetscFunctionBegin;
  PetscCall(add_obstacles_at(0.0, cells, domain, obstacles, seed, mask, nullptr, empty));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode add_obstacles_at(double time, DM cells, const Domain& domain,
                                const std::vector<Obstacle>& obstacles, std::uint64_t seed,
                                Vec mask, Vec owners, std::vector<std::string>* empty) {
  PetscFunctionBegin;
  CellGrid grid;
  std::vector<int> hits(obstacles.size(), 0);
  LINNET_PETSC_GUARD(grid = CellGrid::of(cells));
  std::uint64_t entry = 0;
  for (std::size_t place = 0; place < obstacles.size(); ++place) {
    const Obstacle& o = obstacles[place];
    const auto owner = static_cast<double>(place + 1);
    if (o.kind == Kind::mask) PetscCall(add_mask(cells, o, mask, owners, owner, &hits[place]));
    const bool random = o.kind == Kind::random_spheres || o.kind == Kind::random_boxes;
    const bool own_seed = random && o.numbers.size() == 4;
    // Entries with the common seed draw apart from each other.
    const core::RandomStream stream(own_seed ? static_cast<std::uint64_t>(o.numbers[3]) : seed,
                                    obstacle_stream + (own_seed ? 0 : entry++));
    LINNET_PETSC_GUARD({
      CellValues values(mask);
      std::optional<CellValues> owned;
      if (owners) owned.emplace(owners);
      const Canvas canvas{values.data(), owned ? owned->data() : nullptr, owner};
      const Turn turn = o.rotation ? Turn(*o.rotation, time) : Turn();
      Painter painter(grid, domain, canvas, turn);
      paint_entry(painter, o, grid.dim, stream);
      if (painter.hit()) hits[place] = 1;
    });
  }
  if (empty) PetscCall(name_unhit(grid.comm, obstacles, hits, *empty));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode field_to_mask(DM cells, Vec field, const std::string& name) {
  PetscFunctionBegin;
  LINNET_PETSC_GUARD({
    const auto grid = CellGrid::of(cells);
    require_cells(grid, field, name, "it must be finite in every cell",
                  [](double v) { return std::isfinite(v); });
    CellValues values(field);
    for (std::ptrdiff_t c = 0; c < grid.box.size(); ++c) values[c] = values[c] < 0.5 ? 0.0 : 1.0;
  });
  PetscFunctionReturn(PETSC_SUCCESS);
}

} // namespace linnet::problems
