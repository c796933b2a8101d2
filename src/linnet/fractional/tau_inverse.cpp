// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/fractional/tau_inverse.hpp>

#include <linnet/core/petsc.hpp>
#include <linnet/core/text.hpp>

#include <petscblaslapack.h>

#include <algorithm>

namespace linnet::fractional {

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
  if (correction == TauCorrection::corner) set_up_correction(terms);
}

long TauInverse::place(int e) const {
  return offset_ + (e < corner_ ? e : size_ - 1 - (e - corner_));
}

// c(m) = sum over k of cos(pi m k / (L+1)) / lambda(k) / (L+1), even and periodic; with as much
// beyond both ends as differences and sums of places reach there.
void TauInverse::make_green(long length) {
  std::vector<double> inverse(static_cast<std::size_t>(length + 1), 0.0);
  std::copy_n(inverse_.begin(), length, inverse.begin() + 1);
  const std::vector<double> sums = cosine_sums(inverse);
  const long half = length + 1;
  margin_ = length - size_ + corner_ + 2;
  const double scale = 1.0 / static_cast<double>(half);
  for (long m = -margin_; m <= half + margin_; ++m) {
    const long at = m < 0 ? -m : m > half ? 2 * half - m : m;
    green_.push_back(scale * sums[static_cast<std::size_t>(at)]);
  }
}

double TauInverse::green(long i, long j) const {
  const long period = 2 * (transform_.length() + 1);
  const long difference = i < j ? j - i : i - j, sum = std::min(i + j + 2, period - (i + j + 2));
  return green_[static_cast<std::size_t>(difference + margin_)] -
         green_[static_cast<std::size_t>(sum + margin_)];
}

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
  make_green(transform_.length());
  // The order of E mirrors the second corner, so that B = diag(C, C).
  std::vector<double> matrix(static_cast<std::size_t>(n) * static_cast<std::size_t>(n), 0.0);
  schur_.assign(matrix.size(), 0.0);
  for (int j = 0; j < n; ++j)
    for (int i = 0; i < n; ++i) {
      const int block = i < k ? 0 : k;
      double product = i == j ? 1.0 : 0.0;
      for (int l = 0; l < k; ++l)
        product +=
            border[static_cast<std::size_t>(i - block + k * l)] * green(place(block + l), place(j));
      matrix[at(i, j)] = product;
      if ((j < k) == (i < k))
        schur_[at(i, j)] = border[static_cast<std::size_t>(i - block + k * (j - block))];
    }
  PetscBLASInt order = n, info = 0;
  std::vector<PetscBLASInt> pivots(static_cast<std::size_t>(n));
  LAPACKgesv_(&order, &order, matrix.data(), &order, pivots.data(), schur_.data(), &order, &info);
  if (info != 0)
    throw core::Error(core::ExitCode::internal, "the corner correction of tau is singular");
}

// x -= tau^-1 E load. Seen from the last point the columns of the second half are those of the
// first on a grid whose padding changes sides.
void TauInverse::subtract_columns(const std::vector<double>& load, double* x) const {
  constexpr long block = 1024;
  const long right = transform_.length() - size_ - offset_;
  const double* c = green_.data() + margin_;
  double forward[block], backward[block];
  for (long i = 0; i < size_; i += block) {
    const long count = std::min(block, size_ - i);
    std::fill_n(forward, count, 0.0);
    std::fill_n(backward, count, 0.0);
    const long mirrored = size_ - i - count; // of the last point of the block, from the last point
    for (long a = 0; a < corner_; ++a) {
      const double first = load[static_cast<std::size_t>(a)],
                   last = load[static_cast<std::size_t>(corner_ + a)];
      const double* difference = c + (i - a);
      const double* sum = c + (i + a + 2 * offset_ + 2);
      const double* mirrored_difference = c + (mirrored - a);
      const double* mirrored_sum = c + (mirrored + a + 2 * right + 2);
      for (long q = 0; q < count; ++q) {
        forward[q] += first * (difference[q] - sum[q]);
        backward[q] += last * (mirrored_difference[q] - mirrored_sum[q]);
      }
    }
    for (long q = 0; q < count; ++q) x[i + q] -= forward[q] + backward[count - 1 - q];
  }
}

void TauInverse::apply(double* x, bool transposed) {
  work_.assign(inverse_.size(), 0.0);
  std::copy_n(x, size_, work_.begin() + offset_);
  transform_.apply(work_.data());
  for (std::size_t k = 0; k < work_.size(); ++k) work_[k] *= inverse_[k];
  transform_.apply(work_.data());
  std::copy_n(work_.begin() + offset_, size_, x);
  if (corner_ == 0) return;
  const auto n = static_cast<std::size_t>(2 * corner_);
  std::vector<double> load(n, 0.0);
  for (std::size_t j = 0; j < n; ++j) {
    const double solution = x[place(static_cast<int>(j)) - offset_];
    for (std::size_t i = 0; i < n; ++i)
      load[i] += schur_[transposed ? j + n * i : i + n * j] * solution;
  }
  subtract_columns(load, x);
}

} // namespace linnet::fractional
