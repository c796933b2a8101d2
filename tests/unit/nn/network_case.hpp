// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// A network on a grid with random parameters, inputs and weights of the result, the same on every
/// cut: the scalar L = sum(weights * result), its derivatives, and comparisons.
#pragma once

#include <linnet/core/random.hpp>
#include <linnet/nn/network/network.hpp>

#include <petscsys.h>

#include <algorithm>
#include <cmath>
#include <vector>

namespace linnet::test {

template <class T>
class NetworkCase {
public:
  NetworkCase(MPI_Comm comm, const nn::Graph& graph, const core::Index3& points)
      : resolved_(nn::resolve(graph)),
        domain_(comm,
                nn::Domain::exact_cut(points, resolved_.levels, graph.padding, graph.coarsening,
                                      size_of(comm)),
                resolved_.levels, graph.padding, graph.coarsening),
        network_(resolved_, domain_, nn::NetworkMode::adjoint),
        parameters_(nn::parameter_buffer<T>(resolved_.parameters)),
        gradient_(nn::parameter_buffer<T>(resolved_.parameters)) {
    // Biases are zero at the start; here nothing is.
    for_each_parameter(
        [&](std::size_t q, double size) { parameters_(q) = static_cast<T>(size * deviate(1, q)); });
  }

  nn::Network<T>& network() { return network_; }
  [[nodiscard]] const nn::ResolvedGraph& graph() const { return resolved_; }

  /// L, with the inputs and the parameters moved along random directions.
  double value(double along_input = 0.0, double along_parameters = 0.0) {
    for_each_input([&](std::size_t number, int level, int first) {
      fill(network_.input(number), level, [&](int c, std::uint64_t p) {
        return deviate(2, index(first + c, p)) + along_input * deviate(3, index(first + c, p));
      });
    });
    const auto moved = nn::parameter_buffer<T>(resolved_.parameters);
    for_each_parameter([&](std::size_t q, double size) {
      moved(q) = static_cast<T>(static_cast<double>(parameters_(q)) +
                                along_parameters * size * deviate(4, q));
    });
    network_.forward(moved);
    double sum = 0.0;
    visit(network_.output(), output_level(), [&](int c, std::uint64_t p, T& v) {
      sum += static_cast<double>(v) * deviate(5, index(c, p));
    });
    return total(sum);
  }

  /// Forward and backward.
  void run() {
    value();
    fill(network_.output_gradient(), output_level(),
         [&](int c, std::uint64_t p) { return deviate(5, index(c, p)); });
    Kokkos::deep_copy(gradient_, T(0));
    network_.backward(parameters_, gradient_);
    for_each_parameter([&](std::size_t q, double) {
      gradient_(q) = static_cast<T>(total(static_cast<double>(gradient_(q))));
    });
  }

  double parameter_gradient_error() {
    run();
    double along = 0.0;
    for_each_parameter([&](std::size_t q, double size) {
      along += static_cast<double>(gradient_(q)) * size * deviate(4, q);
    });
    if (resolved_.parameters.count() == 0) return 0.0;
    return best_difference(along, [&](double e) { return value(0.0, e); });
  }

  double input_gradient_error() {
    run();
    return best_difference(total(input_derivative()), [&](double e) { return value(e, 0.0); });
  }

  /// |<J x, y> - <x, J^T y>| relative to the sizes of the two. For maps that are at most quadratic
  /// along a line, whose central differences are exact: affine or bilinear ones.
  double adjoint_error() {
    run();
    const double transposed = total(input_derivative());
    const double ahead = value(1.0), back = value(-1.0);
    return std::abs((ahead - back) / 2.0 - transposed) / (std::abs(ahead) + std::abs(back));
  }

  double difference_of_outputs(NetworkCase& other) {
    return difference(network_.output(), output_level(), other.network_.output(), other);
  }
  double difference_of_input_gradients(NetworkCase& other) {
    double largest = 0.0;
    for_each_input([&](std::size_t number, int level, int) {
      largest = std::max(largest, difference(network_.input_gradient(number), level,
                                             other.network_.input_gradient(number), other));
    });
    return largest;
  }
  double relative_difference_of_parameter_gradients(NetworkCase& other) {
    double square = 0.0, difference = 0.0;
    for_each_parameter([&](std::size_t q, double) {
      square += std::pow(static_cast<double>(gradient_(q)), 2);
      difference += std::pow(static_cast<double>(gradient_(q) - other.gradient_(q)), 2);
    });
    return square == 0.0 ? 0.0 : std::sqrt(difference / square);
  }

private:
  static int size_of(MPI_Comm comm) {
    int size = 1;
    MPI_Comm_size(comm, &size);
    return size;
  }
  static double deviate(std::uint64_t stream, std::uint64_t place) {
    return 2.0 * core::RandomStream(7, stream).uniform(place) - 1.0;
  }
  static std::uint64_t index(int channel, std::uint64_t point) {
    return static_cast<std::uint64_t>(channel) << 40 | point;
  }
  [[nodiscard]] double total(double part) const {
    double sum = 0.0;
    MPI_Allreduce(&part, &sum, 1, MPI_DOUBLE, MPI_SUM, domain_.comm());
    return sum;
  }
  /// use(number of the input, its level, channels of the inputs before it).
  template <class Use>
  void for_each_input(const Use& use) const {
    int first = 0;
    for (std::size_t i = 0; i < resolved_.inputs.size(); ++i) {
      const auto& node = resolved_.nodes[static_cast<std::size_t>(resolved_.inputs[i])];
      use(i, node.signature.level, first);
      first += node.signature.channels;
    }
  }
  [[nodiscard]] int output_level() const {
    return resolved_.nodes[static_cast<std::size_t>(resolved_.output)].signature.level;
  }
  /// use(place, size that keeps values of order one from layer to layer).
  template <class Use>
  void for_each_parameter(const Use& use) const {
    for (const nn::ParameterBlock& block : resolved_.parameters.blocks()) {
      const double size = std::sqrt(3.0 / static_cast<double>(block.fan_in));
      for (std::size_t i = 0; i < block.size(); ++i) use(block.offset + i, size);
    }
  }

  /// use(channel, number of the point in the whole grid, value) for the owned points.
  template <class Use>
  void visit(const kernels::Tensor<T>& t, int level, const Use& use) const {
    int rank = 0;
    MPI_Comm_rank(domain_.comm(), &rank);
    const core::Index3 lo = domain_.partition(level).box(rank).lo;
    const core::Index3 all = domain_.partition(level).points();
    const kernels::Layout& l = t.layout;
    for (int c = 0; c < t.channels; ++c)
      for (int k = 0; k < l.n[2]; ++k)
        for (int j = 0; j < l.n[1]; ++j)
          for (int i = 0; i < l.n[0]; ++i)
            use(c,
                static_cast<std::uint64_t>(((k + lo[2]) * all[1] + j + lo[1]) * all[0] + i + lo[0]),
                t.origin(c)[i + j * l.pitch_y + k * l.pitch_z]);
  }
  template <class Value>
  void fill(const kernels::Tensor<T>& t, int level, const Value& f) const {
    visit(t, level, [&](int c, std::uint64_t p, T& v) { v = static_cast<T>(f(c, p)); });
  }
  [[nodiscard]] double input_derivative() const {
    double sum = 0.0;
    for_each_input([&](std::size_t number, int level, int first) {
      visit(network_.input_gradient(number), level, [&](int c, std::uint64_t p, T& v) {
        sum += static_cast<double>(v) * deviate(3, index(first + c, p));
      });
    });
    return sum;
  }

  /// Against central differences of @p f with the best of several steps.
  template <class Function>
  double best_difference(double derivative, const Function& f) {
    double best = HUGE_VAL;
    for (const double e : {1e-3, 1e-4, 1e-5, 1e-6})
      best =
          std::min(best, std::abs((f(e) - f(-e)) / (2.0 * e) - derivative) / std::abs(derivative));
    return best;
  }

  /// Largest difference to @p theirs, which holds the whole grid.
  double difference(const kernels::Tensor<T>& mine, int level, const kernels::Tensor<T>& theirs,
                    const NetworkCase& other) const {
    std::vector<std::vector<T>> values(static_cast<std::size_t>(theirs.channels));
    other.visit(theirs, level, [&](int c, std::uint64_t p, T& v) {
      auto& channel = values[static_cast<std::size_t>(c)];
      channel.resize(std::max<std::size_t>(channel.size(), p + 1));
      channel[p] = v;
    });
    double largest = 0.0;
    visit(mine, level, [&](int c, std::uint64_t p, T& v) {
      largest = std::max(largest,
                         static_cast<double>(std::abs(v - values[static_cast<std::size_t>(c)][p])));
    });
    MPI_Allreduce(MPI_IN_PLACE, &largest, 1, MPI_DOUBLE, MPI_MAX, domain_.comm());
    return largest;
  }

  nn::ResolvedGraph resolved_;
  nn::Domain domain_;
  nn::Network<T> network_;
  kernels::Array<T> parameters_, gradient_;
};

} // namespace linnet::test
