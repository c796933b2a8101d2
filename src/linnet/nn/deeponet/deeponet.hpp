// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// The two parts of a DeepONet, branch and trunk, each on points of its own: functions and places.
#pragma once

#include <linnet/nn/network/model.hpp>
#include <linnet/nn/network/network.hpp>

#include <optional>
#include <span>
#include <vector>

namespace linnet::nn {

/// The nodes that node number @p output needs, renumbered, with it as their output; parameters stay
/// where they are.
ResolvedGraph ancestors(const ResolvedGraph& graph, int output);

/// Parameters of both parts lie where those of the whole graph have them.
struct DeepONetParts {
  ResolvedGraph branch; ///< of the values of functions at sensors
  ResolvedGraph trunk;  ///< of points
  int sensors = 0, coordinates = 0;
  int outputs = 0;                 ///< fields; branch number o basis + k goes with trunk number k
  int basis = 0;                   ///< functions of the trunk
  std::optional<std::size_t> bias; ///< offset of `outputs` numbers
};

/// True for a graph whose result is an inner product, as that of a DeepONet.
bool is_deeponet(const ResolvedGraph& graph);

/// @throws core::Error (usage) that begins with @p name unless the result of @p graph is an inner
/// product of what depends on its first input alone and what depends on its second alone.
DeepONetParts split_deeponet(const ResolvedGraph& graph, const std::string& name);

/// A network of which each point is a member of a batch, on this rank alone. For inference, members
/// of one batch are treated alike: wherever one lies, its values have the same bits. Not
/// collective.
template <class T>
class BatchNetwork {
public:
  BatchNetwork(const ResolvedGraph& graph, int members, NetworkMode mode);
  [[nodiscard]] int members() const { return domain_.extent(0)[0]; }
  [[nodiscard]] Network<T>& network() { return network_; }
  [[nodiscard]] Domain& domain() { return domain_; }

private:
  Domain domain_;
  Network<T> network_;
};

/// t(c, i) = rows[number(i) channels + c] for the members i < @p count, zeros for those behind.
template <class T, class Number>
void gather_members(const T* rows, const Number& number, int count, const kernels::Tensor<T>& t) {
  constexpr int block = 16; // so many rows are read side by side
  const int members = t.layout.n[0];
  for (int first = 0; first < members; first += block) {
    const int end = std::min(first + block, members), full = std::min(end, std::max(first, count));
    const T* from[block];
    for (int i = first; i < full; ++i)
      from[i - first] = rows + number(i) * static_cast<std::int64_t>(t.channels);
    for (int c = 0; c < t.channels; ++c) {
      T* to = t.origin(c);
      for (int i = first; i < full; ++i) to[i] = from[i - first][c];
      for (int i = full; i < end; ++i) to[i] = T(0);
    }
  }
}

/// Values of G(u)(y) for many functions u and points y, in double precision in and out. Evaluated
/// in tiles of fixed size: a value depends in no bit on what is asked for beside it, nor in which
/// order.
class DeepONet {
public:
  /// Keeps @p model; the branch works on @p functions functions at a time. @throws core::Error
  /// (usage) for a model that is no DeepONet.
  explicit DeepONet(const Model& model, const std::string& name = "network", int functions = 64);
  [[nodiscard]] const DeepONetParts& parts() const { return parts_; }
  /// @p inputs: functions behind each other, sensors() values each. @p points: coordinates of a
  /// point behind each other. @p values: (function, output, point), point fastest. @p first_point:
  /// the number of the first one on the grid, where the output is normalised point by point.
  /// @throws core::Error (usage) where that has fewer points.
  void evaluate(std::span<const double> inputs, std::span<const double> points,
                std::span<double> values, int first_point = 0);
  /// The same for functions with @p count points each of their own: @p points (function, point,
  /// coordinate).
  void evaluate_each(std::span<const double> inputs, std::span<const double> points, int count,
                     std::span<double> values);
  [[nodiscard]] const Model& model() const { return model_; }
  /// The trunk at @p points: (basis function, point), point fastest.
  void basis(std::span<const double> points, std::span<double> values);
  /// The same at points of a grid, of which the first coordinates count.
  std::vector<double> basis_at(std::span<const core::Real3> points);
  /// The branch for the functions @p inputs: (function, output, basis function). Allocates nothing
  /// from the second call with as many functions on.
  void coefficients(std::span<const double> inputs, std::span<double> values);
  /// b_0 of @p output, 0 where there is none.
  [[nodiscard]] double bias(int output) const;

private:
  void run_branch(std::span<const double> inputs);
  void run_trunk(std::span<const double> points);
  /// Functions of @p count points each, the first of which has the number @p first_point.
  void decode(std::span<double> values, int count, int first_point) const;

  Model model_;
  DeepONetParts parts_;
  BatchNetwork<float> branch_, trunk_;
  std::vector<double> encoded_;
  std::vector<float> rows_, coefficients_; ///< the latter (function, output, basis function)
};

} // namespace linnet::nn
