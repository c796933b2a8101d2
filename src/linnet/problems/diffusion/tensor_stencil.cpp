// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Multi-point fluxes for a full tensor in 2-D: 9-point rows. See diffusion.hpp.
///
/// Around a grid vertex lie four quarter cells, numbered cx + 2 cy, and four half faces: 0 and 1
/// between the left and right cells (lower, upper), 2 and 3 between the lower and upper cells
/// (left, right). Each half face carries one unknown value, each quarter cell the gradient that its
/// cell value and its two half faces define.
#include <linnet/problems/diffusion/diffusion.hpp>

#include <cmath>

namespace linnet::problems::detail {

namespace {

constexpr int x_face(int c) { return c / 2; }
constexpr int y_face(int c) { return 2 + c % 2; }

/// A half face: shared by two cells, held at a value, or closed by exchange and load.
struct HalfFace {
  bool used = false, fixed = false;
  double value = 0.0;    ///< if fixed
  double exchange = 0.0; ///< outflow = exchange * face value - load
  double load = 0.0;
};

/// Quarter cell: inflow = ax (fx - u) + ay (fy - u) for its two faces, see energy form below.
struct Quarter {
  bool used = false;
  double xx = 0.0, yy = 0.0, xy = 0.0; ///< form 1/2 [xx dx^2 + yy dy^2 + 2 xy dx dy]
};

/// The half-face values around one vertex, f = F u + f0, and their distance `ground` from what
/// constant cell values 1 give (0 unless some face is fixed or exchanges).
struct Vertex {
  Quarter quarter[4];
  HalfFace half[4];
  double F[4][4] = {};
  double f0[4] = {};
  double ground[4] = {};
};

/// Solves M X = R for a symmetric positive definite 4x4 M and six right-hand sides, in place.
void solve_spd(double (&m)[4][4], double (&r)[4][6]) {
  for (int p = 0; p < 4; ++p) {
    for (int q = p + 1; q < 4; ++q) {
      const double factor = m[q][p] / m[p][p];
      if (factor == 0.0) continue;
      for (int s = p; s < 4; ++s) m[q][s] -= factor * m[p][s];
      for (int s = 0; s < 6; ++s) r[q][s] -= factor * r[p][s];
    }
  }
  for (int p = 3; p >= 0; --p)
    for (int s = 0; s < 6; ++s) {
      for (int q = p + 1; q < 4; ++q) r[p][s] -= m[p][q] * r[q][s];
      r[p][s] /= m[p][p];
    }
}

class Vertices {
public:
  explicit Vertices(const DiffusionSystem& system)
      : system_(system), model_(system.model()),
        kappa_(system.ghosted_kappa(), ghosted_cells(system.dm()), grid::Access::read) {
    if (system.ghosted_mask())
      mask_.emplace(system.ghosted_mask(), ghosted_cells(system.dm()), grid::Access::read);
    const double h[2] = {model_.grid.spacing(0), model_.grid.spacing(1)};
    unit_[0] = model_.tensor.diagonal[0] * h[1] / h[0];
    unit_[1] = model_.tensor.diagonal[1] * h[0] / h[1];
    half_length_[0] = 0.5 * h[1];
    half_length_[1] = 0.5 * h[0];
  }

  [[nodiscard]] bool inside(int i, int j) const {
    const auto& g = model_.grid;
    return (g.periodic[0] || (i >= 0 && i < g.cells[0])) &&
           (g.periodic[1] || (j >= 0 && j < g.cells[1]));
  }
  [[nodiscard]] bool fluid(int i, int j) const {
    return inside(i, j) && !(mask_ && (*mask_)(i, j, 0) >= 0.5);
  }

  /// The vertex at the low corner of cell (i,j).
  [[nodiscard]] Vertex at(int i, int j) const {
    Vertex v;
    for (int c = 0; c < 4; ++c) set_quarter(v.quarter[c], i - 1 + c % 2, j - 1 + c / 2, c);
    for (int f = 0; f < 4; ++f) set_half(v, f, i, j);
    eliminate(v);
    return v;
  }

private:
  void set_quarter(Quarter& q, int i, int j, int c) const {
    q.used = fluid(i, j);
    if (!q.used) return;
    const double kappa = kappa_(i, j, 0), sign = (c % 2 == 0 ? 1 : -1) * (c / 2 == 0 ? 1 : -1);
    q.xx = kappa * unit_[0];
    q.yy = kappa * unit_[1];
    q.xy = sign * kappa * model_.tensor.xy;
  }

  void set_half(Vertex& v, int f, int i, int j) const {
    const int d = f < 2 ? 0 : 1;
    const int low = f == 0 ? 0 : f == 1 ? 2 : f == 2 ? 0 : 1, high = low + (d == 0 ? 1 : 2);
    HalfFace& half = v.half[f];
    half.used = v.quarter[low].used || v.quarter[high].used;
    if (!half.used || (v.quarter[low].used && v.quarter[high].used)) return;
    const int here = v.quarter[low].used ? low : high, there = here == low ? high : low;
    const int ti = i - 1 + there % 2, tj = j - 1 + there / 2;
    if (inside(ti, tj)) { // a solid cell
      half.fixed = model_.wall == WallKind::fixed_value;
      half.value = model_.wall_value;
      return;
    }
    close(half, i - 1 + here % 2, j - 1 + here / 2, 2 * d + (here == low ? 1 : 0));
  }

  void close(HalfFace& half, int i, int j, int face) const {
    const auto& g = model_.grid; // ghosts over a periodic boundary stand for the cell they copy
    const int ci = (i + g.cells[0]) % g.cells[0], cj = (j + g.cells[1]) % g.cells[1];
    const FacePoint p = condition_at(model_.boundary, g, ci, cj, 0, face, system_.time());
    const double length = half_length_[face / 2];
    half.fixed = model_.boundary[face].kind == BoundaryKind::dirichlet;
    half.value = p.value;
    half.exchange = length * p.coefficient;
    half.load = half.fixed ? 0.0 : length * p.value;
  }

  // Right-hand sides: four unit cell values, the data, and the ground.
  static void eliminate(Vertex& v) {
    double m[4][4] = {}, r[4][6] = {};
    for (int c = 0; c < 4; ++c) {
      const Quarter& q = v.quarter[c];
      if (!q.used) continue;
      const int fx = x_face(c), fy = y_face(c);
      m[fx][fx] += q.xx, m[fy][fy] += q.yy;
      m[fx][fy] += q.xy, m[fy][fx] += q.xy;
      r[fx][c] += q.xx + q.xy, r[fy][c] += q.yy + q.xy;
    }
    for (int f = 0; f < 4; ++f) {
      m[f][f] += v.half[f].exchange;
      r[f][4] += v.half[f].load;
      r[f][5] += v.half[f].exchange;
    }
    for (int f = 0; f < 4; ++f) {
      if (v.half[f].used && !v.half[f].fixed) continue;
      const double ground = v.half[f].fixed ? 1.0 : 0.0;
      for (int g = 0; g < 4; ++g) {
        r[g][4] -= m[g][f] * v.half[f].value;
        r[g][5] -= m[g][f] * ground;
        m[g][f] = m[f][g] = 0.0;
      }
      m[f][f] = 1.0;
      for (double& entry : r[f]) entry = 0.0;
      r[f][4] = v.half[f].value;
      r[f][5] = ground;
    }
    solve_spd(m, r);
    for (int f = 0; f < 4; ++f) {
      for (int c = 0; c < 4; ++c) v.F[f][c] = r[f][c];
      v.f0[f] = r[f][4];
      v.ground[f] = r[f][5];
    }
  }

  const DiffusionSystem& system_;
  const DiffusionModel& model_;
  CellArray kappa_;
  std::optional<CellArray> mask_;
  double unit_[2];
  double half_length_[2];
};

/// Place of the offset (dx, dy) among the couplings of a 9-point row; -1 for the lower half.
int coupling_number(int dx, int dy) {
  for (int m = 0; m < kernels::coupling_count(kernels::StencilPattern::box2d); ++m) {
    const auto o = kernels::upper_offset(kernels::StencilPattern::box2d, m);
    if (o.x == dx && o.y == dy) return m;
  }
  return -1;
}

} // namespace

namespace {

/// Calls body(vertex, c, at) for the quarters c of vertices that lie in an owned fluid cell @p at.
template <class Body>
void visit_quarters(const DiffusionSystem& system, const Body& body) {
  const Vertices vertices(system);
  const grid::IndexBox box = owned_cells(system.dm());
  const grid::IndexBox touched{box.lo, {box.hi[0] + 1, box.hi[1] + 1, 1}};
  visit_cells(touched, [&](int i, int j, int) {
    const Vertex v = vertices.at(i, j);
    for (int c = 0; c < 4; ++c) {
      const core::Index3 at{i - 1 + c % 2, j - 1 + c / 2, 0};
      if (v.quarter[c].used && box.contains(at)) body(v, c, at);
    }
  });
}

/// Outflow of the quarter c per difference of its cell and @p face, values at the faces.
double weighted(const Vertex& v, int c, const double (&face)[4]) {
  const Quarter& q = v.quarter[c];
  return (q.xx + q.xy) * face[x_face(c)] + (q.yy + q.xy) * face[y_face(c)];
}

} // namespace

void assemble_tensor(const DiffusionSystem& system) {
  const grid::IndexBox box = owned_cells(system.dm());
  const CellArray sum(system.row_sum(), box, grid::Access::read_write);
  const CellArray b(system.rhs(), box, grid::Access::read_write);
  visit_quarters(system, [&](const Vertex& v, int c, const core::Index3& at) {
    sum(at[0], at[1], 0) += weighted(v, c, v.ground);
    b(at[0], at[1], 0) += weighted(v, c, v.f0);
  });
}

void couple_tensor(const DiffusionSystem& system, const std::vector<Vec>& couplings) {
  std::optional<CellArray> coupling[4];
  for (std::size_t m = 0; m < 4; ++m)
    coupling[m].emplace(couplings[m], owned_cells(system.dm()), grid::Access::read_write);
  visit_quarters(system, [&](const Vertex& v, int c, const core::Index3& at) {
    for (int e = 0; e < 4; ++e) {
      const int m = coupling_number(e % 2 - c % 2, e / 2 - c / 2);
      if (m < 0 || !v.quarter[e].used) continue;
      const double share[4] = {v.F[0][e], v.F[1][e], v.F[2][e], v.F[3][e]};
      (*coupling[m])(at[0], at[1], 0) += weighted(v, c, share);
    }
  });
}

void visit_tensor(const DiffusionSystem& system, Vec ghosted_u, const InflowVisitor& visit) {
  const Vertices vertices(system);
  const grid::IndexBox box = owned_cells(system.dm());
  const core::Index3 n = box.extent();
  const CellArray u(ghosted_u, ghosted_cells(system.dm()), grid::Access::read);
  std::vector<std::array<double, 6>> inflow(static_cast<std::size_t>(box.size()));
  const grid::IndexBox touched{box.lo, {box.hi[0] + 1, box.hi[1] + 1, 1}};
  visit_cells(touched, [&](int i, int j, int) {
    const Vertex v = vertices.at(i, j);
    double f[4];
    for (int h = 0; h < 4; ++h) {
      f[h] = v.f0[h];
      for (int c = 0; c < 4; ++c)
        if (v.quarter[c].used) f[h] += v.F[h][c] * u(i - 1 + c % 2, j - 1 + c / 2, 0);
    }
    for (int c = 0; c < 4; ++c) {
      const core::Index3 at{i - 1 + c % 2, j - 1 + c / 2, 0};
      const Quarter& q = v.quarter[c];
      if (!q.used || !box.contains(at)) continue;
      const double dx = f[x_face(c)] - u(at[0], at[1], 0), dy = f[y_face(c)] - u(at[0], at[1], 0);
      auto& cell = inflow[static_cast<std::size_t>(at[0] - box.lo[0]) +
                          static_cast<std::size_t>(n[0]) * (at[1] - box.lo[1])];
      cell[c % 2 == 0 ? 1 : 0] += q.xx * dx + q.xy * dy;
      cell[c / 2 == 0 ? 3 : 2] += q.yy * dy + q.xy * dx;
    }
  });
  visit_cells(box, [&](int i, int j, int k) {
    if (!vertices.fluid(i, j)) return;
    double faces[6];
    const auto& cell = inflow[static_cast<std::size_t>(i - box.lo[0]) +
                              static_cast<std::size_t>(n[0]) * (j - box.lo[1])];
    for (int face = 0; face < 6; ++face) faces[face] = cell[static_cast<std::size_t>(face)];
    visit(i, j, k, faces);
  });
}

} // namespace linnet::problems::detail
