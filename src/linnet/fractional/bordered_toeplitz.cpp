// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/fractional/bordered_toeplitz.hpp>

#include <linnet/core/kokkos_session.hpp>
#include <linnet/core/petsc.hpp>
#include <linnet/kernels/host_blocks.hpp>

#include <algorithm>
#include <cstdlib>

namespace linnet::fractional {

namespace {

constexpr long longest_band = 2 * most_degree;

std::vector<double> sum_of(const std::vector<CollocationTerm>& terms, long count,
                           const auto& values_of) {
  std::vector<double> sum(static_cast<std::size_t>(count), 0.0);
  for (const CollocationTerm& term : terms) {
    const std::vector<double> values = values_of(*term.entries);
    for (std::size_t k = 0; k < sum.size(); ++k) sum[k] += term.factor * values[k];
  }
  return sum;
}

std::vector<double> toeplitz(const std::vector<CollocationTerm>& terms, long begin, long end) {
  return sum_of(terms, end - begin,
                [&](const CollocationEntries& e) { return e.toeplitz(begin, end); });
}

} // namespace

BorderedToeplitz::BorderedToeplitz(const LineShare& share,
                                   const std::vector<CollocationTerm>& terms)
    : share_(share), size_(terms.front().entries->basis().unknowns()),
      border_(terms.front().entries->border()) {
  LINNET_CHECK(core::ensure_kokkos());
  const std::vector<double> first = toeplitz(terms, 0, std::min(size_, longest_band + 1));
  diagonal_ = first[0];
  auto last = static_cast<long>(first.size());
  while (last > 0 && first[static_cast<std::size_t>(last - 1)] == 0.0) --last;
  // An entry of the operator is nowhere zero.
  if (last <= longest_band && last < size_)
    band_.assign(first.begin(), first.begin() + last);
  else
    make_convolution(terms);
  make_borders(terms);
  if (share_.replicated() || !band_.empty()) whole_.resize(static_cast<std::size_t>(size_));
}

void BorderedToeplitz::make_convolution(const std::vector<CollocationTerm>& terms) {
  convolution_.emplace(share_.transform_comm(), size_);
  const IndexRange range = convolution_->kernel_range();
  std::vector<double> kernel =
      toeplitz(terms, std::min(range.begin, size_), std::min(range.end, size_));
  kernel.resize(static_cast<std::size_t>(range.size()), 0.0);
  convolution_->set_kernel(kernel.data());
}

// What the matrix has more than T. Columns N-1-j and rows N-1-i are those of the mirrored range,
// backwards. Rows leave out what the columns have.
void BorderedToeplitz::make_borders(const std::vector<CollocationTerm>& terms) {
  const long count = share_.count();
  const auto fill = [&](bool mirrored, bool are_rows, std::vector<double>& to) {
    const long lo = mirrored ? size_ - share_.end() : share_.begin(), hi = lo + count;
    const long least = std::max(0L, lo - border_), most = std::max<long>(hi, border_) + 1;
    const std::vector<double> t = toeplitz(terms, least, most);
    for (int j = 0; j < border_; ++j) {
      std::vector<double> v = sum_of(terms, count, [&](const CollocationEntries& e) {
        return are_rows ? e.row(j, lo, hi) : e.column(j, lo, hi);
      });
      for (long i = lo; i < hi; ++i) {
        double& value = v[static_cast<std::size_t>(i - lo)];
        value -= t[static_cast<std::size_t>(std::labs(i - j) - least)];
        if (are_rows && (i < border_ || i >= size_ - border_)) value = 0.0;
      }
      if (mirrored) std::reverse(v.begin(), v.end());
      to.insert(to.end(), v.begin(), v.end());
    }
  };
  const bool whole = count == size_; // then what is mirrored is here
  const auto mirror = [&](const std::vector<double>& from, std::vector<double>& to) {
    to = from;
    for (long j = 0; j < border_; ++j)
      std::reverse(to.begin() + j * count, to.begin() + (j + 1) * count);
  };
  fill(false, false, columns_.first);
  fill(false, true, rows_.first);
  if (whole) {
    mirror(columns_.first, columns_.last);
    mirror(rows_.first, rows_.last);
  } else {
    fill(true, false, columns_.last);
    fill(true, true, rows_.last);
  }
}

void BorderedToeplitz::multiply_band(const double* x, double* y) {
  share_.gather(x, whole_.data());
  for (long i = share_.begin(); i < share_.end(); ++i) {
    double sum = band_[0] * whole_[static_cast<std::size_t>(i)];
    for (long k = 1; k < static_cast<long>(band_.size()); ++k) {
      const double value = band_[static_cast<std::size_t>(k)];
      if (i >= k) sum += value * whole_[static_cast<std::size_t>(i - k)];
      if (i + k < size_) sum += value * whole_[static_cast<std::size_t>(i + k)];
    }
    y[i - share_.begin()] = sum;
  }
}

void BorderedToeplitz::multiply(const double* x, double* y, bool transposed) {
  const IndexRange mine{share_.begin(), share_.end()};
  if (!band_.empty()) {
    multiply_band(x, y);
  } else if (share_.replicated()) {
    share_.gather(x, whole_.data());
    convolution_->apply({0, size_}, whole_.data(), Continuation::zero, mine, y);
  } else {
    convolution_->apply(mine, x, Continuation::zero, mine, y);
  }
  if (transposed)
    add_border(x, y, rows_, columns_);
  else
    add_border(x, y, columns_, rows_);
}

// y += sum over j of x(j) columns(j), and in the rows of the border the inner products. By blocks,
// whose parts of the inner products are added in order: on any number of threads the same.
void BorderedToeplitz::add_border(const double* x, double* y, const Border& columns,
                                  const Border& rows) const {
  constexpr long block = 4096;
  const long begin = share_.begin(), end = share_.end(), count = end - begin;
  const long blocks = (count + block - 1) / block;
  const auto q = static_cast<std::size_t>(border_);
  std::vector<double> parts(2 * q * static_cast<std::size_t>(blocks), 0.0);
  kernels::for_blocks("riesz border rows", blocks, [&](long b) {
    const long last = std::min(count, (b + 1) * block);
    for (std::size_t j = 0; j < q; ++j) {
      const double* low = rows.first.data() + static_cast<long>(j) * count;
      const double* high = rows.last.data() + static_cast<long>(j) * count;
      double sum_low = 0.0, sum_high = 0.0;
      for (long i = b * block; i < last; ++i) {
        sum_low += low[i] * x[i];
        sum_high += high[i] * x[i];
      }
      parts[2 * q * static_cast<std::size_t>(b) + j] = sum_low;
      parts[2 * q * static_cast<std::size_t>(b) + q + j] = sum_high;
    }
  });
  // x at the two ends, then the inner products.
  std::vector<double> shared(4 * q, 0.0);
  for (std::size_t j = 0; j < q; ++j) {
    const long first = static_cast<long>(j), last = size_ - 1 - first;
    if (first >= begin && first < end) shared[j] = x[first - begin];
    if (last >= begin && last < end) shared[q + j] = x[last - begin];
  }
  for (std::size_t k = 0; k < parts.size(); ++k) shared[2 * q + k % (2 * q)] += parts[k];
  MPI_Allreduce(MPI_IN_PLACE, shared.data(), static_cast<int>(4 * q), MPI_DOUBLE, MPI_SUM,
                share_.comm());
  kernels::for_blocks("riesz border columns", blocks, [&](long b) {
    const long last = std::min(count, (b + 1) * block);
    for (std::size_t j = 0; j < q; ++j) {
      const double* low = columns.first.data() + static_cast<long>(j) * count;
      const double* high = columns.last.data() + static_cast<long>(j) * count;
      for (long i = b * block; i < last; ++i) y[i] += shared[j] * low[i] + shared[q + j] * high[i];
    }
  });
  for (std::size_t j = 0; j < q; ++j) {
    const long first = static_cast<long>(j), last = size_ - 1 - first;
    if (first >= begin && first < end) y[first - begin] += shared[2 * q + j];
    if (last >= begin && last < end) y[last - begin] += shared[3 * q + j];
  }
}

std::vector<double> BorderedToeplitz::diagonal() const {
  std::vector<double> d(static_cast<std::size_t>(share_.count()), diagonal_);
  const long begin = share_.begin(), end = share_.end(), count = end - begin;
  for (long j = 0; j < border_; ++j) {
    const long last = size_ - 1 - j;
    if (j >= begin && j < end)
      d[static_cast<std::size_t>(j - begin)] +=
          columns_.first[static_cast<std::size_t>(j * count + j - begin)];
    if (last >= begin && last < end)
      d[static_cast<std::size_t>(last - begin)] +=
          columns_.last[static_cast<std::size_t>(j * count + last - begin)];
  }
  return d;
}

double BorderedToeplitz::memory() const {
  const std::size_t values = columns_.first.size() + columns_.last.size() + rows_.first.size() +
                             rows_.last.size() + whole_.size();
  return static_cast<double>(values * sizeof(double)) +
         (convolution_ ? convolution_->memory() : 0.0);
}

} // namespace linnet::fractional
