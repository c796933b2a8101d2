// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
// Convolutions in four steps against their definition, for any number of ranks and uneven shares.
#include <linnet/fractional/even_convolution.hpp>

#include <linnet/core/petsc.hpp>
#include <linnet/kernels/staging.hpp>

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

using namespace linnet::fractional;

namespace {

struct Ranks {
  int rank = 0, size = 1;
  Ranks() {
    MPI_Comm_rank(PETSC_COMM_WORLD, &rank);
    MPI_Comm_size(PETSC_COMM_WORLD, &size);
  }
  /// An uneven share of begin .. end-1: rank r has a part like r + 1.
  [[nodiscard]] IndexRange share(long begin, long end) const {
    const long parts = long(size) * (size + 1) / 2, count = end - begin;
    const auto bound = [&](long r) { return begin + count * (r * (r + 1) / 2) / parts; };
    return {bound(rank), bound(rank + 1)};
  }
};

double kernel(long k, long half) {
  if (k >= half - 1) return 0.0;
  return k == 0 ? 3.0 : -1.0 / (double(k) * double(k));
}

double value(long q) { return std::cos(0.7 * double(q) * double(q)) + 0.2; }

void set_kernel(EvenConvolution& convolution) {
  const IndexRange range = convolution.kernel_range();
  std::vector<double> values;
  for (long k = range.begin; k < range.end; ++k)
    values.push_back(kernel(k, convolution.half_period()));
  convolution.set_kernel(values);
}

/// On host arrays.
std::vector<double> apply(EvenConvolution& convolution, IndexRange from,
                          const std::vector<double>& x, Continuation beyond, IndexRange to) {
  const auto in = linnet::kernels::device_copy<double>("linnet::test::x", x);
  const auto out = linnet::kernels::zeros<double>("linnet::test::y", std::size_t(to.size()));
  convolution.apply(from, in.data(), beyond, to, out.data());
  const auto y = linnet::kernels::host_copy(out);
  return {y.data(), y.data() + y.extent(0)};
}

/// Row q of the convolution with a vector on first .. last-1 that goes on as said.
double direct(long q, long first, long last, Continuation beyond, long half) {
  const auto k = [&](long d) {
    d = ((d % (2 * half)) + 2 * half) % (2 * half);
    return kernel(std::min(d, 2 * half - d), half);
  };
  double sum = 0.0;
  for (long r = first; r < last; ++r) {
    sum += k(q - r) * value(r);
    const bool mirrored = beyond != Continuation::zero && r != 0 && r != half;
    if (mirrored) sum += (beyond == Continuation::odd ? -1.0 : 1.0) * k(q + r) * value(r);
  }
  return sum;
}

} // namespace

TEST(EvenConvolution, IsWhatItsDefinitionSays) {
  const Ranks ranks;
  for (const long least : {1L, 2L, 5L, 30L, 200L, 1021L})
    for (const Continuation beyond : {Continuation::zero, Continuation::even, Continuation::odd}) {
      EvenConvolution convolution(PETSC_COMM_WORLD, least);
      const long half = convolution.half_period();
      EXPECT_GE(half, least);
      set_kernel(convolution);
      const long first = beyond == Continuation::even ? 0 : std::min(2L, half - 1),
                 last = beyond == Continuation::even ? half + 1 : half;
      const IndexRange mine = ranks.share(first, last);
      std::vector<double> x;
      for (long q = mine.begin; q < mine.end; ++q) x.push_back(value(q));
      for (int repeat = 0; repeat < 2; ++repeat) {
        const auto y = apply(convolution, mine, x, beyond, mine);
        for (long q = mine.begin; q < mine.end; ++q)
          EXPECT_NEAR(y[std::size_t(q - mine.begin)], direct(q, first, last, beyond, half), 1e-12)
              << least << ' ' << int(beyond) << ' ' << q;
      }
    }
}

TEST(EvenConvolution, GivesItsKernelBack) {
  const Ranks ranks;
  for (const long least : {7L, 100L, 999L}) {
    EvenConvolution convolution(PETSC_COMM_WORLD, least);
    const long half = convolution.half_period();
    set_kernel(convolution);
    convolution.unfold_kernel();
    const IndexRange mine = ranks.share(0, 2 * half);
    const auto kept = linnet::kernels::zeros<double>("linnet::test", std::size_t(mine.size()));
    convolution.kernel_values(mine, kept.data());
    const auto values = linnet::kernels::host_copy(kept);
    for (long q = mine.begin; q < mine.end; ++q)
      EXPECT_NEAR(values[std::size_t(q - mine.begin)], kernel(std::min(q, 2 * half - q), half),
                  1e-14)
          << least << ' ' << q;
  }
}

// On odd vectors, whose transforms are zero at the frequencies 0 and m.
TEST(EvenConvolution, IsUndoneByTheInvertedKernel) {
  const Ranks ranks;
  for (const long least : {3L, 40L, 1021L}) {
    EvenConvolution convolution(PETSC_COMM_WORLD, least), inverse(PETSC_COMM_WORLD, least);
    const long half = convolution.half_period();
    set_kernel(convolution);
    set_kernel(inverse);
    inverse.invert_kernel();
    const IndexRange mine = ranks.share(1, half);
    std::vector<double> x;
    for (long q = mine.begin; q < mine.end; ++q) x.push_back(value(q));
    const auto y = apply(convolution, mine, x, Continuation::odd, mine);
    const auto z = apply(inverse, mine, y, Continuation::odd, mine);
    for (std::size_t i = 0; i < x.size(); ++i) EXPECT_NEAR(z[i], x[i], 1e-10) << least << ' ' << i;
  }
}

// The eigenvalues of a kernel with two terms are 2 - 2 cos(pi k / m).
TEST(EvenConvolution, TellsTheLeastEigenvalue) {
  EvenConvolution convolution(PETSC_COMM_WORLD, 50);
  const long half = convolution.half_period();
  const IndexRange range = convolution.kernel_range();
  std::vector<double> values;
  for (long k = range.begin; k < range.end; ++k)
    values.push_back(k == 0 ? 2.0 : k == 1 ? -1.0 : 0.0);
  EXPECT_NEAR(convolution.set_kernel(values), 2.0 - 2.0 * std::cos(std::numbers::pi / double(half)),
              1e-13);
}
