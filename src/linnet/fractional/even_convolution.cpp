// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/fractional/even_convolution.hpp>

#include <linnet/core/kokkos_session.hpp>
#include <linnet/kernels/staging.hpp>

#include <algorithm>
#include <cmath>
#include <limits>

namespace linnet::fractional {

namespace {

constexpr long block_columns = 16; // on the CPU

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

/// @p comm, with Kokkos initialised: members of the class need it from their construction on.
MPI_Comm with_kokkos(MPI_Comm comm) {
  LINNET_CHECK(core::ensure_kokkos());
  return comm;
}

kernels::Array<kernels::Complex> zero_array(long count) {
  return kernels::zeros<kernels::Complex>("linnet::fractional::convolution",
                                          static_cast<std::size_t>(count));
}

/// exp(-2 pi i j / order), 0 <= j < count.
kernels::Array<kernels::Complex> unit_roots(long count, long order) {
  std::vector<kernels::Complex> roots;
  for (long j = 0; j < count; ++j)
    roots.push_back(kernels::unit_root(static_cast<double>(j) / static_cast<double>(order)));
  return kernels::device_copy<kernels::Complex>("linnet::fractional::roots", roots);
}

} // namespace

EvenConvolution::EvenConvolution(MPI_Comm comm, long least_half)
    : EvenConvolution(with_kokkos(comm), best_lengths(least_half).n1, best_lengths(least_half).n2) {
}

EvenConvolution::EvenConvolution(MPI_Comm comm, long n1, long n2)
    : comm_(comm), n1_(n1), n2_(n2), half_(n1 * n2) {
  MPI_Comm_rank(comm_, &rank_);
  MPI_Comm_size(comm_, &ranks_);
  make_groups();
  make_factors();
  make_transforms();
  const long columns = columns_of(rank_).size();
  columns_ = zero_array(n1_ * columns);
  exchanged_ = zero_array(n1_ * columns);
  rows_ = ranks_ > 1 ? zero_array(own_rows() * n2_) : exchanged_;
  if (!kernels::on_device) blocks_ = zero_array(n1_ * block_columns * kernels::host_threads());
  const auto values = static_cast<std::size_t>(groups() * n2_);
  mean_ = kernels::zeros<double>("linnet::fractional::mean", values);
  difference_ = kernels::zeros<double>("linnet::fractional::difference", values);
}

void EvenConvolution::make_groups() {
  const long count = n1_ / 2 + 1;
  std::vector<long> places(static_cast<std::size_t>(n1_));
  long place = 0;
  for (int r = 0; r < ranks_; ++r) {
    first_row_.push_back(place);
    for (long g = count * r / ranks_; g < count * (r + 1) / ranks_; ++g) {
      if (2 * g > n1_) continue; // of an odd number of rows there is no middle one
      const bool alone = g == 0 || 2 * g == n1_;
      if (r == rank_) groups_.push_back({g, alone, place - first_row_.back()});
      places[static_cast<std::size_t>(g)] = place++;
      if (!alone) places[static_cast<std::size_t>(n1_ - g)] = place++;
    }
  }
  first_row_.push_back(place);
  group_ = kernels::device_copy<kernels::RowGroup>("linnet::fractional::groups", groups_);
  row_place_ = kernels::device_copy<long>("linnet::fractional::row_place", places);
}

void EvenConvolution::make_factors() {
  fine_ = unit_roots(n1_, half_);
  coarse_ = unit_roots(n2_, n2_);
  column_turn_ = unit_roots(n2_, 2 * n2_);
  std::vector<Complex> turns;
  for (const kernels::RowGroup& g : groups_)
    turns.push_back(
        kernels::unit_root(0.5 * static_cast<double>(g.row) / static_cast<double>(half_)));
  row_turn_ = kernels::device_copy<Complex>("linnet::fractional::row_turn", turns);
}

// On the CPU a block of columns at a time, and a row alone or two; on a GPU all of them.
void EvenConvolution::make_transforms() {
  const long columns = columns_of(rank_).size(), rows = own_rows();
  if constexpr (kernels::on_device) {
    if (columns > 0) column_ffts_.emplace_back(n1_, columns, SequenceOrder::side_by_side);
    if (rows > 0) row_ffts_.emplace_back(n2_, rows);
  } else {
    column_ffts_.emplace_back(n1_, block_columns);
    for (const long count : {1, 2}) row_ffts_.emplace_back(n2_, count);
  }
}

double EvenConvolution::memory() const {
  const std::size_t complex = columns_.extent(0) + exchanged_.extent(0) + blocks_.extent(0) +
                              (ranks_ > 1 ? rows_.extent(0) : 0);
  const std::size_t real =
      mean_.extent(0) + difference_.extent(0) + sent_.size() + received_.size();
  return static_cast<double>(sizeof(Complex) * complex + sizeof(double) * real);
}

IndexRange EvenConvolution::columns_of(int rank) const {
  return {n2_ * rank / ranks_, n2_ * (rank + 1) / ranks_};
}

long EvenConvolution::own_rows() const {
  const auto r = static_cast<std::size_t>(rank_);
  return first_row_[r + 1] - first_row_[r];
}

IndexRange EvenConvolution::kernel_range() const {
  return {(half_ + 1) * rank_ / ranks_, (half_ + 1) * (rank_ + 1) / ranks_};
}

kernels::Spectrum EvenConvolution::spectrum() const {
  return {rows_.data(), group_.data(), row_turn_.data(), column_turn_.data(), n2_};
}

kernels::SpectrumColumns EvenConvolution::spectrum_columns() const {
  const IndexRange mine = columns_of(rank_);
  return {
      mine.begin, mine.size(), n1_, row_place_.data(), {coarse_.data(), fine_.data(), n1_, half_}};
}

// work(block of columns): some at a time, which fit into the cache.
template <class Work>
void EvenConvolution::for_column_blocks(const Work& work) {
  kernels::for_each_block("riesz columns", columns_of(rank_).size(), block_columns,
                          [&](long first, long count) {
                            const kernels::ThreadNumber thread(tokens_);
                            Complex* room = blocks_.data() + thread.value() * n1_ * block_columns;
                            work(kernels::ColumnBlock{first, count, room});
                          });
}

void EvenConvolution::transform_columns() {
  const kernels::SpectrumColumns columns = spectrum_columns();
  if constexpr (kernels::on_device) {
    if (columns.width > 0) column_ffts_.front().forward(columns_.data());
    kernels::all_columns_to_rows(columns, columns_.data(), exchanged_.data());
  } else {
    for_column_blocks([&](const kernels::ColumnBlock& block) {
      kernels::take_columns(columns, block, columns_.data());
      column_ffts_.front().forward(block.values);
      kernels::columns_to_rows(columns, block, exchanged_.data());
    });
  }
}

void EvenConvolution::transform_columns_back() {
  const kernels::SpectrumColumns columns = spectrum_columns();
  if constexpr (kernels::on_device) {
    kernels::all_rows_to_columns(columns, exchanged_.data(), columns_.data());
    if (columns.width > 0) column_ffts_.front().backward(columns_.data());
  } else {
    for_column_blocks([&](const kernels::ColumnBlock& block) {
      kernels::rows_to_columns(columns, block, exchanged_.data());
      column_ffts_.front().backward(block.values);
      kernels::put_columns(columns, block, columns_.data());
    });
  }
}

// Of the groups from one on: on the CPU one group of one or two rows, on a GPU all.
void EvenConvolution::transform_rows(long group, bool forward) {
  const kernels::RowGroup& g = groups_[static_cast<std::size_t>(group)];
  ComplexFfts& ffts = kernels::on_device || g.alone ? row_ffts_.front() : row_ffts_.back();
  Complex* rows = rows_.data() + g.place * n2_;
  if (forward)
    ffts.forward(rows);
  else
    ffts.backward(rows);
}

template <class Work>
void EvenConvolution::for_groups(bool forward, bool backward, const Work& work) {
  kernels::for_each_block("riesz rows", groups(), 1, [&](long first, long count) {
    if (forward) transform_rows(first, true);
    work(first, count);
    if (backward) transform_rows(first, false);
  });
}

double EvenConvolution::set_kernel(const std::vector<double>& values) {
  const auto kernel = kernels::device_copy<double>("linnet::fractional::kernel", values);
  scatter(kernel_range(), kernel.data(), Continuation::even);
  transform_columns();
  exchange();
  for_groups(true, false, [&](long first, long count) {
    kernels::store_eigenvalues(spectrum(), first, count, eigenvalues());
  });
  double least = kernels::least_eigenvalue(spectrum(), groups(), eigenvalues());
  MPI_Allreduce(MPI_IN_PLACE, &least, 1, MPI_DOUBLE, MPI_MIN, comm_);
  return least;
}

void EvenConvolution::invert_kernel() {
  kernels::invert_eigenvalues(spectrum(), groups(), eigenvalues());
}

void EvenConvolution::unfold_kernel() {
  for_groups(false, true, [&](long first, long count) {
    kernels::restore_transform(spectrum(), first, count, eigenvalues());
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
  for_groups(true, true, [&](long first, long count) {
    kernels::multiply_spectrum(spectrum(), first, count, eigenvalues());
  });
  exchange_back();
  transform_columns_back();
  gather(to, y);
}

} // namespace linnet::fractional
