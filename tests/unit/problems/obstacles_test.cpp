// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include "cell_grid_fixture.hpp"
#include "unit/io/scratch.hpp"

#include <linnet/problems/geometry/obstacles.hpp>

#include <hdf5.h>

#include <cmath>
#include <cstdio>
#include <filesystem>
#include <numbers>
#include <numeric>

using namespace linnet;
using test::Cells;

namespace {

std::vector<double> mask(Cells& cells, const std::string& text, std::uint64_t seed = 1) {
  LINNET_CHECK(VecSet(cells.vec, 0.0));
  const auto list = problems::parse_obstacles(text, cells.grid.dim);
  EXPECT_EQ(problems::add_obstacles(cells.da, {}, list, seed, cells.vec), 0) << text;
  return cells.all();
}

/// Mask, then owners.
std::vector<std::vector<double>> mask_at(double time, Cells& cells, const std::string& text) {
  std::vector<std::vector<double>> found;
  Cells owners(cells.grid.cells);
  LINNET_CHECK(VecSet(cells.vec, 0.0));
  LINNET_CHECK(VecSet(owners.vec, 0.0));
  const auto list = problems::parse_obstacles(text, cells.grid.dim);
  EXPECT_EQ(problems::add_obstacles_at(time, cells.da, {}, list, 1, cells.vec, owners.vec, nullptr),
            0)
      << text;
  return {cells.all(), owners.all()};
}

double part(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

std::string refusal(const std::string& text, int dim) {
  return test::message_of([&] { problems::parse_obstacles(text, dim); });
}

} // namespace

TEST(Obstacles, ShapesHaveTheirVolumes) {
  Cells cube({40, 42, 44}), square({100, 120, 1});
  const double pi = std::numbers::pi;
  EXPECT_NEAR(part(mask(cube, "sphere:0.5,0.5,0.4,0.3")), 4.0 / 3.0 * pi * 0.027, 0.002);
  EXPECT_NEAR(part(mask(cube, "box:0.1,0.2,0.3,0.6,0.7,0.8")), 0.125, 0.006);
  EXPECT_NEAR(part(mask(cube, "cylinder:0.2,0.2,0.3,0.8,0.8,0.7,0.1")), std::sqrt(0.88) * pi * 0.01,
              0.002);
  EXPECT_NEAR(part(mask(cube, "pillars:2,3,0.5,0.5")), 0.125, 1e-12);
  EXPECT_NEAR(part(mask(square, "sphere:0.5,0.5,0.3")), pi * 0.09, 0.004);
  EXPECT_NEAR(part(mask(square, "box:0.1,0.2,0.6,0.7")), 0.25, 0.006);
  EXPECT_NEAR(part(mask(square, "pillars:5,4,0.5")), 0.25, 1e-12);
  EXPECT_NEAR(part(mask(square, "box:0.1,0.2,0.6,0.7;invert")), 0.75, 0.006);
  EXPECT_EQ(part(mask(cube, "sphere:3,0.5,0.5,0.3")), 0.0); // outside of the domain
  EXPECT_EQ(part(mask(cube, "")), 0.0);
}

TEST(Obstacles, SeparatorsAreAllTheSame) {
  Cells cells({20, 20, 20});
  const auto expected = mask(cells, "sphere:0.5,0.5,0.4,0.2;box:0.7,0.7,0.7,0.9,0.9,0.9;invert");
  EXPECT_EQ(mask(cells, "sphere:0.5,0.5,0.4,0.2,box:0.7,0.7,0.7,0.9,0.9,0.9,invert"), expected);
  EXPECT_EQ(mask(cells, " sphere:0.5,0.5,0.4,0.2\n box:0.7,0.7,0.7,0.9,0.9,0.9 ; invert;"),
            expected);
}

TEST(Obstacles, RandomShapesAreSeeded) {
  Cells cells({30, 31, 29}), other({30, 31, 29}, {}, {1, test::rank_count(), 1});
  const std::string text = "random_spheres:12,0.03,0.12;random_boxes:12,0.02,0.12";
  const auto a = mask(cells, text);
  EXPECT_EQ(a, mask(other, text));
  EXPECT_NE(a, mask(cells, text, 2));
  EXPECT_EQ(mask(cells, "random_spheres:12,0.03,0.12,5", 1),
            mask(cells, "random_spheres:12,0.03,0.12,5", 2));
  EXPECT_GT(part(a), 0.005);
  EXPECT_LT(part(a), 0.3);
  // Two lists of one seed do not lie on one another.
  EXPECT_GT(part(mask(cells, "random_spheres:5,0.1,0.1;random_spheres:5,0.1,0.1")),
            1.2 * part(mask(cells, "random_spheres:5,0.1,0.1")));
}

TEST(Obstacles, BodyFromAMesh) {
  // Layers of cells that fit the thin plates of the body.
  Cells cells({96, 90, 125}), other({96, 90, 125}, {}, {1, 1, test::rank_count()});
  const std::string file = std::string("mesh:") + LINNET_MESHES + "/impeller.msh";
  const auto body = mask(cells, file + ",0.1,0.1,0.1,0.9,0.9,0.9");
  EXPECT_EQ(body, mask(other, file + ",0.1,0.1,0.1,0.9,0.9,0.9"));
  EXPECT_NEAR(part(body), 0.7910094568 * 0.064, 0.001); // scaled by 0.4
  EXPECT_NEAR(part(mask(cells, file + ",0.4,0.5,0.5,0.4")), 0.7910094568 * 0.064, 0.001);
  EXPECT_EQ(body[48 + 96 * (45 + 90 * 62)], 0.0); // the bore is open
  const auto missing = problems::parse_obstacles("mesh:nowhere.msh", 3);
  test::expect_line(test::petsc_message_of([&] {
                      return problems::add_obstacles(cells.da, {}, missing, 1, cells.vec);
                    }),
                    "nowhere.msh: the file cannot be opened");
}

// No cell centre lies on a surface, so that rounding decides nothing.
TEST(Obstacles, TurnByTheRightHandRule) {
  Cells cube({32, 32, 32}), square({64, 64, 1});
  const std::string paddle = "box:0.3,0.46,0.35,0.7,0.54,0.65", pi = "3.14159265358979",
                    quarter = "1.57079632679490";
  const auto still = mask(cube, paddle);
  EXPECT_EQ(mask(cube, paddle + "; turn:0.5,0.5,0.5,0,0,1,3"), still); // at the time 0
  EXPECT_EQ(mask_at(2.0, cube, paddle + "; turn:0.5,0.5,0.5,0,0,1," + quarter)[0], still);
  EXPECT_NE(mask_at(1.0, cube, paddle + "; turn:0.5,0.5,0.5,0,0,1," + quarter)[0], still);
  EXPECT_EQ(mask(cube, "sphere:0.8,0.5,0.5,0.1; turn:0.5,0.5,0,0,0,2,0," + quarter),
            mask(cube, "sphere:0.5,0.8,0.5,0.1"));
  EXPECT_EQ(mask(cube, "cylinder:0.5,0.8,0.3,0.5,0.8,0.6,0.1; turn:0,0.5,0.5,1,0,0,0," + quarter),
            mask(cube, "cylinder:0.5,0.7,0.8,0.5,0.4,0.8,0.1"));
  EXPECT_EQ(mask_at(0.5, cube, "sphere:0.5,0.5,0.8,0.1; turn:0.5,0.5,0.5,0,1e-9,0," + pi)[0],
            mask(cube, "sphere:0.8,0.5,0.5,0.1"));
  EXPECT_EQ(mask_at(0.5, square, "box:0.7,0.46,0.9,0.54; turn:0.5,0.5," + pi)[0],
            mask(square, "box:0.46,0.7,0.54,0.9"));
}

TEST(Obstacles, TurnedBodyOfAMesh) {
  Cells cells({60, 60, 61});
  const std::string file = std::string("mesh:") + LINNET_MESHES + "/impeller.msh,0.4,0.5,0.5,0.45";
  const auto body = mask(cells, file);
  const auto turned = mask(cells, file + "; turn:0.5,0.5,0.5,0,0,1,0,1.57079632679490");
  std::vector<double> expected(body.size());
  for (std::size_t k = 0; k < 61; ++k)
    for (std::size_t j = 0; j < 60; ++j)
      for (std::size_t i = 0; i < 60; ++i) // (x,y) to (1-y,x)
        expected[59 - j + 60 * (i + 60 * k)] = body[i + 60 * (j + 60 * k)];
  std::size_t other = 0, moved = 0;
  for (std::size_t c = 0; c < body.size(); ++c)
    other += turned[c] != expected[c], moved += turned[c] != body[c];
  EXPECT_LE(other, moved / 20); // centres on the surface
  EXPECT_GT(moved, 100u);
}

// Later steps do not ask for the file.
TEST(Obstacles, KeepTheirSurfaces) {
  const test::Scratch scratch;
  const std::string file = scratch / "body.msh",
                    place = ",0.4,0.5,0.5,0.45; turn:0.5,0.5,0.5,0,0,1,1";
  if (test::rank() == 0)
    std::filesystem::copy_file(std::string(LINNET_MESHES) + "/impeller.msh", file);
  MPI_Barrier(PETSC_COMM_WORLD);
  Cells cells({30, 30, 31});
  const auto expected = mask_at(0.3, cells, "mesh:" + file + place)[0];
  auto list = problems::parse_obstacles("mesh:" + file + place, 3);
  problems::read_surfaces(PETSC_COMM_WORLD, list);
  MPI_Barrier(PETSC_COMM_WORLD);
  if (test::rank() == 0) std::filesystem::remove(file);
  MPI_Barrier(PETSC_COMM_WORLD);
  for (const double time : {0.0, 0.3}) {
    LINNET_CHECK(VecSet(cells.vec, 0.0));
    EXPECT_EQ(problems::add_obstacles_at(time, cells.da, {}, list, 1, cells.vec, nullptr, nullptr),
              0);
  }
  EXPECT_EQ(cells.all(), expected);
}

TEST(Obstacles, CellsBelongToTheLastShape) {
  Cells cells({20, 10, 10});
  const std::string shapes = "box:0.1,0,0,0.5,1,1; box:0.4,0,0,0.7,1,1; turn:0.5,0.5,0.5,1,0,0,2";
  const auto owners = mask_at(0.0, cells, shapes)[1];
  for (std::size_t c = 0; c < owners.size(); ++c) {
    const std::size_t i = c % 20;
    EXPECT_EQ(owners[c], i >= 8 && i < 14 ? 2.0 : i >= 2 && i < 8 ? 1.0 : 0.0) << i;
  }
  const std::string at_rest = "box:0.1,0,0,0.5,1,1; turn:0.5,0.5,0.5,1,0,0,0; invert; ";
  const auto inverted = mask_at(0.0, cells, at_rest + "box:0.4,0,0,0.7,1,1")[1];
  for (std::size_t c = 0; c < inverted.size(); ++c)
    EXPECT_EQ(inverted[c], c % 20 >= 8 && c % 20 < 14 ? 3.0 : 0.0);
}

TEST(Obstacles, MaskFromAFile) {
  Cells cells({5, 6, 7});
  const std::string path =
      testing::TempDir() + "linnet_mask_" + std::to_string(test::rank_count()) + ".h5";
  int rank;
  MPI_Comm_rank(PETSC_COMM_WORLD, &rank);
  if (rank == 0) { // solid where x = 1, as bytes in the order z, y, x
    std::vector<unsigned char> solid(210);
    for (std::size_t c = 0; c < solid.size(); ++c) solid[c] = c % 5 == 1;
    const hsize_t shape[3] = {7, 6, 5};
    const hid_t file = H5Fcreate(path.c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT);
    const hid_t space = H5Screate_simple(3, shape, nullptr);
    const hid_t set =
        H5Dcreate2(file, "solid", H5T_NATIVE_UCHAR, space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
    H5Dwrite(set, H5T_NATIVE_UCHAR, H5S_ALL, H5S_ALL, H5P_DEFAULT, solid.data());
    H5Dclose(set), H5Sclose(space), H5Fclose(file);
  }
  MPI_Barrier(PETSC_COMM_WORLD);
  const auto m = mask(cells, "box:0,0,0,0.19,1,1;mask:" + path + ",solid"); // the box: x = 0
  for (std::size_t c = 0; c < m.size(); ++c) EXPECT_EQ(m[c], c % 5 <= 1 ? 1.0 : 0.0) << c;
  const auto wrong = problems::parse_obstacles("mask:" + path + ",fluid", 3);
  test::expect_line(test::petsc_message_of(
                        [&] { return problems::add_obstacles(cells.da, {}, wrong, 1, cells.vec); }),
                    "fluid");
  MPI_Barrier(PETSC_COMM_WORLD);
  if (rank == 0) std::remove(path.c_str());
}

TEST(Obstacles, FieldBecomesAMask) {
  Cells cells({6, 5, 4});
  cells.set([](int i, int, int) { return i == 2 ? 1.0 : i == 3 ? 0.4 : 0.0; });
  EXPECT_EQ(problems::field_to_mask(cells.da, cells.vec, "mask"), 0);
  const auto m = cells.all();
  for (std::size_t c = 0; c < m.size(); ++c) EXPECT_EQ(m[c], c % 6 == 2 ? 1.0 : 0.0);
  cells.set([](int i, int j, int k) { return i == 5 && j == 4 && k == 3 ? std::nan("") : 0.0; });
  test::expect_line(test::petsc_message_of([&] {
                      return problems::field_to_mask(cells.da, cells.vec, "mask a.h5:/m");
                    }),
                    "mask a.h5:/m is nan at cell (5,4,3)");
}

TEST(Obstacles, RefusesBadEntries) {
  test::expect_line(refusal("ball:0.5,0.5,0.5,0.2", 3),
                    "'ball:0.5,0.5,0.5,0.2': unknown shape; allowed: sphere:x,y,z,r");
  test::expect_line(refusal("sphere:0.5,0.5,0.2", 3), "3 numbers; write sphere:x,y,z,r");
  test::expect_line(refusal("sphere:0.5,0.5,0.5,0.2", 2), "write sphere:x,y,r");
  test::expect_line(refusal("sphere:0.5,0.5,a,0.2", 3), "a is not a number");
  test::expect_line(refusal("sphere:0.5,0.5,nan,0.2", 3), "nan is not a number");
  test::expect_line(refusal("sphere:0.5,,0.5,0.2", 3), " is not a number");
  test::expect_line(refusal("sphere:0.5,0.5,0.5,-0.2", 3), "radius must be positive");
  test::expect_line(refusal("box:0.5,0.5,0.5,0.2,0.7,0.7", 3), "first corner must be below");
  test::expect_line(refusal("cylinder:0,0,0,0,0,0,1", 3), "ends must differ");
  test::expect_line(refusal("cylinder:0,0,0,0,0,1,1", 2), "needs three dimensions");
  test::expect_line(refusal("random_spheres:2.5,0.1,0.2", 3), "count must be a whole number");
  test::expect_line(refusal("random_boxes:2,0.3,0.2", 3), "0 < min <= max");
  test::expect_line(refusal("mesh:", 3), "no file name");
  test::expect_line(refusal("mask:a.h5", 3), "no file name or dataset");
  test::expect_line(refusal("mesh:a.msh,1,2", 3), "2 numbers; write mesh:file");
  test::expect_line(refusal("pillars:3,3,1.5,1", 3), "width must be in (0,1]");
  test::expect_line(refusal("turn:0,0,0,0,0,1,1", 3), "no shape before it to turn");
  test::expect_line(refusal("sphere:1,1,1,1; turn:0,0,0,0,0,0,1", 3), "axis must not be zero");
  test::expect_line(refusal("sphere:1,1,1,1; turn:0,0,1", 3),
                    "3 numbers; write turn:x,y,z,ax,ay,az,rate[,angle]");
  test::expect_line(refusal("sphere:1,1,1; turn:0,0,1e7", 2), "between -1e6 and 1e6");
  test::expect_line(refusal("sphere:1,1,1; turn:0,0,1; turn:0,0,1", 2),
                    "sphere:1,1,1 turns already");
  test::expect_line(refusal("box:0,0,1,1; invert; turn:0,0,1", 2), "cannot turn invert");
  test::expect_line(refusal("box:0,0,1,1; turn:0,0,1; sphere:1,1,1; invert", 2),
                    "'invert': cannot follow box:0,0,1,1, which turns; write invert before it");
}
