// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/fractional/even_convolution.hpp>

#include <linnet/core/kokkos_session.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

namespace linnet::fractional {

namespace {

constexpr long block_columns = 16;
constexpr long twiddle_steps = 32;

/// About the time of a transform of this length per value, in nanoseconds on a core of 2024.
double time_per_value(long length) {
  static constexpr struct {
    long factor;
    double time;
  } factors[] = {{3, 0.15}, {5, 0.2}, {7, 0.4}};
  double time = length % 2 == 0 ? 1.8 : 2.3;
  for (const auto& [factor, more] : factors)
    for (long rest = length; rest % factor == 0; rest /= factor) time += more;
  return time;
}

constexpr double other_time_per_value = 5.5;

struct Lengths {
  long n1, n2;
};

/// Smooth lengths about the square root whose product is at least @p least, the fastest.
Lengths best_lengths(long least) {
  const auto root = static_cast<long>(std::ceil(std::sqrt(static_cast<double>(least))));
  Lengths best{smooth_length(root), smooth_length(root)};
  double best_time = std::numeric_limits<double>::infinity();
  for (long n1 = smooth_length(2 * root / 3); n1 <= 2 * root; n1 = smooth_length(n1 + 1)) {
    long n2 = smooth_length((least + n1 - 1) / n1);
    for (int choice = 0; choice < 4; ++choice, n2 = smooth_length(n2 + 1)) {
      const double time = static_cast<double>(n1 * n2) *
                          (time_per_value(n1) + time_per_value(n2) + other_time_per_value);
      if (time < best_time) best = {n1, n2};
      best_time = std::min(best_time, time);
    }
  }
  return best;
}

std::complex<double> unit(double turns) {
  const double angle = 2.0 * std::numbers::pi * turns;
  return {std::cos(angle), -std::sin(angle)};
}

// Without the checks for infinities of std::complex.
std::complex<double> product(std::complex<double> a, std::complex<double> b) {
  return {a.real() * b.real() - a.imag() * b.imag(), a.real() * b.imag() + a.imag() * b.real()};
}

} // namespace

namespace {

/// @p comm, with Kokkos initialised: members of the class need it from their construction on.
MPI_Comm with_kokkos(MPI_Comm comm) {
  LINNET_CHECK(core::ensure_kokkos());
  return comm;
}

} // namespace

EvenConvolution::EvenConvolution(MPI_Comm comm, long least_half)
    : EvenConvolution(with_kokkos(comm), best_lengths(least_half).n1, best_lengths(least_half).n2) {
}

EvenConvolution::EvenConvolution(MPI_Comm comm, long n1, long n2)
    : comm_(comm), n1_(n1), n2_(n2), half_(n1 * n2), column_ffts_(n1, block_columns),
      row_ffts_(n2, 1), pair_ffts_(n2, 2) {
  MPI_Comm_rank(comm_, &rank_);
  MPI_Comm_size(comm_, &ranks_);
  make_groups();
  make_factors();
  const auto columns = static_cast<std::size_t>(columns_of(rank_).size());
  columns_.resize(static_cast<std::size_t>(n1_) * columns);
  exchanged_.resize(static_cast<std::size_t>(n1_) * columns);
  blocks_.resize(static_cast<std::size_t>(n1_ * block_columns * kernels::host_threads()));
  const auto r = static_cast<std::size_t>(rank_);
  if (ranks_ > 1) // one rank has all columns of its rows, and needs no exchange
    rows_.resize(static_cast<std::size_t>((first_row_[r + 1] - first_row_[r]) * n2_));
  mean_.resize(groups_.size() * static_cast<std::size_t>(n2_));
  difference_.resize(mean_.size());
}

void EvenConvolution::make_groups() {
  const long count = n1_ / 2 + 1;
  row_place_.resize(static_cast<std::size_t>(n1_));
  long place = 0;
  for (int r = 0; r < ranks_; ++r) {
    first_row_.push_back(place);
    for (long g = count * r / ranks_; g < count * (r + 1) / ranks_; ++g) {
      if (2 * g > n1_) continue; // of an odd number of rows there is no middle one
      const bool alone = g == 0 || 2 * g == n1_;
      if (r == rank_) groups_.push_back({g, alone, place - first_row_.back()});
      row_place_[static_cast<std::size_t>(g)] = place++;
      if (!alone) row_place_[static_cast<std::size_t>(n1_ - g)] = place++;
    }
  }
  first_row_.push_back(place);
}

void EvenConvolution::make_factors() {
  const long fine = n1_;
  for (long j = 0; j < fine; ++j)
    fine_.push_back(unit(static_cast<double>(j) / static_cast<double>(half_)));
  for (long j = 0; j * fine < half_; ++j)
    coarse_.push_back(unit(static_cast<double>(j * fine) / static_cast<double>(half_)));
  for (long k = 0; k < n2_; ++k)
    half_turn_.push_back(unit(0.5 * static_cast<double>(k) / static_cast<double>(n2_)));
}

double EvenConvolution::memory() const {
  return static_cast<double>(
      sizeof(Complex) * (columns_.size() + rows_.size() + exchanged_.size()) +
      sizeof(double) * (mean_.size() + difference_.size() + sent_.size() + received_.size()));
}

IndexRange EvenConvolution::columns_of(int rank) const {
  return {n2_ * rank / ranks_, n2_ * (rank + 1) / ranks_};
}

IndexRange EvenConvolution::kernel_range() const {
  return {(half_ + 1) * rank_ / ranks_, (half_ + 1) * (rank_ + 1) / ranks_};
}

// exp(-2 pi i exponent / m), 0 <= exponent < m.
EvenConvolution::Complex EvenConvolution::power(long exponent) const {
  const auto fine = static_cast<long>(fine_.size());
  return product(coarse_[static_cast<std::size_t>(exponent / fine)],
                 fine_[static_cast<std::size_t>(exponent % fine)]);
}

// x(k) *= exp(-2 pi i column k / m), or its conjugate.
void EvenConvolution::twiddle(long column, Complex* x, bool conjugate) const {
  double steps[2][twiddle_steps];
  const double sign = conjugate ? -1.0 : 1.0;
  for (long b = 0; b < twiddle_steps; ++b) {
    const Complex w = power(column * b % half_);
    steps[0][b] = w.real();
    steps[1][b] = sign * w.imag();
  }
  auto* values = reinterpret_cast<double*>(x);
  for (long a = 0; a < n1_; a += twiddle_steps) {
    const Complex start = power(column * a % half_);
    const double re = start.real(), im = sign * start.imag();
    const long count = std::min(twiddle_steps, n1_ - a);
    for (long b = 0; b < count; ++b) {
      const double c = re * steps[0][b] - im * steps[1][b], s = re * steps[1][b] + im * steps[0][b];
      double* v = values + 2 * (a + b);
      const double x_re = v[0], x_im = v[1];
      v[0] = c * x_re - s * x_im;
      v[1] = c * x_im + s * x_re;
    }
  }
}

// work(first column, columns, room for them): some at a time, which fit into the cache.
template <class Work>
void EvenConvolution::for_column_blocks(const Work& work) {
  const long width = columns_of(rank_).size();
  kernels::for_blocks("riesz columns", (width + block_columns - 1) / block_columns,
                      [&](long block) {
                        const kernels::ThreadNumber thread(tokens_);
                        const long c = block * block_columns;
                        work(c, std::min(block_columns, width - c),
                             blocks_.data() + thread.value() * n1_ * block_columns);
                      });
}

void EvenConvolution::transform_columns() {
  const IndexRange mine = columns_of(rank_);
  const long width = mine.size();
  for_column_blocks([&](long c, long count, Complex* block) {
    for (long j = 0; j < n1_; ++j)
      for (long q = 0; q < count; ++q)
        block[q * n1_ + j] = columns_[std::size_t(j * width + c + q)];
    column_ffts_.forward(block);
    for (long q = 0; q < count; ++q) twiddle(mine.begin + c + q, block + q * n1_, false);
    for (long k = 0; k < n1_; ++k) {
      Complex* to = exchanged_.data() + row_place_[static_cast<std::size_t>(k)] * width + c;
      for (long q = 0; q < count; ++q) to[q] = block[q * n1_ + k];
    }
  });
}

void EvenConvolution::transform_columns_back() {
  const IndexRange mine = columns_of(rank_);
  const long width = mine.size();
  for_column_blocks([&](long c, long count, Complex* block) {
    for (long k = 0; k < n1_; ++k) {
      const Complex* from = exchanged_.data() + row_place_[static_cast<std::size_t>(k)] * width + c;
      for (long q = 0; q < count; ++q) block[q * n1_ + k] = from[q];
    }
    for (long q = 0; q < count; ++q) twiddle(mine.begin + c + q, block + q * n1_, true);
    column_ffts_.backward(block);
    for (long j = 0; j < n1_; ++j)
      for (long q = 0; q < count; ++q)
        columns_[std::size_t(j * width + c + q)] = block[q * n1_ + j];
  });
}

long EvenConvolution::pairs_of(const Group& group) const {
  if (!group.alone) return n2_;
  return group.row == 0 ? n2_ / 2 + 1 : (n2_ + 1) / 2;
}

// visit(index, whether these are the frequencies 0 and m).
template <class Visit>
void EvenConvolution::for_eigenvalues(const Visit& visit) const {
  for (std::size_t g = 0; g < groups_.size(); ++g)
    for (long j = 0; j < pairs_of(groups_[g]); ++j)
      visit(g * static_cast<std::size_t>(n2_) + static_cast<std::size_t>(j),
            groups_[g].row == 0 && j == 0);
}

// visit(index, u, z, conjugate): frequency k = row + n1 j at z and 2m - k, which has the same
// place as m - k, at the other; index is that of mean_ and difference_, u = exp(-i pi k / m).
template <class Visit>
void EvenConvolution::for_pairs(std::size_t group, const Visit& visit) {
  const Group& g = groups_[group];
  Complex* low = rows_.data() + g.place * n2_;
  Complex* high = g.alone ? low : low + n2_;
  const Complex turn = unit(0.5 * static_cast<double>(g.row) / static_cast<double>(half_));
  const std::size_t start = group * static_cast<std::size_t>(n2_);
  const long sum = g.row == 0 ? n2_ : n2_ - 1; // of the columns of a pair
  for (long j = 0; j < pairs_of(g); ++j) {
    const long other = g.row == 0 && j == 0 ? 0 : sum - j;
    visit(start + static_cast<std::size_t>(j),
          product(turn, half_turn_[static_cast<std::size_t>(j)]), low[j], high[other]);
  }
}

template <class Work>
void EvenConvolution::for_groups(bool forward, bool backward, const Work& work) {
  kernels::for_blocks("riesz rows", static_cast<long>(groups_.size()), [&](long block) {
    const auto g = static_cast<std::size_t>(block);
    Complex* rows = rows_.data() + groups_[g].place * n2_;
    ComplexFfts& ffts = groups_[g].alone ? row_ffts_ : pair_ffts_;
    if (forward) ffts.forward(rows);
    for_pairs(g, work);
    if (backward) ffts.backward(rows);
  });
}

// With z = even + i odd elements, transformed, and E, O the transforms of these two: eigenvalue k
// is E + u O, and k + m is E - u O, both real.
double EvenConvolution::set_kernel(const double* values) {
  scatter(kernel_range(), values, Continuation::even);
  transform_columns();
  exchange();
  for_groups(true, false, [&](std::size_t at, Complex u, Complex& z, Complex& w) {
    const Complex even = 0.5 * (z + std::conj(w)), odd = Complex(0.0, -0.5) * (z - std::conj(w));
    mean_[at] = even.real();
    difference_[at] = product(u, odd).real();
  });
  release_rows();
  double least = std::numeric_limits<double>::infinity();
  for_eigenvalues([&](std::size_t at, bool ends) {
    if (!ends) least = std::min({least, mean_[at] + difference_[at], mean_[at] - difference_[at]});
  });
  MPI_Allreduce(MPI_IN_PLACE, &least, 1, MPI_DOUBLE, MPI_MIN, comm_);
  return least;
}

void EvenConvolution::invert_kernel() {
  for_eigenvalues([&](std::size_t at, bool ends) {
    const double a = 1.0 / (mean_[at] + difference_[at]), b = 1.0 / (mean_[at] - difference_[at]);
    mean_[at] = ends ? 0.0 : 0.5 * (a + b);
    difference_[at] = ends ? 0.0 : 0.5 * (a - b);
  });
}

// E is the mean of the eigenvalues, u O half their difference.
void EvenConvolution::unfold_kernel() {
  borrow_rows();
  for_groups(false, true, [&](std::size_t at, Complex u, Complex& z, Complex& w) {
    const Complex turned(u.imag() * difference_[at], u.real() * difference_[at]); // i conj(u) d
    z = mean_[at] + turned;
    if (&w != &z) w = mean_[at] + Complex(-turned.real(), turned.imag());
  });
  exchange_back();
  transform_columns_back();
}

void EvenConvolution::kernel_values(IndexRange range, double* values) { gather(range, values); }

void EvenConvolution::apply(IndexRange from, const double* x, Continuation beyond, IndexRange to,
                            double* y) {
  scatter(from, x, beyond);
  transform_columns();
  exchange();
  for_groups(true, true, [&](std::size_t at, Complex u, Complex& z, Complex& w) {
    const double s = mean_[at], d = 0.5 * difference_[at];
    const Complex zc = z, wc = std::conj(w), even = zc + wc,
                  odd(zc.imag() - wc.imag(), wc.real() - zc.real());
    const Complex a = product(u, odd), b = product(std::conj(u), even);
    const Complex ib(-b.imag(), b.real());
    z = s * zc + d * (a + ib);
    if (&w != &z) w = std::conj(s * wc + d * (a - ib));
  });
  exchange_back();
  transform_columns_back();
  gather(to, y);
}

} // namespace linnet::fractional
