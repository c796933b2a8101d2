// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/core/error.hpp>
#include <linnet/problems/geometry/mesh_readers.hpp>

#include <bit>
#include <cmath>
#include <cstdint>
#include <cstring>

namespace linnet::problems {

namespace {

constexpr std::int64_t header_size = 84, facet_size = 50;

[[noreturn]] void fail(const std::string& name, const std::string& what) {
  core::throw_data("mesh " + name + ": " + what);
}

void add_triangle(SurfaceMesh& mesh, const std::array<core::Real3, 3>& points,
                  const std::string& name) {
  if (mesh.points.size() > most_mesh_points - 3) fail(name, "the file has too many facets");
  const int first = static_cast<int>(mesh.points.size());
  mesh.points.insert(mesh.points.end(), points.begin(), points.end());
  mesh.triangles.push_back({first, first + 1, first + 2});
}

void require_finite(const core::Real3& point, const std::string& name, std::size_t facet) {
  for (const double x : point)
    if (!std::isfinite(x))
      fail(name, "a coordinate of facet " + std::to_string(facet) + " is not finite");
}

/// The format is little endian, as all machines that we know of are.
template <class Value>
Value load(const char* bytes) {
  static_assert(std::endian::native == std::endian::little);
  Value value;
  std::memcpy(&value, bytes, sizeof value);
  return value;
}

SurfaceMesh read_binary(std::istream& in, const std::string& name, std::uint32_t facets) {
  SurfaceMesh mesh;
  std::array<char, facet_size> bytes{};
  for (std::uint32_t f = 0; f < facets; ++f) {
    if (!in.read(bytes.data(), facet_size)) fail(name, "the file is truncated");
    std::array<core::Real3, 3> points;
    for (std::size_t p = 0; p < 3; ++p) {
      for (std::size_t d = 0; d < 3; ++d)
        points[p][d] = static_cast<double>(load<float>(bytes.data() + 12 * (p + 1) + 4 * d));
      require_finite(points[p], name, f + 1);
    }
    add_triangle(mesh, points, name);
  }
  return mesh;
}

SurfaceMesh read_ascii(std::istream& in, const std::string& name) {
  SurfaceMesh mesh;
  std::array<core::Real3, 3> points;
  std::size_t corners = 0;
  bool ended = false;
  std::string word;
  while (in >> word) {
    if (word == "endsolid") ended = true;
    if (word != "vertex") continue;
    core::Real3 point;
    const auto facet = mesh.triangles.size() + 1;
    for (double& x : point)
      if (!(in >> x))
        fail(name, "facet " + std::to_string(facet) + " has a vertex without three numbers");
    require_finite(point, name, facet);
    points[corners++] = point;
    if (corners == 3) add_triangle(mesh, points, name), corners = 0;
  }
  if (corners != 0 || !ended) fail(name, "the file is truncated (no endsolid)");
  return mesh;
}

} // namespace

SurfaceMesh read_stl(std::istream& in, const std::string& name) {
  in.seekg(0, std::ios::end);
  const auto size = static_cast<std::int64_t>(in.tellg());
  in.seekg(0);
  std::array<char, header_size> header{};
  in.read(header.data(), header_size);
  // A binary file may begin with "solid" too; only its size tells.
  if (in) {
    const auto facets = load<std::uint32_t>(header.data() + 80);
    if (size == header_size + facet_size * std::int64_t{facets})
      return read_binary(in, name, facets);
  }
  if (std::memcmp(header.data(), "solid", 5) != 0)
    fail(name, "neither an ASCII STL (begins with 'solid') nor a binary one of the right size");
  in.clear();
  in.seekg(0);
  return read_ascii(in, name);
}

} // namespace linnet::problems
