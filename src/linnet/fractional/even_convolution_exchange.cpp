// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
// The exchanges between ranks: from and to the vector's own layout, and between columns and rows.
// What ranks send each other is packed on the host; one rank's values stay in kernel memory.
#include <linnet/fractional/even_convolution.hpp>

#include <linnet/fractional/message_count.hpp>
#include <linnet/kernels/fractional/continued_line.hpp>
#include <linnet/kernels/fractional/line_copies.hpp>
#include <linnet/kernels/staging.hpp>

#include <algorithm>

namespace linnet::fractional {

namespace {

/// Counts and starts of an exchange.
class Parts {
public:
  std::vector<int> counts, starts;
  void add(long count) {
    starts.push_back(message_count(total_));
    counts.push_back(message_count(count));
    total_ += count;
  }
  [[nodiscard]] std::size_t total() const { return static_cast<std::size_t>(total_); }

private:
  long total_ = 0;
};

void exchange_parts(const void* sent, const Parts& out, void* received, const Parts& in,
                    MPI_Comm comm) {
  MPI_Alltoallv(sent, out.counts.data(), out.starts.data(), MPI_DOUBLE, received, in.counts.data(),
                in.starts.data(), MPI_DOUBLE, comm);
}

struct RowParts {
  Parts by_rows, by_columns;
};

// What is sent of each rank's rows in these columns, and what of these rows in each rank's columns.
RowParts row_parts(const std::vector<long>& first_row, long n2, int rank, int ranks) {
  const auto width = [&](int r) { return n2 * (r + 1) / ranks - n2 * r / ranks; };
  const auto rows = [&](int r) {
    return first_row[static_cast<std::size_t>(r) + 1] - first_row[static_cast<std::size_t>(r)];
  };
  RowParts parts;
  for (int r = 0; r < ranks; ++r) {
    parts.by_rows.add(2 * width(rank) * rows(r));
    parts.by_columns.add(2 * rows(rank) * width(r));
  }
  return parts;
}

} // namespace

std::vector<IndexRange> EvenConvolution::ranges_of(IndexRange mine) const {
  std::vector<IndexRange> all(static_cast<std::size_t>(ranks_));
  MPI_Allgather(&mine, 2, MPI_LONG, all.data(), 2, MPI_LONG, comm_);
  return all;
}

// The range itself, and its mirror image but for the element 0.
std::vector<IndexRange> EvenConvolution::pieces(IndexRange range, Continuation beyond) const {
  if (range.size() == 0) return {};
  if (beyond == Continuation::zero) return {range};
  const long period = 2 * half_;
  return {range, {period - range.end + 1, std::min(period, period - range.begin + 1)}};
}

// visit(first, count) for the runs of @p elements that lie in the columns, in order.
template <class Visit>
void EvenConvolution::for_chunks(IndexRange elements, IndexRange columns,
                                 const Visit& visit) const {
  if (elements.size() <= 0 || columns.size() == 0) return;
  const long width = 2 * n2_;
  for (long row = elements.begin / width; row * width < elements.end; ++row) {
    const long first = std::max(elements.begin, row * width + 2 * columns.begin);
    const long last = std::min(elements.end, row * width + 2 * columns.end);
    if (first < last) visit(first, last - first);
  }
}

// Where an element is kept among the numbers of this rank's columns.
long EvenConvolution::place(long element) const {
  const IndexRange mine = columns_of(rank_);
  const long row = element / (2 * n2_);
  return 2 * row * mine.size() + (element - 2 * (row * n2_ + mine.begin));
}

// To the columns.
void EvenConvolution::scatter(IndexRange range, const double* x, Continuation beyond) {
  if (ranks_ > 1) {
    scatter_to_ranks(range, x, beyond);
    return;
  }
  const double sign = beyond == Continuation::zero ? 0.0 : beyond == Continuation::odd ? -1.0 : 1.0;
  kernels::continue_line({x, range.begin, range.end, 2 * half_, sign}, 2 * half_,
                         reinterpret_cast<double*>(columns_.data()));
}

// The second piece runs backwards through x.
void EvenConvolution::scatter_to_ranks(IndexRange range, const double* values,
                                       Continuation beyond) {
  const kernels::HostRead<double> mine_of_x(values, static_cast<std::size_t>(range.size()));
  const double* x = mine_of_x.data();
  const double sign = beyond == Continuation::odd ? -1.0 : 1.0;
  const auto pack = [&](const std::vector<IndexRange>& from, IndexRange columns, double* to) {
    for (std::size_t p = 0; p < from.size(); ++p)
      for_chunks(from[p], columns, [&](long first, long count) {
        if (p == 0)
          std::copy_n(x + (first - range.begin), count, to);
        else
          for (long i = 0; i < count; ++i) to[i] = sign * x[2 * half_ - (first + i) - range.begin];
        to += count;
      });
    return to;
  };
  const std::vector<IndexRange> all = ranges_of(range);
  sent_.resize(static_cast<std::size_t>(2 * range.size()));
  Parts out, in;
  double* next = sent_.data();
  for (int r = 0; r < ranks_; ++r) {
    const double* begin = next;
    next = pack(pieces(range, beyond), columns_of(r), next);
    out.add(next - begin);
  }
  const IndexRange mine = columns_of(rank_);
  const auto for_received = [&](int source, const auto& visit) {
    for (const IndexRange& piece : pieces(all[static_cast<std::size_t>(source)], beyond))
      for_chunks(piece, mine, visit);
  };
  for (int r = 0; r < ranks_; ++r) {
    long count = 0;
    for_received(r, [&](long, long many) { count += many; });
    in.add(count);
  }
  received_.resize(in.total());
  exchange_parts(sent_.data(), out, received_.data(), in, comm_);
  const kernels::HostWrite<Complex> columns(columns_.data(), columns_.extent(0));
  std::fill_n(columns.data(), columns_.extent(0), Complex(0.0));
  auto* numbers = reinterpret_cast<double*>(columns.data());
  const double* from = received_.data();
  for (int r = 0; r < ranks_; ++r)
    for_received(r, [&](long first, long count) {
      std::copy_n(from, count, numbers + place(first));
      from += count;
    });
  columns.finish();
}

// From the columns, scaled.
void EvenConvolution::gather(IndexRange range, double* y) {
  if (ranks_ > 1) {
    gather_from_ranks(range, y);
    return;
  }
  const double* from = reinterpret_cast<const double*>(columns_.data()) + range.begin;
  kernels::scale_values(from, range.size(), 1.0 / static_cast<double>(half_), y);
}

void EvenConvolution::gather_from_ranks(IndexRange range, double* values) {
  const double scale = 1.0 / static_cast<double>(half_);
  const kernels::HostRead<Complex> columns(columns_.data(), columns_.extent(0));
  const kernels::HostWrite<double> y(values, static_cast<std::size_t>(range.size()));
  const auto* numbers = reinterpret_cast<const double*>(columns.data());
  const std::vector<IndexRange> all = ranges_of(range);
  const IndexRange mine = columns_of(rank_);
  Parts out, in;
  for (int r = 0; r < ranks_; ++r) {
    long sending = 0, receiving = 0;
    for_chunks(all[static_cast<std::size_t>(r)], mine, [&](long, long n) { sending += n; });
    for_chunks(range, columns_of(r), [&](long, long n) { receiving += n; });
    out.add(sending);
    in.add(receiving);
  }
  sent_.resize(out.total());
  received_.resize(in.total());
  double* next = sent_.data();
  for (int r = 0; r < ranks_; ++r)
    for_chunks(all[static_cast<std::size_t>(r)], mine, [&](long first, long count) {
      const double* from = numbers + place(first);
      for (long i = 0; i < count; ++i) next[i] = scale * from[i];
      next += count;
    });
  exchange_parts(sent_.data(), out, received_.data(), in, comm_);
  const double* from = received_.data();
  for (int r = 0; r < ranks_; ++r)
    for_chunks(range, columns_of(r), [&](long first, long count) {
      std::copy_n(from, count, y.data() + (first - range.begin));
      from += count;
    });
  y.finish();
}

// On one rank the rows are those of the other array.
void EvenConvolution::exchange() {
  if (ranks_ == 1) return;
  const RowParts parts = row_parts(first_row_, n2_, rank_, ranks_);
  const kernels::HostRead<Complex> columns(exchanged_.data(), exchanged_.extent(0));
  const kernels::HostWrite<Complex> rows(rows_.data(), rows_.extent(0));
  received_.resize(parts.by_columns.total());
  exchange_parts(columns.data(), parts.by_rows, received_.data(), parts.by_columns, comm_);
  const auto* from = reinterpret_cast<const Complex*>(received_.data());
  for (int r = 0; r < ranks_; ++r)
    for (long row = 0; row < own_rows(); ++row, from += columns_of(r).size())
      std::copy_n(from, columns_of(r).size(), rows.data() + row * n2_ + columns_of(r).begin);
  rows.finish();
}

void EvenConvolution::exchange_back() {
  if (ranks_ == 1) return;
  const RowParts parts = row_parts(first_row_, n2_, rank_, ranks_);
  const kernels::HostRead<Complex> rows(rows_.data(), rows_.extent(0));
  const kernels::HostWrite<Complex> columns(exchanged_.data(), exchanged_.extent(0));
  sent_.resize(parts.by_columns.total());
  auto* to = reinterpret_cast<Complex*>(sent_.data());
  for (int r = 0; r < ranks_; ++r)
    for (long row = 0; row < own_rows(); ++row)
      to = std::copy_n(rows.data() + row * n2_ + columns_of(r).begin, columns_of(r).size(), to);
  exchange_parts(sent_.data(), parts.by_columns, columns.data(), parts.by_rows, comm_);
  columns.finish();
}

} // namespace linnet::fractional
