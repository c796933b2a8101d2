// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/fractional/tau_inverse.hpp>

#include <linnet/core/petsc.hpp>
#include <linnet/core/text.hpp>
#include <linnet/fractional/fourier.hpp>
#include <linnet/kernels/fractional/tau_corners.hpp>
#include <linnet/kernels/fractional/toeplitz_border.hpp>
#include <linnet/kernels/staging.hpp>

#include <petscblaslapack.h>

#include <algorithm>

namespace linnet::fractional {

namespace {

// t on a range that may go beyond its first @p length values, with zeros there.
std::vector<double> toeplitz(const std::vector<CollocationTerm>& terms, IndexRange range,
                             long length) {
  std::vector<double> t(static_cast<std::size_t>(range.size()), 0.0);
  const long begin = std::min(range.begin, length), end = std::min(range.end, length);
  for (const CollocationTerm& term : terms) {
    const std::vector<double> values = term.entries->toeplitz(begin, end);
    for (std::size_t k = 0; k < values.size(); ++k) t[k] += term.factor * values[k];
  }
  return t;
}

void require_positive(double least) {
  if (!(least > 0.0))
    throw core::Error(core::ExitCode::internal,
                      "the tau matrix is not positive definite: its least eigenvalue is " +
                          core::number_text(least));
}

} // namespace

// lambda(k) = t(0) + 2 sum over j of t(j) cos(pi j k / (L+1)).
std::vector<double> tau_eigenvalues(const std::vector<CollocationTerm>& terms, long length) {
  std::vector<double> t = toeplitz(terms, {0, length + 1}, length);
  t[0] *= 0.5;
  std::vector<double> sums = cosine_sums(t);
  sums.erase(sums.begin());
  sums.resize(static_cast<std::size_t>(length));
  for (double& value : sums) value *= 2.0;
  require_positive(*std::min_element(sums.begin(), sums.end()));
  return sums;
}

TauInverse::TauInverse(const LineShare& share, const std::vector<CollocationTerm>& terms,
                       TauCorrection correction)
    : share_(share), size_(terms.front().entries->basis().unknowns()),
      convolution_(share.transform_comm(), size_ + 1), offset_((padded_size() - size_) / 2) {
  const std::vector<double> kernel = toeplitz(terms, convolution_.kernel_range(), padded_size());
  require_positive(convolution_.set_kernel(kernel));
  convolution_.invert_kernel();
  if (correction == TauCorrection::corner) set_up_correction(terms);
  if (share_.replicated())
    whole_ = kernels::zeros<double>("linnet::fractional::whole", static_cast<std::size_t>(size_));
}

// c(begin) .. c(end - 1), even and periodic. After unfold_kernel().
TauInverse::Window TauInverse::window(long begin, long end) {
  Window w{begin, kernels::zeros<double>("linnet::fractional::window",
                                         static_cast<std::size_t>(std::max(0L, end - begin)))};
  const long period = 2 * convolution_.half_period(), zero = std::clamp(0L, begin, end);
  convolution_.kernel_values({period + begin, period + zero}, w.values.data());
  convolution_.kernel_values({zero, end}, w.values.data() + (zero - begin));
  return w;
}

/// A window's values, by their indices.
class TauInverse::HostWindow {
public:
  explicit HostWindow(const Window& w) : begin_(w.begin), values_(kernels::host_copy(w.values)) {}
  double operator()(long index) const { return values_[static_cast<std::size_t>(index - begin_)]; }

private:
  long begin_;
  kernels::HostArray<double> values_;
};

// E^T tau^-1 E, by columns. With the places a and b, counted from the ends, the sums of places are
// counted from the same wall, or reach across.
std::vector<double> TauInverse::corners_of_inverse() {
  const long k = corner_, right = padded_size() - size_ - offset_;
  const Window differences = window(1 - k, k),
               first = window(2 * offset_ + 2, 2 * (offset_ + k) + 1),
               last = window(2 * right + 2, 2 * (right + k) + 1),
               across = window(size_ + 1 - 2 * k, size_),
               sums = window(size_ + 2 * offset_ + 2 - k, size_ + 2 * offset_ + 1 + k);
  const HostWindow difference(differences), near_first(first), near_last(last),
      far_difference(across), sum(sums);
  const long n = 2 * k;
  std::vector<double> green(static_cast<std::size_t>(n * n));
  for (long b = 0; b < k; ++b)
    for (long a = 0; a < k; ++a) {
      const auto at = [&](long i, long j) -> double& {
        return green[static_cast<std::size_t>(i + n * j)];
      };
      at(a, b) = difference(a - b) - near_first(2 * offset_ + 2 + a + b);
      at(k + a, k + b) = difference(a - b) - near_last(2 * right + 2 + a + b);
      at(k + a, b) = at(b, k + a) =
          far_difference(size_ - 1 - a - b) - sum(size_ + 2 * offset_ + 1 + b - a);
    }
  return green;
}

void TauInverse::set_up_correction(const std::vector<CollocationTerm>& terms) {
  const int degree = terms.front().entries->basis().degree();
  corner_ = static_cast<int>(std::min<long>(2L * degree, size_ / 2));
  ends_ = kernels::zeros<double>("linnet::fractional::ends", static_cast<std::size_t>(2 * corner_));
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
  convolution_.unfold_kernel();
  const std::vector<double> green = corners_of_inverse();
  const long right = padded_size() - size_ - offset_, begin = share_.begin(), end = share_.end();
  near_first_ = window(begin - k, end + k + 2 * offset_ + 2);
  near_last_ = window(size_ - end - k, size_ - begin + k + 2 * right + 2);
  // The order of E mirrors the second corner, so that B = diag(C, C).
  std::vector<double> matrix(green.size(), 0.0);
  schur_.assign(matrix.size(), 0.0);
  for (int j = 0; j < n; ++j)
    for (int i = 0; i < n; ++i) {
      const int block = i < k ? 0 : k;
      double product = i == j ? 1.0 : 0.0;
      for (int l = 0; l < k; ++l)
        product += border[static_cast<std::size_t>(i - block + k * l)] * green[at(block + l, j)];
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

// x -= tau^-1 E S E^T x, x = tau^-1 of what is to be inverted; or S^T. Seen from the last point the
// columns of the second half are those of the first on a grid whose padding changes sides.
void TauInverse::correct(double* x, bool transposed) const {
  const auto n = static_cast<std::size_t>(2 * corner_);
  kernels::take_ends({share_.begin(), share_.count(), size_}, x, corner_, ends_.data());
  const kernels::HostRead<double> mine(ends_.data(), n);
  std::vector<double> solution(mine.data(), mine.data() + n);
  MPI_Allreduce(MPI_IN_PLACE, solution.data(), static_cast<int>(n), MPI_DOUBLE, MPI_SUM,
                share_.comm());
  const kernels::HostWrite<double> load(ends_.data(), n);
  std::fill_n(load.data(), n, 0.0);
  for (std::size_t j = 0; j < n; ++j)
    for (std::size_t i = 0; i < n; ++i)
      load.data()[i] += schur_[transposed ? j + n * i : i + n * j] * solution[j];
  load.finish();
  const kernels::CornerColumns columns{near_first_.origin(),
                                       near_last_.origin(),
                                       share_.begin(),
                                       share_.count(),
                                       size_,
                                       offset_,
                                       padded_size() - size_ - offset_,
                                       corner_};
  kernels::subtract_corner_columns(columns, ends_.data(), x);
}

void TauInverse::apply(const double* x, double* y, bool transposed) {
  const long first = 1 + offset_;
  const IndexRange mine{first + share_.begin(), first + share_.end()};
  if (share_.replicated()) {
    share_.gather(x, whole_.data());
    convolution_.apply({first, first + size_}, whole_.data(), Continuation::odd, mine, y);
  } else {
    convolution_.apply(mine, x, Continuation::odd, mine, y);
  }
  if (corner_ > 0) correct(y, transposed);
}

std::string TauInverse::description() const {
  int ranks = 1;
  MPI_Comm_size(share_.comm(), &ranks);
  const std::string corner = std::to_string(corner_);
  return "sine transforms of " + std::to_string(padded_size()) + " values" +
         (ranks == 1            ? ""
          : share_.replicated() ? " on every rank"
                                : " over all ranks") +
         (corner_ > 0 ? ", corners of " + corner + " x " + corner + " corrected" : "");
}

} // namespace linnet::fractional
