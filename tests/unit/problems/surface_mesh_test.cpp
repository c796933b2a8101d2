// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include "cell_grid_fixture.hpp"

#include <linnet/problems/geometry/surface_mesh.hpp>
#include <linnet/problems/geometry/voxelise.hpp>

#include <cmath>
#include <cstdio>
#include <fstream>
#include <numbers>

#include <unistd.h>

using namespace linnet;
using problems::SurfaceMesh;

namespace {

/// Octahedron refined onto the unit sphere: its poles and meridians lie on grid lines.
SurfaceMesh sphere(int refinements) {
  SurfaceMesh mesh;
  mesh.points = {{1, 0, 0}, {-1, 0, 0}, {0, 1, 0}, {0, -1, 0}, {0, 0, 1}, {0, 0, -1}};
  mesh.triangles = {{0, 2, 4}, {2, 1, 4}, {1, 3, 4}, {3, 0, 4},
                    {2, 0, 5}, {1, 2, 5}, {3, 1, 5}, {0, 3, 5}};
  for (int r = 0; r < refinements; ++r) {
    std::vector<core::Index3> finer;
    const auto middle = [&](int a, int b) {
      core::Real3 p;
      double norm = 0.0;
      for (std::size_t d = 0; d < 3; ++d) {
        p[d] = mesh.points[static_cast<std::size_t>(a)][d] +
               mesh.points[static_cast<std::size_t>(b)][d];
        norm += p[d] * p[d];
      }
      for (double& x : p) x /= std::sqrt(norm);
      for (std::size_t q = 0; q < mesh.points.size(); ++q)
        if (std::fabs(p[0] - mesh.points[q][0]) + std::fabs(p[1] - mesh.points[q][1]) +
                std::fabs(p[2] - mesh.points[q][2]) <
            1e-9)
          return static_cast<int>(q);
      mesh.points.push_back(p);
      return static_cast<int>(mesh.points.size()) - 1;
    };
    for (const auto t : mesh.triangles) {
      const int a = middle(t[0], t[1]), b = middle(t[1], t[2]), c = middle(t[2], t[0]);
      finer.insert(finer.end(), {{t[0], a, c}, {a, t[1], b}, {c, b, t[2]}, {a, b, c}});
    }
    mesh.triangles = finer;
  }
  return mesh;
}

double volume(const SurfaceMesh& mesh, const problems::Domain& domain, const core::Index3& n) {
  double cells = 0.0;
  for (const auto inside : problems::voxelise(mesh, domain, n, {{0, 0, 0}, n})) cells += inside;
  return cells * domain.length(0) * domain.length(1) * domain.length(2) /
         static_cast<double>(core::volume(n));
}

/// A file of this rank alone, gone at the end.
class TemporaryFile {
public:
  TemporaryFile(const std::string& suffix, const std::string& text) {
    path_ = testing::TempDir() + "linnet_mesh_" + std::to_string(getpid()) + suffix;
    std::ofstream(path_, std::ios::binary) << text;
  }
  ~TemporaryFile() { std::remove(path_.c_str()); }
  [[nodiscard]] const std::string& path() const { return path_; }

private:
  std::string path_;
};

std::string refusal(const std::string& text, const std::string& suffix = ".msh") {
  const TemporaryFile file(suffix, text);
  return test::message_of([&] { problems::read_surface_mesh(file.path()); });
}

const std::string head22 = "$MeshFormat\n2.2 0 8\n$EndMeshFormat\n";
const std::string nodes22 = "$Nodes\n4\n1 0 0 0\n2 1 0 0\n3 0 1 0\n4 0 0 1\n$EndNodes\n";
const std::string faces22 = "$Elements\n5\n1 15 2 0 1 1\n2 2 2 0 1 1 2 3\n3 2 2 0 1 1 2 4\n"
                            "4 2 2 0 1 1 3 4\n5 2 2 0 1 2 3 4\n$EndElements\n";

const char* impeller = LINNET_MESHES "/impeller.msh";

} // namespace

TEST(Voxelise, SphereVolumeConverges) {
  const auto mesh = sphere(5);
  const problems::Domain domain{{-1.25, -1.25, -1.25}, {1.25, 1.25, 1.25}};
  const double exact = problems::enclosed_volume(mesh);
  EXPECT_NEAR(exact, 4.0 / 3.0 * std::numbers::pi, 0.01);
  EXPECT_NEAR(volume(mesh, domain, {20, 20, 20}) / exact, 1.0, 0.03);
  EXPECT_NEAR(volume(mesh, domain, {80, 80, 80}) / exact, 1.0, 0.004);
}

// Odd numbers of cells put rays through poles, corners and along edges.
TEST(Voxelise, RaysThroughCornersAndEdges) {
  const problems::Domain domain{{-1.5, -1.5, -1.5}, {1.5, 1.5, 1.5}};
  for (int refinements = 0; refinements < 4; ++refinements) {
    auto mesh = sphere(refinements);
    for (const int n : {3, 9, 15, 33}) {
      const core::Index3 cells{n, n, n};
      const auto inside = problems::voxelise(mesh, domain, cells, {{0, 0, 0}, cells});
      for (std::size_t c = 0; c < inside.size(); ++c) {
        const auto p = static_cast<int>(c);
        const double x = domain.center(0, p % n, n), y = domain.center(1, p / n % n, n),
                     z = domain.center(2, p / n / n, n);
        const double r = std::sqrt(x * x + y * y + z * z);
        if (r > 1.0 + 1e-12) {
          EXPECT_EQ(inside[c], 0) << n << " " << c;
        } else if (r < 0.577) {
          EXPECT_EQ(inside[c], 1) << n << " " << c;
        }
      }
    }
  }
}

TEST(Voxelise, AlignedBoxHasItsExactCells) {
  // Faces through cell centres: whichever side they fall, opposite faces fall the same way.
  SurfaceMesh cube;
  for (int p = 0; p < 8; ++p)
    cube.points.push_back({0.25 + 0.5 * (p & 1), 0.25 + 0.5 * (p >> 1 & 1), 0.25 + 0.5 * (p >> 2)});
  cube.triangles = {{0, 1, 3}, {0, 3, 2}, {4, 5, 7}, {4, 7, 6}, {0, 1, 5}, {0, 5, 4},
                    {2, 3, 7}, {2, 7, 6}, {0, 2, 6}, {0, 6, 4}, {1, 3, 7}, {1, 7, 5}};
  problems::require_watertight(cube, "cube");
  EXPECT_DOUBLE_EQ(volume(cube, {}, {8, 8, 8}), 0.125);
  EXPECT_DOUBLE_EQ(volume(cube, {}, {10, 14, 2}), 0.5 * 0.5 * 0.5); // centres (i+1/2)/10 = .25, .75
}

TEST(Voxelise, EveryBoxAloneAndAnyOrientation) {
  auto mesh = problems::read_surface_mesh(impeller);
  const problems::Domain domain{{-1.1, -1.1, -0.2}, {1.1, 1.1, 0.9}};
  const core::Index3 n{37, 31, 19};
  const auto whole = problems::voxelise(mesh, domain, n, {{0, 0, 0}, n});
  for (std::size_t t = 0; t < mesh.triangles.size(); t += 2)
    std::swap(mesh.triangles[t][0], mesh.triangles[t][1]);
  const grid::IndexBox box{{11, 5, 3}, {29, 30, 12}};
  const auto part = problems::voxelise(mesh, domain, n, box);
  std::size_t place = 0;
  problems::visit_cells(box, [&](int i, int j, int k) {
    EXPECT_EQ(part[place++], whole[static_cast<std::size_t>(i + n[0] * (j + n[1] * k))]);
  });
}

TEST(SurfaceMesh, ImpellerHasTheVolumeOfItsMaker) {
  const auto mesh = problems::read_surface_mesh(PETSC_COMM_WORLD, impeller);
  EXPECT_EQ(mesh.triangles.size(), 8982u);
  // Euler characteristic of a closed surface with seven holes through it.
  EXPECT_EQ(static_cast<int>(mesh.points.size()) - static_cast<int>(mesh.triangles.size()) / 2,
            2 - 2 * 7);
  constexpr double gmsh_volume = 0.7910094568; // Mass Volume of gmsh 4.8 for the exact body
  EXPECT_NEAR(problems::enclosed_volume(mesh), gmsh_volume, 2e-3 * gmsh_volume);
  // Layers of cells that fit the plates: thin ones would be off by up to a layer.
  const problems::Domain domain{{-1.1, -1.1, -0.2}, {1.1, 1.1, 0.8}};
  EXPECT_NEAR(volume(mesh, domain, {128, 128, 50}), gmsh_volume, 0.01 * gmsh_volume);
}

TEST(SurfaceMesh, FitsIntoABox) {
  auto mesh = problems::read_surface_mesh(impeller);
  problems::fit_into(mesh, {0.2, 0.1, 0.3}, {0.8, 0.9, 0.7});
  const auto box = problems::bounding_box(mesh);
  EXPECT_NEAR(box[0][0], 0.2, 1e-12);
  EXPECT_NEAR(box[1][0], 0.8, 1e-12);
  EXPECT_NEAR(box[0][2] + box[1][2], 1.0, 1e-12);
  EXPECT_NEAR((box[1][2] - box[0][2]) / 0.6, 0.62 / 2.0, 1e-12);
}

TEST(SurfaceMesh, FormatsAgree) {
  const TemporaryFile msh(".msh", head22 + nodes22 + faces22);
  const auto a = problems::read_surface_mesh(msh.path());
  EXPECT_EQ(a.triangles.size(), 4u);
  EXPECT_NEAR(problems::enclosed_volume(SurfaceMesh{a.points, {{0, 1, 2}}}), 0.0, 1.0);
  std::string stl = "solid t\n";
  for (const auto& t : a.triangles) {
    stl += "facet normal 0 0 0\nouter loop\n";
    for (const int p : t) {
      const auto& q = a.points[static_cast<std::size_t>(p)];
      stl += "vertex " + std::to_string(q[0]) + " " + std::to_string(q[1]) + " " +
             std::to_string(q[2]) + "\n";
    }
    stl += "endloop\nendfacet\n";
  }
  stl += "endsolid t\n";
  const TemporaryFile ascii(".stl", stl);
  std::string binary(80, 's');
  const auto put = [&](auto value) {
    binary.append(reinterpret_cast<const char*>(&value), sizeof value);
  };
  put(static_cast<std::uint32_t>(a.triangles.size()));
  for (const auto& t : a.triangles) {
    for (int d = 0; d < 3; ++d) put(0.0f);
    for (const int p : t)
      for (const double x : a.points[static_cast<std::size_t>(p)]) put(static_cast<float>(x));
    put(std::uint16_t{0});
  }
  {
    const TemporaryFile file("b.stl", binary);
    for (const auto& path : {ascii.path(), file.path()}) {
      const auto b = problems::read_surface_mesh(path);
      EXPECT_EQ(b.points, a.points);
      EXPECT_EQ(b.triangles, a.triangles);
    }
  }
  binary.resize(binary.size() - 20);
  test::expect_line(refusal(binary, ".stl"), "neither an ASCII STL");
  test::expect_line(refusal(stl.substr(0, stl.size() / 2), ".stl"), "truncated");
}

TEST(SurfaceMesh, RefusesHostileFiles) {
  const auto replace = [](std::string text, const std::string& from, const std::string& to) {
    return text.replace(text.find(from), from.size(), to);
  };
  const std::string good = head22 + nodes22 + faces22;
  ASSERT_EQ(refusal(good), "");
  for (std::size_t size = 0; size + 1 < good.size(); ++size) {
    const auto message = refusal(good.substr(0, size));
    EXPECT_NE(message, "") << "accepted when cut to " << size << " bytes";
    EXPECT_EQ(message.find('\n'), std::string::npos);
  }
  test::expect_line(refusal(""), "empty");
  test::expect_line(refusal(head22 + nodes22 + faces22.substr(0, 40)), "truncated");
  test::expect_line(refusal(replace(good, "1 0 0 0", "1 nan 0 0")),
                    ":6: a coordinate is not finite");
  test::expect_line(refusal(replace(good, "1 0 0 0", "1 1e999 0 0")), ":6: ");
  test::expect_line(refusal(head22 + nodes22), "no triangles");
  test::expect_line(refusal(replace(good, "2.2 0 8", "2.2 1 8")), "binary file");
  test::expect_line(refusal(replace(good, "2.2 0 8", "4.0 0 8")), "allowed: 2.2 and 4.1");
  test::expect_line(refusal(replace(good, "1 2 3\n", "1 2 9\n")), "names node 9");
  test::expect_line(refusal(replace(good, "4\n1 0", "4000000000000\n1 0")), "fewer entries");
  test::expect_line(refusal(replace(good, "4\n1 0", "-4\n1 0")), "negative number of nodes");
  test::expect_line(refusal(replace(good, "4 0 0 1", "3 0 0 1")), "stands twice");
  test::expect_line(refusal(replace(good, "5 2 2 0 1 2 3 4", "5 15 2 0 1 2")),
                    "has holes: 3 edges");
  test::expect_line(refusal("ELF\n\n"), "text outside");
  test::expect_line(refusal(good, ".obj"), "unknown kind of file");
  test::expect_line(
      test::message_of([] { problems::read_surface_mesh(PETSC_COMM_WORLD, "nowhere.msh"); }),
      "cannot be opened");
}
