// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
// The mean of each channel over all points of the grid, at every point. The sum is one of 64-bit
// integers, as in ReproducibleSum: its bits depend neither on ranks nor on threads.
#include <linnet/kernels/network/channel_mean.hpp>
#include <linnet/nn/network/operation.hpp>

#include <algorithm>
#include <bit>
#include <cmath>

namespace linnet::nn {

namespace {

// Below it the scale would leave the range of double precision.
constexpr int smallest_exponent = -900;

/// Means over the grid of a level.
template <class T>
class Means {
public:
  Means(Domain& domain, int level, int channels)
      : comm_(domain.comm()), points_(core::volume(domain.partition(level).points())),
        exponents_(static_cast<std::size_t>(channels)), sums_(static_cast<std::size_t>(channels)) {}

  /// y(c, .) = (or, with @p add, +=) the mean of x(c, .); NaN where one is not finite. Collective.
  void apply(const kernels::Tensor<T>& x, const kernels::Tensor<T>& y, bool add) {
    const int channels = static_cast<int>(sums_.size());
    for (int c = 0; c < channels; ++c)
      at(exponents_, c) = std::max(smallest_exponent, kernels::largest_exponent(x, c));
    MPI_Allreduce(MPI_IN_PLACE, exponents_.data(), channels, MPI_INT, MPI_MAX, comm_);
    for (int c = 0; c < channels; ++c)
      at(sums_, c) = is_finite(c) ? kernels::fixed_point_sum(x, c, std::ldexp(1.0, shift(c)))
                                  : std::int64_t{0};
    MPI_Allreduce(MPI_IN_PLACE, sums_.data(), channels, MPI_INT64_T, MPI_SUM, comm_);
    for (int c = 0; c < channels; ++c) kernels::set_channel(y, c, mean(c), add);
  }

private:
  template <class Value>
  static Value& at(std::vector<Value>& values, int c) {
    return values[static_cast<std::size_t>(c)];
  }
  [[nodiscard]] bool is_finite(int c) {
    return at(exponents_, c) < std::numeric_limits<T>::max_exponent;
  }
  /// Power of two for which the sum of all points is less than 2^62.
  [[nodiscard]] int shift(int c) {
    return 61 - static_cast<int>(std::bit_width(static_cast<std::uint64_t>(points_ - 1))) -
           at(exponents_, c);
  }
  [[nodiscard]] T mean(int c) {
    if (!is_finite(c)) return std::numeric_limits<T>::quiet_NaN();
    return static_cast<T>(std::ldexp(static_cast<double>(at(sums_, c)), -shift(c)) /
                          static_cast<double>(points_));
  }

  MPI_Comm comm_;
  std::int64_t points_;
  std::vector<int> exponents_;
  std::vector<std::int64_t> sums_;
};

/// Its own adjoint.
template <class T>
class GlobalMeanLayer : public Layer<T> {
public:
  GlobalMeanLayer(const ResolvedNode& node, Domain& domain)
      : means_(domain, node.signature.level, node.signature.channels) {}
  void forward(const LayerTensors<T>& t, const T*) override { means_.apply(t.in[0], t.out, false); }
  void backward(const LayerTensors<T>& t, const T*, T*) override {
    if (t.in_gradients[0].channels > 0) means_.apply(t.out_gradient, t.in_gradients[0], t.add[0]);
  }

private:
  Means<T> means_;
};

class GlobalMeanOperation : public OperationOf<GlobalMeanLayer> {
public:
  [[nodiscard]] std::string name() const override { return "global_mean"; }
};

} // namespace

void add_global_mean(OperationList& list) {
  list.push_back(std::make_unique<GlobalMeanOperation>());
}

} // namespace linnet::nn
