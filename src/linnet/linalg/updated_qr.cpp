// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/linalg/updated_qr.hpp>

#include <algorithm>
#include <cmath>

namespace linnet::linalg {

namespace {

double length(std::span<const double> v) {
  double sum = 0.0;
  for (const double value : v) sum += value * value;
  return std::sqrt(sum);
}

/// In as many sums as fill the vector units: compilers keep the order of a single one.
double dot(const double* a, const double* b, std::size_t n) {
  constexpr std::size_t lanes = 16;
  double sums[lanes] = {};
  std::size_t i = 0;
  for (; i + lanes <= n; i += lanes)
    for (std::size_t k = 0; k < lanes; ++k) sums[k] += a[i + k] * b[i + k];
  for (; i < n; ++i) sums[i % lanes] += a[i] * b[i];
  for (std::size_t half = lanes / 2; half > 0; half /= 2)
    for (std::size_t k = 0; k < half; ++k) sums[k] += sums[k + half];
  return sums[0];
}

} // namespace

// Classical Gram-Schmidt: Q is read once for all products. Two passes of it are orthogonal to
// rounding (Giraud, Langou, Rozloznik and van den Eshof, Numer. Math. 101 (2005) 87).
void UpdatedQr::project_out(std::vector<double>& v, std::vector<double>& coefficients) const {
  std::vector<double> parts(size());
  for (std::size_t j = 0; j < size(); ++j) parts[j] = dot(q_.data() + rows_ * j, v.data(), rows_);
  for (std::size_t j = 0; j < size(); ++j) {
    const double* q = q_.data() + rows_ * j;
    for (std::size_t i = 0; i < rows_; ++i) v[i] -= parts[j] * q[i];
    coefficients[j] += parts[j];
  }
}

bool UpdatedQr::append(std::span<const double> a, double smallest) {
  std::vector<double> v(a.begin(), a.end()), column(size(), 0.0);
  const double before = length(v);
  project_out(v, column);
  project_out(v, column);
  const double rest = length(v);
  if (!(rest > smallest * before)) return false;
  column.push_back(rest);
  for (const double value : v) q_.push_back(value / rest);
  if (rest < 1e-4 * before) {
    // The scaling has magnified what rounding left in the span.
    std::vector<double> last(q_.end() - static_cast<std::ptrdiff_t>(rows_), q_.end());
    std::vector<double> unused(size(), 0.0);
    q_.resize(q_.size() - rows_);
    project_out(last, unused);
    const double norm = length(last);
    for (const double value : last) q_.push_back(value / norm);
  }
  r_.push_back(std::move(column));
  return true;
}

void UpdatedQr::remove(std::size_t j) {
  r_.erase(r_.begin() + static_cast<std::ptrdiff_t>(j));
  // Columns from j on have one entry below the diagonal: rotate it away.
  for (std::size_t k = j; k < size(); ++k) {
    const double a = r_[k][k], b = r_[k][k + 1], h = std::hypot(a, b);
    const double c = h > 0.0 ? a / h : 1.0, s = h > 0.0 ? b / h : 0.0;
    for (std::size_t l = k; l < size(); ++l) {
      const double upper = r_[l][k], lower = r_[l][k + 1];
      r_[l][k] = c * upper + s * lower;
      r_[l][k + 1] = c * lower - s * upper;
    }
    double *p = q_.data() + rows_ * k, *q = p + rows_;
    for (std::size_t i = 0; i < rows_; ++i) {
      const double first = p[i], second = q[i];
      p[i] = c * first + s * second;
      q[i] = c * second - s * first;
    }
    r_[k].resize(k + 1);
  }
  q_.resize(rows_ * size());
}

std::vector<double> UpdatedQr::solve(std::span<const double> b) const {
  std::vector<double> rest(b.begin(), b.end()), x(size(), 0.0);
  project_out(rest, x);
  for (std::size_t j = size(); j-- > 0;) {
    x[j] /= r_[j][j];
    for (std::size_t i = 0; i < j; ++i) x[i] -= r_[j][i] * x[j];
  }
  return x;
}

std::vector<double> UpdatedQr::residual(std::span<const double> b) const {
  std::vector<double> rest(b.begin(), b.end()), unused(size(), 0.0);
  project_out(rest, unused);
  project_out(rest, unused);
  return rest;
}

} // namespace linnet::linalg
