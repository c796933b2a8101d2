// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/fractional/collocation_entries.hpp>

#include <linnet/core/error.hpp>
#include <linnet/core/kokkos_session.hpp>
#include <linnet/core/text.hpp>

#include <algorithm>
#include <cmath>
#include <numbers>

namespace linnet::fractional {

namespace {

double checked_order(double alpha) {
  if (!(alpha >= least_order && alpha <= most_order))
    core::throw_usage("the order alpha must lie between " + core::number_text(least_order) +
                      " and " + core::number_text(most_order) + ", got " +
                      core::number_text(alpha) + "; at 2 the operator is the Laplacian");
  return alpha;
}

/// values[k - begin] = f(x(k)) for begin <= k < end, where x grows with k, far away by one: the
/// expansion where it holds, before that the derivative itself.
template <class Position>
void evaluate(const RiemannLiouville& f, const Position& x, long begin, long end,
              std::vector<double>& values) {
  long far = end;
  while (far > begin && x(far - 1) > f.far_field().from) {
    // By halves: most of all points are far away.
    const long middle = begin + (far - begin) / 2;
    far = x(middle) > f.far_field().from ? middle : far - 1;
  }
  for (long k = begin; k < far; ++k) values[static_cast<std::size_t>(k - begin)] = f(x(k));
  kernels::evaluate_far_field(f.far_field(), x, far, end, values.data() + (far - begin));
}

} // namespace

RieszEntries::RieszEntries(const SplineBasis& basis, double alpha)
    : CollocationEntries(basis), least_(basis.degree() + 1, basis.degree()),
      alpha_(checked_order(alpha)), factor_(0.5 / std::cos(0.5 * std::numbers::pi * alpha)),
      cardinal_(SplineBasis(2 * basis.degree() + 2, basis.degree()), basis.degree() - 1, alpha) {
  LINNET_CHECK(core::ensure_kokkos());
  for (int j = 0; j < border(); ++j) {
    left_.emplace_back(basis_, j, alpha);
    right_.emplace_back(least_, least_.unknowns() - 1 - j, alpha);
  }
}

// The right derivative of N_j at x is the left one of its mirror image N_(N-1-j) at n - x.
std::vector<double> RieszEntries::toeplitz(long begin, long end) const {
  std::vector<double> t(static_cast<std::size_t>(std::max(0L, end - begin)));
  const double half = 0.5 * (basis_.degree() + 1);
  evaluate(
      cardinal_, KOKKOS_LAMBDA(long k) { return static_cast<double>(k) + half; }, begin, end, t);
  for (long k = begin; k < end && static_cast<double>(k) < half; ++k)
    t[static_cast<std::size_t>(k - begin)] += cardinal_(half - static_cast<double>(k));
  for (double& value : t) value *= factor_;
  return t;
}

std::vector<double> RieszEntries::column(int j, long begin, long end) const {
  std::vector<double> a(static_cast<std::size_t>(std::max(0L, end - begin)));
  const auto& left = left_[static_cast<std::size_t>(j)];
  const auto& mirror = right_[static_cast<std::size_t>(j)];
  const SplineBasis basis = basis_;
  evaluate(
      left, KOKKOS_LAMBDA(long i) { return basis.greville(i); }, begin, end, a);
  const auto n = static_cast<double>(least_.spans());
  for (long i = begin; i < end; ++i) {
    const double seen_from_right = mirror(n - basis_.greville(i));
    if (seen_from_right == 0.0) break; // beyond the support of N_j
    a[static_cast<std::size_t>(i - begin)] += seen_from_right;
  }
  for (double& value : a) value *= factor_;
  return a;
}

// The central N_j begins at j - (p-1), and its mirror image lies as far from n - x.
std::vector<double> RieszEntries::row(int i, long begin, long end) const {
  std::vector<double> a(static_cast<std::size_t>(std::max(0L, end - begin)));
  const double x = basis_.greville(i);
  const long p = basis_.degree();
  evaluate(
      cardinal_, KOKKOS_LAMBDA(long j) { return static_cast<double>(j + 2) - x; }, begin, end, a);
  for (long j = begin; j < end && static_cast<double>(j - (p - 1)) < x; ++j)
    a[static_cast<std::size_t>(j - begin)] += cardinal_(x - static_cast<double>(j - (p - 1)));
  for (double& value : a) value *= factor_;
  return a;
}

double MassEntries::entry(long i, long j) const {
  const SplineBasis::Values v = basis_.values(basis_.greville(i));
  const long at = j - v.first;
  return at >= 0 && at < v.count ? v.value[static_cast<std::size_t>(at)] : 0.0;
}

std::vector<double> MassEntries::toeplitz(long begin, long end) const {
  std::vector<double> t(static_cast<std::size_t>(std::max(0L, end - begin)), 0.0);
  // In the middle of a grid where all is central.
  const SplineBasis wide(4L * basis_.degree(), basis_.degree());
  const long middle = wide.unknowns() / 2;
  const SplineBasis::Values v = wide.values(wide.greville(middle));
  for (long k = begin; k < std::min<long>(end, basis_.degree()); ++k) {
    const long at = middle + k - v.first;
    if (at < v.count)
      t[static_cast<std::size_t>(k - begin)] = v.value[static_cast<std::size_t>(at)];
  }
  return t;
}

std::vector<double> MassEntries::column(int j, long begin, long end) const {
  std::vector<double> m(static_cast<std::size_t>(std::max(0L, end - begin)), 0.0);
  for (long i = begin; i < std::min<long>(end, 3L * basis_.degree()); ++i)
    m[static_cast<std::size_t>(i - begin)] = entry(i, j);
  return m;
}

std::vector<double> MassEntries::row(int i, long begin, long end) const {
  std::vector<double> m(static_cast<std::size_t>(std::max(0L, end - begin)), 0.0);
  for (long j = begin; j < std::min<long>(end, 3L * basis_.degree()); ++j)
    m[static_cast<std::size_t>(j - begin)] = entry(i, j);
  return m;
}

double entry(const CollocationEntries& entries, long i, long j) {
  const long n = entries.basis().unknowns(), border = entries.border();
  if (j >= n - border && j >= border) { // by symmetry a column on the left
    i = n - 1 - i;
    j = n - 1 - j;
  }
  if (j < border) return entries.column(static_cast<int>(j), i, i + 1)[0];
  if (i < border) return entries.row(static_cast<int>(i), j, j + 1)[0];
  if (i >= n - border) return entries.row(static_cast<int>(n - 1 - i), n - 1 - j, n - j)[0];
  const long k = i < j ? j - i : i - j;
  return entries.toeplitz(k, k + 1)[0];
}

std::vector<double> dense_rows(const std::vector<CollocationTerm>& terms, long begin, long end) {
  const long n = terms.front().entries->basis().unknowns(),
             border = terms.front().entries->border();
  std::vector<double> rows(static_cast<std::size_t>((end - begin) * n), 0.0);
  for (const auto& [entries, factor] : terms) {
    const auto add = [&, f = factor](long i, long j, double value) {
      rows[static_cast<std::size_t>((i - begin) * n + j)] += f * value;
    };
    const std::vector<double> t = entries->toeplitz(0, n);
    for (long i = begin; i < end; ++i) {
      const bool top = i < border, bottom = i >= n - border;
      std::vector<double> row;
      if (top) row = entries->row(static_cast<int>(i), border, n - border);
      if (bottom) row = entries->row(static_cast<int>(n - 1 - i), border, n - border);
      if (bottom) std::reverse(row.begin(), row.end());
      for (long j = border; j < n - border; ++j)
        add(i, j,
            top || bottom ? row[static_cast<std::size_t>(j - border)]
                          : t[static_cast<std::size_t>(i < j ? j - i : i - j)]);
    }
    for (int j = 0; j < border; ++j) {
      const std::vector<double> first = entries->column(j, begin, end),
                                last = entries->column(j, n - end, n - begin);
      for (long i = begin; i < end; ++i) {
        add(i, j, first[static_cast<std::size_t>(i - begin)]);
        add(i, n - 1 - j, last[static_cast<std::size_t>(end - 1 - i)]);
      }
    }
  }
  return rows;
}

} // namespace linnet::fractional
