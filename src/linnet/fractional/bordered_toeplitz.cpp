// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/fractional/bordered_toeplitz.hpp>

#include <linnet/core/kokkos_session.hpp>
#include <linnet/core/petsc.hpp>
#include <linnet/kernels/staging.hpp>

#include <algorithm>
#include <cstdlib>
#include <span>

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
  const bool is_band = last <= longest_band && last < size_;
  if (is_band)
    band_ = kernels::device_copy<double>("linnet::fractional::band",
                                         std::span(first).first(static_cast<std::size_t>(last)));
  else
    make_convolution(terms);
  make_borders(terms);
  if (share_.replicated() || is_band)
    whole_ = kernels::zeros<double>("linnet::fractional::whole", static_cast<std::size_t>(size_));
  const auto ends = static_cast<std::size_t>(2 * border_);
  ends_ = kernels::zeros<double>("linnet::fractional::ends", ends);
  sums_ = kernels::zeros<double>("linnet::fractional::sums", 2 * ends);
  parts_ = kernels::zeros<double>(
      "linnet::fractional::parts",
      ends * static_cast<std::size_t>(kernels::border_blocks(share_.count())));
}

void BorderedToeplitz::make_convolution(const std::vector<CollocationTerm>& terms) {
  convolution_.emplace(share_.transform_comm(), size_);
  const IndexRange range = convolution_->kernel_range();
  std::vector<double> kernel =
      toeplitz(terms, std::min(range.begin, size_), std::min(range.end, size_));
  kernel.resize(static_cast<std::size_t>(range.size()), 0.0);
  convolution_->set_kernel(kernel);
}

// What the matrix has more than T. Columns N-1-j and rows N-1-i are those of the mirrored range,
// backwards. Rows leave out what the columns have.
void BorderedToeplitz::make_borders(const std::vector<CollocationTerm>& terms) {
  const long count = share_.count();
  const auto fill = [&](bool mirrored, bool are_rows) {
    std::vector<double> to;
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
    return to;
  };
  const auto both = [&](bool are_rows) {
    const auto keep = [](const std::vector<double>& values) {
      return kernels::device_copy<double>("linnet::fractional::border", values);
    };
    Border border;
    std::vector<double> values = fill(false, are_rows);
    border.first = keep(values);
    if (count == size_) // then what is mirrored is here
      for (long j = 0; j < border_; ++j)
        std::reverse(values.begin() + j * count, values.begin() + (j + 1) * count);
    else
      values = fill(true, are_rows);
    border.last = keep(values);
    return border;
  };
  columns_ = both(false);
  rows_ = both(true);
}

void BorderedToeplitz::multiply_band(const double* x, double* y) {
  share_.gather(x, whole_.data());
  kernels::multiply_band(share(), band_.data(), static_cast<int>(band_.extent(0)), whole_.data(),
                         y);
}

void BorderedToeplitz::multiply(const double* x, double* y, bool transposed) {
  const IndexRange mine{share_.begin(), share_.end()};
  if (band_.extent(0) > 0) {
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

// y += sum over j of x(j) columns(j), and in the rows of the border the inner products, whose parts
// by blocks are added in order: on any number of threads the same.
void BorderedToeplitz::add_border(const double* x, double* y, const Border& columns,
                                  const Border& rows) const {
  const auto n = static_cast<std::size_t>(2 * border_);
  kernels::border_products(vectors(rows), x, parts_.data());
  kernels::take_ends(share(), x, border_, ends_.data());
  const kernels::HostRead<double> parts(parts_.data(), parts_.extent(0)), ends(ends_.data(), n);
  const kernels::HostWrite<double> sums(sums_.data(), 2 * n);
  std::copy_n(ends.data(), n, sums.data());
  std::fill_n(sums.data() + n, n, 0.0);
  for (std::size_t k = 0; k < parts_.extent(0); ++k) sums.data()[n + k % n] += parts.data()[k];
  MPI_Allreduce(MPI_IN_PLACE, sums.data(), static_cast<int>(2 * n), MPI_DOUBLE, MPI_SUM,
                share_.comm());
  sums.finish();
  kernels::add_border_vectors(vectors(columns), sums_.data(), y);
  kernels::add_to_ends(share(), sums_.data() + n, border_, y);
}

std::vector<double> BorderedToeplitz::diagonal() const {
  std::vector<double> d(static_cast<std::size_t>(share_.count()), diagonal_);
  const long begin = share_.begin(), end = share_.end(), count = end - begin;
  const auto low = kernels::host_copy(columns_.first), high = kernels::host_copy(columns_.last);
  for (long j = 0; j < border_; ++j) {
    const long last = size_ - 1 - j;
    if (j >= begin && j < end)
      d[static_cast<std::size_t>(j - begin)] +=
          low[static_cast<std::size_t>(j * count + j - begin)];
    if (last >= begin && last < end)
      d[static_cast<std::size_t>(last - begin)] +=
          high[static_cast<std::size_t>(j * count + last - begin)];
  }
  return d;
}

double BorderedToeplitz::memory() const {
  const std::size_t values = columns_.first.extent(0) + columns_.last.extent(0) +
                             rows_.first.extent(0) + rows_.last.extent(0) + whole_.extent(0);
  return static_cast<double>(values * sizeof(double)) +
         (convolution_ ? convolution_->memory() : 0.0);
}

} // namespace linnet::fractional
