// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
// The task of search directions: samples through their file, the chain of network and loss against
// differences, points without an unknown, and what is refused.
#include "unit/io/scratch.hpp"

#include <linnet/core/error.hpp>
#include <linnet/core/random.hpp>
#include <linnet/nn/direction_task.hpp>

#include <gtest/gtest.h>

#include <cmath>

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

double sample_value(int sample, int field, int point) {
  return core::RandomStream(static_cast<std::uint64_t>(sample), static_cast<std::uint64_t>(field))
      .normal(static_cast<std::uint64_t>(point));
}

nn::SampleLayout layout() {
  return {samples, {nx, ny, 1}, {nn::rhs_field, nn::solution_field}, "noise"};
}

void write_samples(const std::string& path) {
  nn::SampleWriter writer(PETSC_COMM_WORLD, path, layout());
  const bool first = linnet::test::rank() == 0;
  for (int s = 0; s < samples; ++s)
    for (int f = 0; f < 2; ++f) {
      std::vector<double> values;
      for (int p = 0; p < nx * ny; ++p) values.push_back(sample_value(s, f, p));
      // Only the first rank has points.
      writer.write(layout().fields[static_cast<std::size_t>(f)], s, {0, 0, 0},
                   first ? core::Index3{nx, ny, 1} : core::Index3{0, 0, 0}, values.data());
    }
  writer.close();
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

// Odd extents, so that the network's grid is larger, and a point without an unknown. In single
// precision a difference over h has an error of about 1e-7 / h + h^2.
TEST(DirectionTask, GradientIsTheDerivative) {
  const linnet::test::Scratch scratch;
  write_samples(scratch / "samples.h5");
  const Owned<Mat> a = make_matrix();
  for (const auto type : {nn::DirectionLossType::line_search, nn::DirectionLossType::energy,
                          nn::DirectionLossType::residual}) {
    nn::DirectionTask task(small_graph(), {a.get()}, {.loss = type}, scratch / "samples.h5");
    const auto parameters = nn::parameter_buffer<float>(task.graph().parameters);
    const auto gradient = nn::parameter_buffer<float>(task.graph().parameters);
    nn::initialise(task.graph().parameters, 1, parameters);
    task.evaluate(1, parameters, &gradient);
    double along = 0.0, norm = 0.0;
    for (std::size_t i = 0; i < gradient.extent(0); ++i)
      norm += std::pow(static_cast<double>(gradient(i)), 2);
    norm = std::sqrt(norm);
    const auto moved = [&](double step) {
      const auto values = nn::parameter_buffer<float>(task.graph().parameters);
      for (std::size_t i = 0; i < gradient.extent(0); ++i)
        values(i) = static_cast<float>(static_cast<double>(parameters(i)) +
                                       step * static_cast<double>(gradient(i)) / norm);
      return task.evaluate(1, values, nullptr);
    };
    along = (moved(1e-2) - moved(-1e-2)) / 2e-2;
    EXPECT_NEAR(along / norm, 1.0, 2e-3);
  }
}

TEST(DirectionTask, Refusals) {
  const linnet::test::Scratch scratch;
  write_samples(scratch / "samples.h5");
  Mat other = nullptr;
  LINNET_CHECK(MatCreateSeqAIJ(PETSC_COMM_SELF, 9, 9, 1, nullptr, &other));
  LINNET_CHECK(MatAssemblyBegin(other, MAT_FINAL_ASSEMBLY));
  LINNET_CHECK(MatAssemblyEnd(other, MAT_FINAL_ASSEMBLY));
  const Owned<Mat> small(other);
  EXPECT_THROW(nn::DirectionTask(small_graph(), {small.get()}, {.loss = nn::DirectionLossType::energy},
                                 scratch / "samples.h5"),
               core::Error);
  EXPECT_THROW(nn::SampleReader(scratch / "none.h5"), core::Error);
}
