// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/fractional/tau_inverse.hpp>

#include <linnet/core/petsc.hpp>
#include <linnet/core/text.hpp>

#include <petscblaslapack.h>

#include <algorithm>
#include <cmath>
#include <numbers>

namespace linnet::fractional {

namespace {

constexpr int lanes = 8;

} // namespace

// lambda(k) = t(0) + 2 sum over j of t(j) cos(pi j k / (L+1)).
std::vector<double> tau_eigenvalues(const std::vector<CollocationTerm>& terms, long length) {
  std::vector<double> t(static_cast<std::size_t>(length + 1), 0.0);
  for (const CollocationTerm& term : terms) {
    const std::vector<double> values = term.entries->toeplitz(0, length);
    for (std::size_t k = 0; k < values.size(); ++k) t[k] += term.factor * values[k];
  }
  t[0] *= 0.5;
  std::vector<double> sums = cosine_sums(t);
  sums.erase(sums.begin());
  sums.resize(static_cast<std::size_t>(length));
  for (double& value : sums) value *= 2.0;
  const double least = *std::min_element(sums.begin(), sums.end());
  if (!(least > 0.0))
    throw core::Error(core::ExitCode::internal,
                      "the tau matrix is not positive definite: its least eigenvalue is " +
                          core::number_text(least));
  return sums;
}

TauInverse::TauInverse(const std::vector<CollocationTerm>& terms, TauCorrection correction)
    : size_(terms.front().entries->basis().unknowns()), transform_(smooth_length(size_ + 1) - 1),
      offset_((transform_.length() - size_) / 2) {
  const std::vector<double> eigenvalues = tau_eigenvalues(terms, transform_.length());
  least_ = *std::min_element(eigenvalues.begin(), eigenvalues.end());
  for (const double value : eigenvalues) inverse_.push_back(1.0 / value);
  inverse_.resize(inverse_.size() + lanes, 0.0);
  if (correction == TauCorrection::corner) set_up_correction(terms);
}

long TauInverse::place(int e) const {
  return offset_ + (e < corner_ ? e : size_ - 1 - (e - corner_));
}

// tau^-1 (i,j) = c(i-j) - c(i+j+2) with c(m) = sum over k of cos(pi m k / (L+1)) / lambda(k) /
// (L+1).
void TauInverse::set_up_correction(const std::vector<CollocationTerm>& terms) {
  const int degree = terms.front().entries->basis().degree();
  corner_ = static_cast<int>(std::min<long>(2L * degree, size_ / 2));
  const int k = corner_, n = 2 * k;
  const auto at = [n](int i, int j) { return static_cast<std::size_t>(i + n * j); };
  std::vector<double> border(static_cast<std::size_t>(k) * static_cast<std::size_t>(k), 0.0); // C
  for (const CollocationTerm& term : terms) {
    const std::vector<double> t = term.entries->toeplitz(0, k);
    for (int j = 0; j < k; ++j)
      for (int i = 0; i < k; ++i) {
        const double more =
            entry(*term.entries, i, j) - t[static_cast<std::size_t>(i < j ? j - i : i - j)];
        border[static_cast<std::size_t>(i + k * j)] += term.factor * more;
      }
  }
  std::vector<double> inverse(static_cast<std::size_t>(transform_.length() + 1), 0.0);
  std::copy_n(inverse_.begin(), transform_.length(), inverse.begin() + 1);
  const std::vector<double> c = cosine_sums(inverse);
  const long period = 2 * (transform_.length() + 1);
  const auto sum = [&](long m) {
    return 2.0 * c[static_cast<std::size_t>(std::min(m, period - m))] / static_cast<double>(period);
  };
  const auto green = [&](int a, int b) {
    const long i = place(a), j = place(b);
    return sum(i < j ? j - i : i - j) - sum(i + j + 2);
  };
  // The order of E mirrors the second corner, so that B = diag(C, C).
  std::vector<double> matrix(static_cast<std::size_t>(n) * static_cast<std::size_t>(n), 0.0);
  schur_.assign(matrix.size(), 0.0);
  for (int j = 0; j < n; ++j)
    for (int i = 0; i < n; ++i) {
      const int block = i < k ? 0 : k;
      double product = i == j ? 1.0 : 0.0;
      for (int l = 0; l < k; ++l)
        product += border[static_cast<std::size_t>(i - block + k * l)] * green(block + l, j);
      matrix[at(i, j)] = product;
      if ((j < k) == (i < k))
        schur_[at(i, j)] = border[static_cast<std::size_t>(i - block + k * (j - block))];
    }
  const double step = std::numbers::pi / static_cast<double>(transform_.length() + 1);
  for (long m = 0; m < period; ++m) sine_.push_back(std::sin(step * static_cast<double>(m)));
  for (long m = 1; m <= transform_.length(); ++m)
    twice_cosine_.push_back(2.0 * std::cos(step * static_cast<double>(m)));
  PetscBLASInt order = n, info = 0;
  std::vector<PetscBLASInt> pivots(static_cast<std::size_t>(n));
  LAPACKgesv_(&order, &order, matrix.data(), &order, pivots.data(), schur_.data(), &order, &info);
  if (info != 0)
    throw core::Error(core::ExitCode::internal, "the corner correction of tau is singular");
}

// visit(b, k, count, sines): sines[i] = sin(pi b (k+i+1) / (L+1)) for all k and for those b,
// distances from a wall of the padded grid, that members of E have. By the recurrence in b, for a
// block of k at a time.
template <class Visit>
void TauInverse::visit_end_sines(const Visit& visit) const {
  constexpr long block = 512;
  double before[block] = {}, here[block] = {};
  const long length = transform_.length(), period = 2 * (length + 1);
  const long first = offset_ + 1, last = length - size_ - offset_ + corner_;
  for (long k = 0; k < length; k += block) {
    const long count = std::min(block, length - k);
    long low = (first - 1) * (k + 1) % period, high = first * (k + 1) % period;
    for (long i = 0; i < count; ++i) {
      before[i] = sine_[static_cast<std::size_t>(low)];
      here[i] = sine_[static_cast<std::size_t>(high)];
      low += first - 1, high += first;
      if (low >= period) low -= period;
      if (high >= period) high -= period;
    }
    std::fill(before + count, before + block, 0.0);
    std::fill(here + count, here + block, 0.0);
    const double* twice = twice_cosine_.data() + k;
    for (long b = first; b <= last; ++b) {
      visit(b, k, count, here);
      for (long i = 0; i < count; ++i) {
        const double next = twice[i] * here[i] - before[i];
        before[i] = here[i];
        here[i] = next;
      }
    }
  }
}

// E^T tau^-1 x from the sine transform of x. Seen from the other wall a sine has the sign (-1)^k.
// In lanes, which become vector instructions; arrays are padded for the last of them.
std::vector<double> TauInverse::solution_at_ends() const {
  std::vector<double> values(static_cast<std::size_t>(2 * corner_), 0.0);
  const long right = transform_.length() + 1 - size_ - offset_;
  visit_end_sines([&](long b, long k, long count, const double* sines) {
    const double* x = work_.data() + k;
    const double* inverse = inverse_.data() + k;
    double sums[lanes] = {};
    for (long i = 0; i < count; i += lanes)
      for (int l = 0; l < lanes; ++l) sums[l] += x[i + l] * inverse[i + l] * sines[i + l];
    double even = 0.0, odd = 0.0;
    for (int l = 0; l < lanes; l += 2) even += sums[l], odd += sums[l + 1];
    const long e = b - offset_ - 1, mirrored = b - right;
    if (e < corner_) values[static_cast<std::size_t>(e)] += even + odd;
    if (mirrored >= 0 && mirrored < corner_)
      values[static_cast<std::size_t>(corner_ + mirrored)] += even - odd;
  });
  const double scale = std::sqrt(2.0 / static_cast<double>(transform_.length() + 1));
  for (double& v : values) v *= scale;
  return values;
}

// The transform of E load, taken from work_.
void TauInverse::subtract_at_ends(const std::vector<double>& load) {
  const long right = transform_.length() + 1 - size_ - offset_;
  const double scale = std::sqrt(2.0 / static_cast<double>(transform_.length() + 1));
  visit_end_sines([&](long b, long k, long count, const double* sines) {
    const long e = b - offset_ - 1, mirrored = b - right;
    const double near = e < corner_ ? scale * load[static_cast<std::size_t>(e)] : 0.0;
    const double far = mirrored >= 0 && mirrored < corner_
                           ? scale * load[static_cast<std::size_t>(corner_ + mirrored)]
                           : 0.0;
    double factor[lanes];
    for (int l = 0; l < lanes; ++l) factor[l] = l % 2 == 0 ? near + far : near - far;
    double* x = work_.data() + k;
    for (long i = 0; i < count; i += lanes)
      for (int l = 0; l < lanes; ++l) x[i + l] -= factor[l] * sines[i + l];
  });
}

void TauInverse::correct(bool transposed) {
  const std::vector<double> solution = solution_at_ends();
  std::vector<double> load(solution.size(), 0.0);
  const std::size_t n = solution.size();
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j < n; ++j)
      load[i] += schur_[transposed ? j + n * i : i + n * j] * solution[j];
  subtract_at_ends(load);
}

void TauInverse::apply(double* x, bool transposed) {
  work_.assign(inverse_.size(), 0.0);
  std::copy_n(x, size_, work_.begin() + offset_);
  transform_.apply(work_.data());
  if (corner_ > 0) correct(transposed);
  for (std::size_t k = 0; k < work_.size(); ++k) work_[k] *= inverse_[k];
  transform_.apply(work_.data());
  std::copy_n(work_.begin() + offset_, size_, x);
}

} // namespace linnet::fractional
