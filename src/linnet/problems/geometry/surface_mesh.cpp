// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/problems/geometry/surface_mesh.hpp>

#include <linnet/core/agreement.hpp>
#include <linnet/core/error.hpp>
#include <linnet/problems/geometry/mesh_readers.hpp>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <fstream>
#include <limits>
#include <numeric>
#include <sstream>

namespace linnet::problems {

namespace {

bool ends_with(const std::string& path, const char* suffix) {
  return std::string_view(path).ends_with(suffix);
}

/// Joins equal points and drops those that no triangle uses, and triangles that thereby lose a
/// side. Files with one copy of a point per patch of the surface are closed only after this.
void weld(SurfaceMesh& mesh) {
  std::vector<int> order;
  std::vector<bool> used(mesh.points.size(), false);
  for (const auto& t : mesh.triangles)
    for (const int p : t) used[static_cast<std::size_t>(p)] = true;
  for (std::size_t p = 0; p < used.size(); ++p)
    if (used[p]) order.push_back(static_cast<int>(p));
  const auto point = [&](int p) -> const core::Real3& {
    return mesh.points[static_cast<std::size_t>(p)];
  };
  std::stable_sort(order.begin(), order.end(), [&](int a, int b) { return point(a) < point(b); });
  std::vector<int> place(mesh.points.size(), -1);
  std::vector<core::Real3> points;
  for (const int p : order) {
    if (points.empty() || points.back() != point(p)) points.push_back(point(p));
    place[static_cast<std::size_t>(p)] = static_cast<int>(points.size()) - 1;
  }
  mesh.points = std::move(points);
  for (auto& t : mesh.triangles)
    for (int& p : t) p = place[static_cast<std::size_t>(p)];
  std::erase_if(mesh.triangles,
                [](const core::Index3& t) { return t[0] == t[1] || t[1] == t[2] || t[2] == t[0]; });
}

} // namespace

SurfaceMesh read_surface_mesh(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) core::throw_data("mesh " + path + ": the file cannot be opened; check the path");
  SurfaceMesh mesh;
  if (ends_with(path, ".msh"))
    mesh = read_msh(in, path);
  else if (ends_with(path, ".stl"))
    mesh = read_stl(in, path);
  else
    core::throw_data("mesh " + path + ": unknown kind of file; allowed: .msh (gmsh), .stl");
  weld(mesh);
  if (mesh.triangles.empty()) core::throw_data("mesh " + path + ": no triangles");
  require_watertight(mesh, path);
  return mesh;
}

SurfaceMesh read_surface_mesh(MPI_Comm comm, const std::string& path) {
  SurfaceMesh mesh;
  core::on_first_rank(comm, [&] { mesh = read_surface_mesh(path); });
  int sizes[2] = {static_cast<int>(mesh.points.size()), static_cast<int>(mesh.triangles.size())};
  MPI_Bcast(sizes, 2, MPI_INT, 0, comm);
  mesh.points.resize(static_cast<std::size_t>(sizes[0]));
  mesh.triangles.resize(static_cast<std::size_t>(sizes[1]));
  MPI_Bcast(mesh.points.data(), 3 * sizes[0], MPI_DOUBLE, 0, comm);
  MPI_Bcast(mesh.triangles.data(), 3 * sizes[1], MPI_INT, 0, comm);
  return mesh;
}

void require_watertight(const SurfaceMesh& mesh, const std::string& name) {
  std::vector<std::array<int, 2>> edges;
  edges.reserve(3 * mesh.triangles.size());
  for (const auto& t : mesh.triangles)
    for (std::size_t n = 0; n < 3; ++n)
      edges.push_back({std::min(t[n], t[(n + 1) % 3]), std::max(t[n], t[(n + 1) % 3])});
  std::sort(edges.begin(), edges.end());
  std::size_t open = 0, first_open = 0;
  for (std::size_t begin = 0, end; begin < edges.size(); begin = end) {
    end = begin;
    while (end < edges.size() && edges[end] == edges[begin]) ++end;
    if ((end - begin) % 2 == 1 && open++ == 0) first_open = begin;
  }
  if (open == 0) return;
  const auto& p = mesh.points[static_cast<std::size_t>(edges[first_open][0])];
  std::ostringstream message;
  message << "mesh " << name << ": the surface has holes: " << open
          << " edges belong to an odd number of triangles, the first at (" << p[0] << ", " << p[1]
          << ", " << p[2] << "); close the surface";
  core::throw_data(message.str());
}

std::array<core::Real3, 2> bounding_box(const SurfaceMesh& mesh) {
  constexpr double far = std::numeric_limits<double>::infinity();
  std::array<core::Real3, 2> box{core::Real3{far, far, far}, core::Real3{-far, -far, -far}};
  for (const auto& p : mesh.points)
    for (std::size_t d = 0; d < 3; ++d) {
      box[0][d] = std::min(box[0][d], p[d]);
      box[1][d] = std::max(box[1][d], p[d]);
    }
  return box;
}

void fit_into(SurfaceMesh& mesh, const core::Real3& lower, const core::Real3& upper) {
  const auto box = bounding_box(mesh);
  double scale = std::numeric_limits<double>::infinity();
  for (std::size_t d = 0; d < 3; ++d)
    if (box[1][d] > box[0][d])
      scale = std::min(scale, (upper[d] - lower[d]) / (box[1][d] - box[0][d]));
  if (!std::isfinite(scale)) scale = 1.0; // a single point
  core::Real3 shift;
  for (std::size_t d = 0; d < 3; ++d)
    shift[d] = 0.5 * (lower[d] + upper[d]) - scale * 0.5 * (box[0][d] + box[1][d]);
  transform(mesh, scale, shift);
}

void transform(SurfaceMesh& mesh, double scale, const core::Real3& shift) {
  for (auto& p : mesh.points)
    for (std::size_t d = 0; d < 3; ++d) {
      p[d] = scale * p[d] + shift[d];
      if (!std::isfinite(p[d]))
        core::throw_usage("a mesh with coordinates this large cannot be scaled and shifted so: "
                          "points would lie at infinity; check the mesh, its scale and its box");
    }
}

double enclosed_volume(const SurfaceMesh& mesh) {
  double six_volumes = 0.0;
  for (const auto& t : mesh.triangles) {
    const auto& a = mesh.points[static_cast<std::size_t>(t[0])];
    const auto& b = mesh.points[static_cast<std::size_t>(t[1])];
    const auto& c = mesh.points[static_cast<std::size_t>(t[2])];
    six_volumes += a[0] * (b[1] * c[2] - b[2] * c[1]) + a[1] * (b[2] * c[0] - b[0] * c[2]) +
                   a[2] * (b[0] * c[1] - b[1] * c[0]);
  }
  return std::fabs(six_volumes) / 6.0;
}

} // namespace linnet::problems
