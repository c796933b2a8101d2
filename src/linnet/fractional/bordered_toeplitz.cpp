// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/fractional/bordered_toeplitz.hpp>

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

} // namespace

BorderedToeplitz::BorderedToeplitz(MPI_Comm comm, long begin, long end,
                                   const std::vector<CollocationTerm>& terms)
    : comm_(comm), size_(terms.front().entries->basis().unknowns()), begin_(begin), end_(end),
      border_(terms.front().entries->border()), fft_(smooth_length(2 * size_ - 1)) {
  int ranks = 1;
  MPI_Comm_size(comm_, &ranks);
  counts_.resize(static_cast<std::size_t>(ranks));
  starts_.resize(counts_.size());
  const int mine = static_cast<int>(end - begin), start = static_cast<int>(begin);
  MPI_Allgather(&mine, 1, MPI_INT, counts_.data(), 1, MPI_INT, comm_);
  MPI_Allgather(&start, 1, MPI_INT, starts_.data(), 1, MPI_INT, comm_);
  const std::vector<double> column =
      sum_of(terms, size_, [&](const CollocationEntries& e) { return e.toeplitz(0, size_); });
  diagonal_ = column[0];
  long last = size_;
  while (last > 0 && column[static_cast<std::size_t>(last - 1)] == 0.0) --last;
  if (last <= longest_band && last < size_)
    band_.assign(column.begin(), column.begin() + last);
  else
    make_spectrum(column);
  make_borders(terms, column);
}

void BorderedToeplitz::make_spectrum(const std::vector<double>& column) {
  double* v = fft_.values();
  std::fill_n(v, fft_.length(), 0.0);
  for (long k = 0; k < size_; ++k) {
    v[k] = column[static_cast<std::size_t>(k)];
    if (k > 0) v[fft_.length() - k] = v[k];
  }
  fft_.forward();
  const double scale = 1.0 / static_cast<double>(fft_.length());
  for (long k = 0; k < fft_.spectrum_length(); ++k)
    spectrum_.push_back(scale * fft_.spectrum()[k].real());
}

// What the matrix has more than T. Columns N-1-j and rows N-1-i are those of the mirrored range,
// backwards. Rows leave out what the columns have.
void BorderedToeplitz::make_borders(const std::vector<CollocationTerm>& terms,
                                    const std::vector<double>& column) {
  const long count = end_ - begin_;
  const auto fill = [&](bool mirrored, bool are_rows, int j, std::vector<double>& to) {
    const long lo = mirrored ? size_ - end_ : begin_, hi = lo + count;
    std::vector<double> v = sum_of(terms, count, [&](const CollocationEntries& e) {
      return are_rows ? e.row(j, lo, hi) : e.column(j, lo, hi);
    });
    for (long i = lo; i < hi; ++i) {
      double& value = v[static_cast<std::size_t>(i - lo)];
      value -= column[static_cast<std::size_t>(std::labs(i - j))];
      if (are_rows && (i < border_ || i >= size_ - border_)) value = 0.0;
    }
    if (mirrored) std::reverse(v.begin(), v.end());
    to.insert(to.end(), v.begin(), v.end());
  };
  for (int j = 0; j < border_; ++j) {
    fill(false, false, j, columns_.first);
    fill(true, false, j, columns_.last);
    fill(false, true, j, rows_.first);
    fill(true, true, j, rows_.last);
  }
}

void BorderedToeplitz::gather(const double* x) {
  double* v = fft_.values();
  MPI_Allgatherv(x, static_cast<int>(end_ - begin_), MPI_DOUBLE, v, counts_.data(), starts_.data(),
                 MPI_DOUBLE, comm_);
  std::fill(v + size_, v + fft_.length(), 0.0);
}

void BorderedToeplitz::multiply_toeplitz(double* y) {
  fft_.forward();
  for (long k = 0; k < fft_.spectrum_length(); ++k)
    fft_.spectrum()[k] *= spectrum_[static_cast<std::size_t>(k)];
  fft_.backward();
  std::copy_n(fft_.values() + begin_, end_ - begin_, y);
}

void BorderedToeplitz::multiply_band(double* y) {
  const double* x = fft_.values();
  for (long i = begin_; i < end_; ++i) {
    double sum = band_[0] * x[i];
    for (long k = 1; k < static_cast<long>(band_.size()); ++k) {
      if (i >= k) sum += band_[static_cast<std::size_t>(k)] * x[i - k];
      if (i + k < size_) sum += band_[static_cast<std::size_t>(k)] * x[i + k];
    }
    y[i - begin_] = sum;
  }
}

void BorderedToeplitz::multiply(const double* x, double* y, bool transposed) {
  gather(x);
  if (band_.empty())
    multiply_toeplitz(y);
  else
    multiply_band(y);
  if (transposed)
    add_border(x, y, rows_, columns_);
  else
    add_border(x, y, columns_, rows_);
}

// y += sum over j of x(j) columns(j), and in the rows of the border the inner products.
void BorderedToeplitz::add_border(const double* x, double* y, const Border& columns,
                                  const Border& rows) const {
  const long count = end_ - begin_;
  const auto q = static_cast<std::size_t>(border_);
  // x at the two ends, then the inner products.
  std::vector<double> shared(4 * q, 0.0);
  for (std::size_t j = 0; j < q; ++j) {
    const long first = static_cast<long>(j), last = size_ - 1 - first;
    if (first >= begin_ && first < end_) shared[j] = x[first - begin_];
    if (last >= begin_ && last < end_) shared[q + j] = x[last - begin_];
    const double* low = rows.first.data() + static_cast<long>(j) * count;
    const double* high = rows.last.data() + static_cast<long>(j) * count;
    double sum_low = 0.0, sum_high = 0.0;
    for (long i = 0; i < count; ++i) {
      sum_low += low[i] * x[i];
      sum_high += high[i] * x[i];
    }
    shared[2 * q + j] = sum_low;
    shared[3 * q + j] = sum_high;
  }
  MPI_Allreduce(MPI_IN_PLACE, shared.data(), static_cast<int>(4 * q), MPI_DOUBLE, MPI_SUM, comm_);
  for (std::size_t j = 0; j < q; ++j) {
    const long first = static_cast<long>(j), last = size_ - 1 - first;
    const double* low = columns.first.data() + first * count;
    const double* high = columns.last.data() + first * count;
    const double a = shared[j], b = shared[q + j];
    for (long i = 0; i < count; ++i) y[i] += a * low[i] + b * high[i];
    if (first >= begin_ && first < end_) y[first - begin_] += shared[2 * q + j];
    if (last >= begin_ && last < end_) y[last - begin_] += shared[3 * q + j];
  }
}

std::vector<double> BorderedToeplitz::diagonal() const {
  std::vector<double> d(static_cast<std::size_t>(end_ - begin_), diagonal_);
  const long count = end_ - begin_;
  for (long j = 0; j < border_; ++j) {
    const long last = size_ - 1 - j;
    if (j >= begin_ && j < end_)
      d[static_cast<std::size_t>(j - begin_)] +=
          columns_.first[static_cast<std::size_t>(j * count + j - begin_)];
    if (last >= begin_ && last < end_)
      d[static_cast<std::size_t>(last - begin_)] +=
          columns_.last[static_cast<std::size_t>(j * count + last - begin_)];
  }
  return d;
}

double BorderedToeplitz::memory() const {
  const std::size_t values = spectrum_.size() + columns_.first.size() + columns_.last.size() +
                             rows_.first.size() + rows_.last.size() +
                             2 * static_cast<std::size_t>(fft_.length());
  return static_cast<double>(values * sizeof(double));
}

} // namespace linnet::fractional
