// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
// The task of search directions: samples through their file, the chain of network and loss against
// differences, points without an unknown, and what is refused.
#include "unit/io/scratch.hpp"

#include <linnet/core/error.hpp>
#include <linnet/core/random.hpp>
#include <linnet/io/vec_array.hpp>
#include <linnet/nn/directions/direction_task.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>

using namespace linnet;
using core::Owned;

namespace {

constexpr int nx = 7, ny = 6, samples = 3;

/// The five-point Laplacian with one unit row, at point (3,2).
Owned<Mat> make_matrix() {
  Mat a = nullptr;
  LINNET_CHECK(MatCreateSeqAIJ(PETSC_COMM_SELF, nx * ny, nx * ny, 5, nullptr, &a));
  const auto solid = [](int i, int j) { return i == 3 && j == 2; };
  for (int j = 0; j < ny; ++j)
    for (int i = 0; i < nx; ++i) {
      const PetscInt row = i + nx * j;
      LINNET_CHECK(MatSetValue(a, row, row, solid(i, j) ? 1.0 : 4.0, INSERT_VALUES));
      if (solid(i, j)) continue;
      const int steps[4][2] = {{-1, 0}, {1, 0}, {0, -1}, {0, 1}};
      for (const auto& s : steps) {
        const int p = i + s[0], q = j + s[1];
        if (p >= 0 && q >= 0 && p < nx && q < ny && !solid(p, q))
          LINNET_CHECK(MatSetValue(a, row, p + nx * q, -1.0, INSERT_VALUES));
      }
    }
  LINNET_CHECK(MatAssemblyBegin(a, MAT_FINAL_ASSEMBLY));
  LINNET_CHECK(MatAssemblyEnd(a, MAT_FINAL_ASSEMBLY));
  return Owned<Mat>(a);
}

/// Errors are zero where there is no unknown.
double sample_value(int sample, int field, int point) {
  if (field == 1 && point == 3 + nx * 2) return 0.0;
  return core::RandomStream(static_cast<std::uint64_t>(sample), static_cast<std::uint64_t>(field))
      .normal(static_cast<std::uint64_t>(point));
}

nn::SampleLayout layout() {
  return {samples, {nx, ny, 1}, {{nn::rhs_field}, {nn::solution_field}}, "noise"};
}

void write_samples(const std::string& path) {
  nn::SampleWriter writer(PETSC_COMM_WORLD, path, layout());
  const bool first = linnet::test::rank() == 0;
  for (int s = 0; s < samples; ++s)
    for (int f = 0; f < 2; ++f) {
      std::vector<double> values;
      for (int p = 0; p < nx * ny; ++p) values.push_back(sample_value(s, f, p));
      // Only the first rank has points.
      writer.write(layout().fields[static_cast<std::size_t>(f)].name, s, {0, 0, 0},
                   first ? core::Index3{nx, ny, 1} : core::Index3{0, 0, 0}, values.data());
    }
  writer.close();
}

/// Coarse points have odd numbers: on 7 x 6 points 3 x 2.
nn::ResolvedGraph odd_graph() {
  nn::Graph graph;
  graph.dimension = 2;
  graph.coarsening = nn::Coarsening::odd;
  graph.nodes = {{"x", "input", {}, {}},
                 {"c", "conv", {"x"}, {{"channels", 4}, {"stride", 2}}},
                 {"n", "field_norm", {"c"}, {{"nx", 3}, {"ny", 2}}},
                 {"y", "conv_transpose", {"n"}, {{"channels", 1}, {"kernel", 4}, {"stride", 2}}}};
  graph.output = "y";
  return nn::resolve(graph);
}

nn::ResolvedGraph small_graph() {
  nn::Graph graph;
  graph.dimension = 2;
  graph.nodes = {{"x", "input", {}, {}},
                 {"c", "conv", {"x"}, {{"channels", 4}}},
                 {"t", "tanh", {"c"}, {}},
                 {"p", "avg_pool", {"t"}, {}},
                 {"u", "upsample_nearest", {"p"}, {}},
                 {"s", "add", {"u", "t"}, {}},
                 {"y", "conv", {"s"}, {{"channels", 1}}}};
  graph.output = "y";
  return nn::resolve(graph);
}

} // namespace

TEST(SampleFile, WrittenByAllReadByEach) {
  const linnet::test::Scratch scratch;
  write_samples(scratch / "samples.h5");
  EXPECT_TRUE(nn::holds_samples(PETSC_COMM_WORLD, scratch / "samples.h5", layout()));
  nn::SampleLayout other = layout();
  other.recipe = "silence";
  EXPECT_FALSE(nn::holds_samples(PETSC_COMM_WORLD, scratch / "samples.h5", other));
  EXPECT_FALSE(nn::holds_samples(PETSC_COMM_WORLD, scratch / "none.h5", layout()));
  const nn::SampleReader reader(scratch / "samples.h5");
  std::vector<double> values(nx * ny);
  reader.read(nn::solution_field, 2, values.data());
  for (int p = 0; p < nx * ny; ++p)
    EXPECT_EQ(values[static_cast<std::size_t>(p)],
              static_cast<double>(static_cast<float>(sample_value(2, 1, p))));
}

TEST(SampleFile, FieldsOfSeveralChannels) {
  const linnet::test::Scratch scratch;
  const nn::SampleLayout frames{2, {nx, ny, 1}, {{"mask"}, {"vorticity", 3}}, "flows"};
  nn::SampleWriter writer(PETSC_COMM_WORLD, scratch / "frames.h5", frames);
  const auto value = [](int sample, int channel, int x, int y) {
    return 1000.0 * sample + 100.0 * channel + nx * y + x;
  };
  // Each rank has a part of every line, in all channels.
  const int ranks = linnet::test::ranks(), rank = linnet::test::rank();
  const int from = nx * rank / ranks, to = nx * (rank + 1) / ranks;
  for (int s = 0; s < 2; ++s) {
    std::vector<double> values;
    for (int c = 0; c < 3; ++c)
      for (int y = 0; y < ny; ++y)
        for (int x = from; x < to; ++x) values.push_back(value(s, c, x, y));
    writer.write("vorticity", s, {from, 0, 0}, {to, ny, 1}, values.data());
  }
  writer.close();
  const nn::SampleReader reader(scratch / "frames.h5");
  EXPECT_EQ(reader.layout().fields, frames.fields);
  EXPECT_EQ(reader.channels("vorticity"), 3);
  EXPECT_EQ(reader.channels("velocity"), 0);
  std::vector<double> two(std::size_t{2} * nx * ny);
  reader.read("vorticity", 1, two.data(), 1, 2);
  std::size_t at = 0;
  for (int c = 1; c < 3; ++c)
    for (int y = 0; y < ny; ++y)
      for (int x = 0; x < nx; ++x) EXPECT_EQ(two[at++], value(1, c, x, y));
}

TEST(SampleFile, KeepsGeometries) {
  const linnet::test::Scratch scratch;
  nn::SampleLayout many = layout();
  many.geometry = {0, 0, 1};
  nn::SampleWriter(PETSC_COMM_WORLD, scratch / "many.h5", many).close();
  const nn::SampleReader reader(scratch / "many.h5");
  EXPECT_EQ(reader.layout().geometry, many.geometry);
  EXPECT_EQ(reader.layout().geometries(), 2);
  EXPECT_EQ(reader.layout().geometry_of(2), 1);
  EXPECT_EQ(reader.layout().fields, many.fields);
  EXPECT_TRUE(nn::holds_samples(PETSC_COMM_WORLD, scratch / "many.h5", many));
  EXPECT_FALSE(nn::holds_samples(PETSC_COMM_WORLD, scratch / "many.h5", layout()));
  many.geometry = {0, 3, 1};
  nn::SampleWriter(PETSC_COMM_WORLD, scratch / "wrong.h5", many).close();
  EXPECT_THROW(nn::SampleReader(scratch / "wrong.h5"), core::Error);
}

namespace {

/// The derivative of the loss of @p sample along its gradient by central differences, extrapolated,
/// over what it should be. In single precision a difference over h has an error of about 1e-7 / h,
/// and of h^4 by the extrapolation.
double derivative_ratio(nn::DirectionTask& task, std::int64_t sample) {
  const nn::ParameterLayout& blocks = task.graph().parameters;
  const auto parameters = nn::parameter_buffer<float>(blocks);
  const auto gradient = nn::parameter_buffer<float>(blocks);
  nn::initialise(blocks, 1, parameters);
  task.evaluate(sample, parameters, &gradient);
  double norm = 0.0;
  for (std::size_t i = 0; i < gradient.extent(0); ++i)
    norm += std::pow(static_cast<double>(gradient(i)), 2);
  norm = std::sqrt(norm);
  const auto moved = [&](double step) {
    const auto values = nn::parameter_buffer<float>(blocks);
    for (std::size_t i = 0; i < gradient.extent(0); ++i)
      values(i) = static_cast<float>(static_cast<double>(parameters(i)) +
                                     step * static_cast<double>(gradient(i)) / norm);
    return task.evaluate(sample, values, nullptr);
  };
  const auto difference = [&](double h) { return (moved(h) - moved(-h)) / (2.0 * h); };
  return (4.0 * difference(1e-2) - difference(2e-2)) / 3.0 / norm;
}

constexpr nn::DirectionLossType losses[] = {
    nn::DirectionLossType::line_search, nn::DirectionLossType::energy,
    nn::DirectionLossType::residual, nn::DirectionLossType::minimal_residual};

} // namespace

// Odd extents, so that the network's grid is larger, and a point without an unknown.
TEST(DirectionTask, GradientIsTheDerivative) {
  const linnet::test::Scratch scratch;
  write_samples(scratch / "samples.h5");
  const Owned<Mat> a = make_matrix();
  for (const auto type : losses) {
    nn::DirectionTask task(small_graph(), {a.get()}, {.loss = type}, scratch / "samples.h5");
    EXPECT_NEAR(derivative_ratio(task, 1), 1.0, 2e-3);
  }
  nn::DirectionTask odd(odd_graph(), {a.get()}, {}, scratch / "samples.h5");
  EXPECT_NEAR(derivative_ratio(odd, 1), 1.0, 2e-3);
}

TEST(DirectionTask, GridsThatANetworkCannotWorkOn) {
  EXPECT_NO_THROW(nn::require_working_grid(odd_graph(), {nx, ny, 1}));
  EXPECT_THROW(nn::require_working_grid(odd_graph(), {nx, ny + 2, 1}), core::Error); // field_norm
  EXPECT_THROW(nn::require_working_grid(odd_graph(), {nx, 2, 1}), core::Error);      // levels
}

namespace {

constexpr int sides[3] = {5, 6, 4};
enum class Cell { solid, water, air };

/// Water below a layer of air, around a solid cell at (1,2,1) or (3,3,1).
Cell cell_of(int geometry, int i, int j, int k) {
  for (const auto& [at, n] : {std::pair{i, 0}, {j, 1}, {k, 2}})
    if (at < 0 || at >= sides[n]) return Cell::solid;
  if (k == sides[2] - 1) return Cell::air;
  const bool solid = geometry == 0 ? i == 1 && j == 2 && k == 1 : i == 3 && j == 3 && k == 1;
  return solid ? Cell::solid : Cell::water;
}

template <class Visit>
void visit_cells(const Visit& visit) {
  for (int k = 0; k < sides[2]; ++k)
    for (int j = 0; j < sides[1]; ++j)
      for (int i = 0; i < sides[0]; ++i) visit(i, j, k, i + sides[0] * (j + sides[1] * k));
}

Owned<Mat> tank_matrix(int geometry) {
  const PetscInt rows = sides[0] * sides[1] * sides[2];
  Mat a = nullptr;
  LINNET_CHECK(MatCreateSeqAIJ(PETSC_COMM_SELF, rows, rows, 7, nullptr, &a));
  visit_cells([&](int i, int j, int k, PetscInt row) {
    double diagonal = 0.0;
    const int steps[6][3] = {{-1, 0, 0}, {1, 0, 0}, {0, -1, 0}, {0, 1, 0}, {0, 0, -1}, {0, 0, 1}};
    for (const auto& s : steps) {
      const Cell other = cell_of(geometry, i + s[0], j + s[1], k + s[2]);
      if (cell_of(geometry, i, j, k) != Cell::water || other == Cell::solid) continue;
      diagonal += 1.0;
      const PetscInt column = row + s[0] + sides[0] * (s[1] + sides[1] * s[2]);
      if (other == Cell::water) LINNET_CHECK(MatSetValue(a, row, column, -1.0, INSERT_VALUES));
    }
    LINNET_CHECK(MatSetValue(a, row, row, diagonal > 0.0 ? diagonal : 1.0, INSERT_VALUES));
  });
  LINNET_CHECK(MatAssemblyBegin(a, MAT_FINAL_ASSEMBLY));
  LINNET_CHECK(MatAssemblyEnd(a, MAT_FINAL_ASSEMBLY));
  return Owned<Mat>(a);
}

/// Stencils made of the images on two grids.
nn::ResolvedGraph image_graph() {
  nn::Graph graph;
  graph.nodes = {{"r", "input", {}, {}},
                 {"i", "input", {}, {{"channels", 3}, {"constant", 1}}},
                 {"k", "conv", {"i"}, {{"channels", 27}}},
                 {"s", "stencil", {"r", "k"}, {}},
                 {"ic", "avg_pool", {"i"}, {}},
                 {"kc", "conv", {"ic"}, {{"channels", 27}}},
                 {"rc", "avg_pool", {"s"}, {}},
                 {"sc", "stencil", {"rc", "kc"}, {}},
                 {"u", "upsample_linear", {"sc"}, {}},
                 {"d", "add", {"s", "u"}, {}}};
  graph.output = "d";
  return nn::resolve(graph);
}

/// Sample s of geometry s: the same noise for both.
void write_tank_samples(const std::string& path) {
  const core::Index3 points{sides[0], sides[1], sides[2]};
  nn::SampleWriter writer(PETSC_COMM_SELF, path,
                          {2, points, {{nn::rhs_field}, {nn::solution_field}}, "noise", {0, 1}});
  for (int s = 0; s < 2; ++s)
    for (int f = 0; f < 2; ++f) {
      std::vector<double> values;
      for (int p = 0; p < core::volume(points); ++p) values.push_back(sample_value(0, f, p));
      writer.write(f == 0 ? nn::rhs_field : nn::solution_field, s, {0, 0, 0}, points,
                   values.data());
    }
  writer.close();
}

} // namespace

TEST(DirectionGeometry, ImagesOfTheMatrix) {
  for (int g = 0; g < 2; ++g) {
    const Owned<Mat> a = tank_matrix(g);
    const core::Index3 points{sides[0], sides[1], sides[2]};
    nn::Domain domain(PETSC_COMM_SELF, nn::Domain::cut(points, 2, nn::Padding::zero, 1), 2,
                      nn::Padding::zero);
    const nn::DirectionGeometry geometry(a.get(), points, domain, nn::MatrixView::images);
    const kernels::Tensor<float>& images = geometry.view();
    ASSERT_EQ(images.layout.n[0], 6); // rounded up: nothing is there
    const auto image = [&](int c, int i, int j, int k) {
      return images.origin(c)[i + j * images.layout.pitch_y + k * images.layout.pitch_z];
    };
    visit_cells([&](int i, int j, int k, PetscInt) {
      const Cell cell = cell_of(g, i, j, k);
      EXPECT_EQ(image(0, i, j, k), cell == Cell::air ? 1.0F : 0.0F);
      EXPECT_EQ(image(1, i, j, k), cell == Cell::water ? 1.0F : 0.0F);
      EXPECT_EQ(image(2, i, j, k), cell != Cell::solid ? 1.0F : 0.0F);
    });
    for (int j = 0; j < 6; ++j)
      for (int k = 0; k < 4; ++k)
        for (int c = 0; c < 3; ++c) EXPECT_EQ(image(c, 5, j, k), 0.0F);
  }
}

TEST(DirectionTask, GradientWithImagesIsTheDerivative) {
  const linnet::test::Scratch scratch;
  const std::string path = scratch / ("tanks" + std::to_string(linnet::test::rank()) + ".h5");
  write_tank_samples(path);
  const Owned<Mat> a = tank_matrix(0), b = tank_matrix(1);
  for (const auto type : losses) {
    nn::DirectionTask task(image_graph(), {a.get(), b.get()}, {.loss = type}, path);
    for (const std::int64_t sample : {1, 0}) EXPECT_NEAR(derivative_ratio(task, sample), 1.0, 2e-3);
    const auto parameters = nn::parameter_buffer<float>(task.graph().parameters);
    nn::initialise(task.graph().parameters, 1, parameters);
    EXPECT_NE(task.evaluate(0, parameters, nullptr), task.evaluate(1, parameters, nullptr));
  }
  EXPECT_THROW(nn::DirectionTask(image_graph(), {a.get()}, {}, path), core::Error);
}

namespace {

/// The energy loss of the residual itself as direction, after 0 to @p most steps of the textbook's
/// conjugate gradients on A x = A e.
std::vector<double> losses_of_cg(Mat a, Vec e, int most) {
  const auto vector = [&] {
    Vec v = nullptr;
    LINNET_CHECK(VecDuplicate(e, &v));
    return Owned<Vec>(v);
  };
  const auto dot = [](const Owned<Vec>& x, const Owned<Vec>& y) {
    PetscScalar value = 0.0;
    LINNET_CHECK(VecDot(x.get(), y.get(), &value));
    return value;
  };
  const Owned<Vec> r = vector(), p = vector(), image = vector(), error = vector();
  LINNET_CHECK(MatMult(a, e, r.get()));
  LINNET_CHECK(VecCopy(r.get(), p.get()));
  LINNET_CHECK(VecCopy(e, error.get()));
  std::vector<double> found;
  for (int k = 0; k <= most; ++k) {
    const double rr = dot(r, r);
    LINNET_CHECK(MatMult(a, r.get(), image.get()));
    found.push_back(1.0 - rr * rr / (dot(r, image) * dot(r, error)));
    LINNET_CHECK(MatMult(a, p.get(), image.get()));
    const double step = rr / dot(p, image);
    LINNET_CHECK(VecAXPY(r.get(), -step, image.get()));
    LINNET_CHECK(VecAXPY(error.get(), -step, p.get()));
    LINNET_CHECK(VecAYPX(p.get(), dot(r, r) / rr, r.get()));
  }
  return found;
}

} // namespace

// With the identity as network the solver is the method of conjugate gradients.
TEST(DirectionTask, LossOfTheResidualThatTheSolverComesTo) {
  constexpr PetscInt most = 4;
  const linnet::test::Scratch scratch;
  write_samples(scratch / "samples.h5");
  const Owned<Mat> a = make_matrix();
  nn::Graph graph;
  graph.dimension = 2;
  graph.nodes = {{"x", "input", {}, {}}, {"y", "conv", {"x"}, {{"channels", 1}, {"bias", 0}}}};
  graph.output = "y";
  std::set<std::size_t> steps;
  for (std::uint64_t seed = 0; seed < 12; ++seed) {
    nn::DirectionTask task(
        nn::resolve(graph), {a.get()},
        {.loss = nn::DirectionLossType::energy, .solver_steps = most, .seed = seed},
        scratch / "samples.h5");
    const auto parameters = nn::parameter_buffer<float>(task.graph().parameters);
    parameters(4) = 1.0F; // the middle of 3 x 3
    const double loss = task.evaluate(1, parameters, nullptr);
    EXPECT_EQ(task.evaluate(1, parameters, nullptr), loss);
    Vec e = nullptr;
    LINNET_CHECK(MatCreateVecs(a.get(), &e, nullptr));
    const Owned<Vec> owner(e);
    for (PetscInt p = 0; p < nx * ny; ++p)
      LINNET_CHECK(VecSetValue(e, p, static_cast<double>(static_cast<float>(sample_value(1, 1, p))),
                               INSERT_VALUES));
    LINNET_CHECK(VecAssemblyBegin(e));
    LINNET_CHECK(VecAssemblyEnd(e));
    const std::vector<double> wanted = losses_of_cg(a.get(), e, most);
    const auto found = std::find_if(wanted.begin(), wanted.end(), [&](double w) {
      return std::abs(w - loss) <= 1e-5; // directions are in single precision
    });
    ASSERT_NE(found, wanted.end()) << loss;
    steps.insert(static_cast<std::size_t>(found - wanted.begin()));
  }
  EXPECT_EQ(steps.size(), most + 1u);
}

namespace {

/// The loss minimal_residual of the residual itself as direction, after 0 to @p most steps of
/// GMRES on A x = b.
std::vector<double> losses_of_gmres(Mat a, Vec b, PetscInt most) {
  const auto vector = [&] {
    Vec v = nullptr;
    LINNET_CHECK(VecDuplicate(b, &v));
    return Owned<Vec>(v);
  };
  const Owned<Vec> x = vector(), r = vector(), image = vector();
  std::vector<double> found;
  for (PetscInt k = 0; k <= most; ++k) {
    KSP ksp = nullptr;
    PC pc = nullptr;
    LINNET_CHECK(KSPCreate(PETSC_COMM_SELF, &ksp));
    const Owned<KSP> owner(ksp);
    LINNET_CHECK(KSPSetType(ksp, KSPGMRES));
    LINNET_CHECK(KSPGetPC(ksp, &pc));
    LINNET_CHECK(PCSetType(pc, PCNONE));
    LINNET_CHECK(KSPSetOperators(ksp, a, a));
    LINNET_CHECK(KSPSetTolerances(ksp, 1e-14, 1e-300, PETSC_DEFAULT, k));
    LINNET_CHECK(VecSet(x.get(), 0.0));
    if (k > 0) LINNET_CHECK(KSPSolve(ksp, b, x.get()));
    LINNET_CHECK(MatMult(a, x.get(), r.get()));
    LINNET_CHECK(VecAYPX(r.get(), -1.0, b));
    PetscScalar rr = 0.0, ri = 0.0, ii = 0.0;
    LINNET_CHECK(MatMult(a, r.get(), image.get()));
    LINNET_CHECK(VecDot(r.get(), r.get(), &rr));
    LINNET_CHECK(VecDot(r.get(), image.get(), &ri));
    LINNET_CHECK(VecDot(image.get(), image.get(), &ii));
    found.push_back(1.0 - ri * ri / (rr * ii));
  }
  return found;
}

} // namespace

// With the identity as network the solver is the method of minimal residuals.
TEST(DirectionTask, IndefiniteMatrices) {
  constexpr PetscInt most = 4;
  const linnet::test::Scratch scratch;
  const std::string path = scratch / ("waves" + std::to_string(linnet::test::rank()) + ".h5");
  std::vector<double> values;
  for (int p = 0; p < nx * ny; ++p) values.push_back(sample_value(1, 1, p)); // 0 at (3,2)
  nn::SampleWriter writer(PETSC_COMM_SELF, path, {1, {nx, ny, 1}, {{nn::rhs_field}}, "noise"});
  writer.write(nn::rhs_field, 0, {0, 0, 0}, {nx, ny, 1}, values.data());
  writer.close();
  const Owned<Mat> a = make_matrix();
  LINNET_CHECK(MatShift(a.get(), -2.5)); // amid the eigenvalues
  Vec b = nullptr;
  LINNET_CHECK(MatCreateVecs(a.get(), &b, nullptr));
  const Owned<Vec> owner(b);
  {
    const nn::SampleReader reader(path);
    const io::VecWriteArray array(b);
    reader.read(nn::rhs_field, 0, array.data());
  }
  nn::Graph graph;
  graph.dimension = 2;
  graph.nodes = {{"x", "input", {}, {}}, {"y", "conv", {"x"}, {{"channels", 1}, {"bias", 0}}}};
  graph.output = "y";
  const std::vector<double> wanted = losses_of_gmres(a.get(), b, most);
  std::set<std::size_t> steps;
  for (std::uint64_t seed = 0; seed < 12; ++seed) {
    nn::DirectionTask task(
        nn::resolve(graph), {a.get()},
        {.loss = nn::DirectionLossType::minimal_residual, .solver_steps = most, .seed = seed},
        path);
    const auto parameters = nn::parameter_buffer<float>(task.graph().parameters);
    parameters(4) = 1.0F; // the middle of 3 x 3
    const double loss = task.evaluate(0, parameters, nullptr);
    const auto found = std::find_if(wanted.begin(), wanted.end(), [&](double w) {
      return std::abs(w - loss) <= 1e-5; // directions are in single precision
    });
    ASSERT_NE(found, wanted.end()) << loss;
    steps.insert(static_cast<std::size_t>(found - wanted.begin()));
  }
  EXPECT_EQ(steps.size(), most + 1u);
}

TEST(DirectionTask, Refusals) {
  const linnet::test::Scratch scratch;
  write_samples(scratch / "samples.h5");
  Mat other = nullptr;
  LINNET_CHECK(MatCreateSeqAIJ(PETSC_COMM_SELF, 9, 9, 1, nullptr, &other));
  LINNET_CHECK(MatAssemblyBegin(other, MAT_FINAL_ASSEMBLY));
  LINNET_CHECK(MatAssemblyEnd(other, MAT_FINAL_ASSEMBLY));
  const Owned<Mat> small(other);
  EXPECT_THROW(nn::DirectionTask(small_graph(), {small.get()},
                                 {.loss = nn::DirectionLossType::energy}, scratch / "samples.h5"),
               core::Error);
  EXPECT_THROW(nn::SampleReader(scratch / "none.h5"), core::Error);
}

// Two convolutions with 36 weights on 8 x 6 points; all layers with weights behind constant images.
TEST(DirectionTask, OperationsWithThoseOfTheSolver) {
  const linnet::test::Scratch scratch;
  const std::string path = scratch / ("tanks" + std::to_string(linnet::test::rank()) + ".h5");
  write_samples(scratch / "samples.h5");
  write_tank_samples(path);
  const Owned<Mat> square = make_matrix(), a = tank_matrix(0), b = tank_matrix(1);
  const auto flops = [&](PetscInt steps) {
    return nn::DirectionTask(small_graph(), {square.get()}, {.solver_steps = steps},
                             scratch / "samples.h5")
        .flops();
  };
  const auto flops_of_images = [&](PetscInt steps) {
    return nn::DirectionTask(image_graph(), {a.get(), b.get()}, {.solver_steps = steps}, path)
        .flops();
  };
  EXPECT_EQ(flops(0), 3.0 * 2.0 * 48.0 * 72.0);
  EXPECT_DOUBLE_EQ(flops(4), 5.0 / 3.0 * flops(0));
  EXPECT_DOUBLE_EQ(flops_of_images(4), 1.4 * flops_of_images(0));
}
