// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
// Networks that are spread over ranks, with normalisation and loss: what they predict has the bits
// of a network on one rank, and their gradients are its gradients but for the rounding of sums.
#include <linnet/core/random.hpp>
#include <linnet/nn/fields/field_loss.hpp>
#include <linnet/nn/fields/mgno_graph.hpp>
#include <linnet/nn/network/whole_field_network.hpp>
#include <linnet/nn/network/widest_cut.hpp>

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

using namespace linnet;
using nn::Coarsening;
using nn::FieldLossType;
using nn::MgnoNorm;
using nn::NormaliserKind;
using nn::Padding;

namespace {

using Values = std::vector<double>;

Values noise(std::size_t count, std::uint64_t stream) {
  Values values;
  for (std::uint64_t i = 0; i < count; ++i)
    values.push_back(core::RandomStream(5, stream).normal(i));
  return values;
}

nn::Normaliser some_normaliser(NormaliserKind kind, int channels, const core::Index3& points) {
  nn::NormaliserFit fit(kind, channels, points);
  for (std::uint64_t n = 0; n < 4; ++n)
    fit.add(noise(static_cast<std::size_t>(channels * core::volume(points)), 50 + n));
  return fit.result();
}

/// A network on @p points from two channels to one, its loss, and the gradient of that.
template <class T>
class Case {
public:
  Case(MPI_Comm comm, const nn::Graph& graph, const core::Index3& points, FieldLossType type)
      : comm_(comm), graph_(nn::resolve(graph)),
        network_(comm, points, graph_,
                 {some_normaliser(NormaliserKind::channel, 2, points),
                  some_normaliser(NormaliserKind::point, 1, points)},
                 nn::NetworkMode::training),
        loss_(type, points, graph.padding == Padding::periodic) {
    const auto parameters = nn::parameter_buffer<T>(graph_.parameters),
               part = nn::parameter_buffer<T>(graph_.parameters);
    nn::initialise(graph_.parameters, 7, parameters);
    const Values x = noise(network_.input_count(), 1), y = noise(network_.output_count(), 2);
    Values by_output(network_.output_count());
    const auto prediction = network_.forward(x, parameters);
    loss = loss_.evaluate(prediction, y, by_output);
    output.assign(prediction.begin(), prediction.end());
    network_.backward(by_output, parameters, part);
    for (std::size_t i = 0; i < part.extent(0); ++i)
      gradient.push_back(static_cast<double>(part(i)));
    MPI_Allreduce(MPI_IN_PLACE, gradient.data(), static_cast<int>(gradient.size()), MPI_DOUBLE,
                  MPI_SUM, comm);
  }
  [[nodiscard]] const nn::WholeFieldNetwork<T>& network() const { return network_; }

  /// The largest difference of the gradient to another one, over the blocks of parameters and
  /// relative to the norm of the whole of it.
  [[nodiscard]] double difference(const Case& other) const {
    double square = 0.0, largest = 0.0;
    for (const double g : other.gradient) square += g * g;
    for (const nn::ParameterBlock& block : graph_.parameters.blocks()) {
      double error = 0.0;
      for (std::size_t i = block.offset; i < block.offset + block.size(); ++i)
        error += std::pow(gradient[i] - other.gradient[i], 2);
      largest = std::max(largest, std::sqrt(error / square));
    }
    return largest;
  }

  double loss = 0.0;
  Values output, gradient;

private:
  MPI_Comm comm_;
  nn::ResolvedGraph graph_;
  nn::WholeFieldNetwork<T> network_;
  nn::FieldLoss loss_;
};

/// Over 2 and 4 ranks parts of different extents, with points beyond the coarse ones.
struct Grid {
  Padding padding;
  Coarsening coarsening;
  core::Index3 points;
};

nn::MgnoOptions net_on(const Grid& grid) {
  nn::MgnoOptions o;
  const bool is_flat = grid.points[2] == 1;
  o.dimension = is_flat ? 2 : 3;
  o.padding = grid.padding;
  o.coarsening = grid.coarsening;
  o.points = grid.points;
  o.in = 2;
  o.layers = 2;
  o.channels.assign(is_flat ? 3 : 2, 3);
  o.steps.assign(is_flat ? 2 : 1, {1, 1});
  o.steps.push_back({2, 0});
  o.bias = true;
  return o;
}

const Grid grids[] = {
    {Padding::zero, Coarsening::even, {23, 19, 1}},
    {Padding::zero, Coarsening::odd, {23, 27, 1}},
    {Padding::reflect, Coarsening::even, {27, 23, 1}},
    {Padding::reflect, Coarsening::odd, {31, 27, 1}},
    {Padding::periodic, Coarsening::even, {24, 20, 1}},
    {Padding::zero, Coarsening::even, {7, 9, 11}},
    {Padding::reflect, Coarsening::even, {7, 13, 11}},
    {Padding::periodic, Coarsening::even, {8, 10, 8}},
};

/// Convolutions of 5 points, pooling, interpolation, a mean over the grid and a matrix.
nn::Graph u_net() {
  nn::Graph g;
  g.dimension = 2;
  g.nodes = {{"x", "input", {}, {{"channels", 2}}},
             {"a", "conv", {"x"}, {{"channels", 4}, {"kernel", 5}}},
             {"b", "gelu", {"a"}, {}},
             {"p", "avg_pool", {"b"}, {}},
             {"c", "conv", {"p"}, {{"channels", 4}}},
             {"m", "global_mean", {"c"}, {}},
             {"s", "add", {"c", "m"}, {}},
             {"d", "gelu", {"s"}, {}},
             {"u", "upsample_linear", {"d"}, {}},
             {"t", "concat", {"u", "b"}, {}},
             {"y", "dense", {"t"}, {{"units", 1}}}};
  g.output = "y";
  return g;
}

template <class T>
void expect_same(const nn::Graph& graph, const core::Index3& points, FieldLossType type) {
  const Case<T> cut(PETSC_COMM_WORLD, graph, points, type),
      whole(PETSC_COMM_SELF, graph, points, type);
  int rank = 0;
  MPI_Comm_rank(PETSC_COMM_WORLD, &rank);
  if (rank == 0) {
    EXPECT_EQ(cut.output, whole.output);
    EXPECT_EQ(cut.loss, whole.loss);
  } else {
    EXPECT_TRUE(cut.output.empty());
  }
  EXPECT_LE(cut.difference(whole), 16.0 * static_cast<double>(std::numeric_limits<T>::epsilon()));
}

} // namespace

// A block's gradient is a sum over at most 1001 points, whose roundings are those of a random walk
// of as many steps: 32 half last places of its size.
TEST(WholeFieldNetwork, GradientDoesNotDependOnTheCut) {
  for (const Grid& grid : grids)
    for (const MgnoNorm norm : {MgnoNorm::none, MgnoNorm::correction}) {
      SCOPED_TRACE(std::string(nn::name_of(grid.padding)) + " " + std::to_string(grid.points[2]));
      nn::MgnoOptions o = net_on(grid);
      o.norm = norm;
      const nn::Graph graph = nn::mgno_graph(o);
      expect_same<double>(graph, o.points, FieldLossType::h1_spectral);
      expect_same<float>(graph, o.points, FieldLossType::l2);
    }
  for (const FieldLossType type : {FieldLossType::h1_semi, FieldLossType::h1_difference})
    expect_same<double>(u_net(), {22, 18, 1}, type);
}

// Beside its part of the points a rank has their ghosts: a layer around 32 x 32 is an eighth.
TEST(WholeFieldNetwork, ArenaIsSpread) {
  nn::MgnoOptions o;
  o.points = {64, 64, 1};
  o.channels.assign(5, 8);
  o.steps = {{1, 0}, {1, 0}, {1, 0}, {1, 0}, {2, 0}};
  const nn::ResolvedGraph graph = nn::resolve(nn::mgno_graph(o));
  const nn::WholeFieldNetwork<float> cut(PETSC_COMM_WORLD, o.points, graph, {},
                                         nn::NetworkMode::training),
      whole(PETSC_COMM_SELF, o.points, graph, {}, nn::NetworkMode::training);
  int ranks = 1;
  MPI_Comm_size(PETSC_COMM_WORLD, &ranks);
  EXPECT_LT(static_cast<double>(cut.arena_bytes()),
            1.15 / ranks * static_cast<double>(whole.arena_bytes()));
}

TEST(WholeFieldNetwork, RefusesMoreRanksThanItsGridHasPartsFor) {
  int ranks = 1;
  MPI_Comm_size(PETSC_COMM_WORLD, &ranks);
  nn::MgnoOptions o = net_on({Padding::zero, Coarsening::even, {12, 12, 1}});
  const nn::ResolvedGraph graph = nn::resolve(nn::mgno_graph(o));
  EXPECT_EQ(nn::widest_field_cut(graph, o.points, 4).ranks(), 1);
  const auto build = [&] {
    nn::WholeFieldNetwork<float>(PETSC_COMM_WORLD, o.points, graph, {}, nn::NetworkMode::training);
  };
  if (ranks == 1)
    EXPECT_NO_THROW(build());
  else
    EXPECT_THROW(build(), core::Error);
}
