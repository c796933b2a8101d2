// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/fractional/fourier.hpp>

#include <linnet/core/error.hpp>

#include <fftw3.h>

#include <algorithm>
#include <climits>
#include <cmath>
#include <string>

namespace linnet::fractional {

long smooth_length(long n) {
  for (long m = std::max(1L, n);; ++m) {
    long rest = m;
    for (const long factor : {2L, 3L, 5L, 7L})
      while (rest % factor == 0) rest /= factor;
    if (rest == 1) return m;
  }
}

struct RealFft::Plans {
  double* values = nullptr;
  fftw_complex* spectrum = nullptr;
  fftw_plan forward = nullptr, backward = nullptr;

  explicit Plans(int n)
      : values(fftw_alloc_real(static_cast<std::size_t>(n))),
        spectrum(fftw_alloc_complex(static_cast<std::size_t>(n / 2 + 1))) {
    if (!values || !spectrum) return;
    std::fill_n(values, n, 0.0);
    forward = fftw_plan_dft_r2c_1d(n, values, spectrum, FFTW_ESTIMATE);
    backward = fftw_plan_dft_c2r_1d(n, spectrum, values, FFTW_ESTIMATE);
  }
  ~Plans() {
    if (forward) fftw_destroy_plan(forward);
    if (backward) fftw_destroy_plan(backward);
    fftw_free(values);
    fftw_free(spectrum);
  }
  Plans(const Plans&) = delete;
  Plans& operator=(const Plans&) = delete;
};

namespace {

void require_length(long length) {
  if (length < 1 || length > INT_MAX)
    core::throw_usage("a Fourier transform must have between 1 and " + std::to_string(INT_MAX) +
                      " values, got " + std::to_string(length));
}

[[noreturn]] void throw_no_memory(long length) {
  core::throw_usage("no memory for a Fourier transform of " + std::to_string(length) + " values");
}

} // namespace

RealFft::RealFft(long length) : length_(length) {
  require_length(length);
  plans_ = std::make_unique<Plans>(static_cast<int>(length));
  if (!plans_->forward || !plans_->backward) throw_no_memory(length);
  values_ = plans_->values;
  spectrum_ = reinterpret_cast<std::complex<double>*>(plans_->spectrum);
}

RealFft::~RealFft() = default;
RealFft::RealFft(RealFft&&) noexcept = default;
RealFft& RealFft::operator=(RealFft&&) noexcept = default;

void RealFft::forward() { fftw_execute(plans_->forward); }
void RealFft::backward() { fftw_execute(plans_->backward); }

struct ComplexFfts::Plans {
  fftw_plan forward = nullptr, backward = nullptr;

  // Planned on an array of its own; others are as well aligned as any complex number.
  Plans(int length, int count) {
    const std::size_t size = static_cast<std::size_t>(length) * static_cast<std::size_t>(count);
    fftw_complex* x = fftw_alloc_complex(size);
    if (!x) return;
    std::fill_n(&x[0][0], 2 * size, 0.0);
    const auto plan = [&](int sign) {
      return fftw_plan_many_dft(1, &length, count, x, nullptr, 1, length, x, nullptr, 1, length,
                                sign, FFTW_ESTIMATE | FFTW_UNALIGNED);
    };
    forward = plan(FFTW_FORWARD);
    backward = plan(FFTW_BACKWARD);
    fftw_free(x);
  }
  ~Plans() {
    if (forward) fftw_destroy_plan(forward);
    if (backward) fftw_destroy_plan(backward);
  }
  Plans(const Plans&) = delete;
  Plans& operator=(const Plans&) = delete;
};

ComplexFfts::ComplexFfts(long length, long count) {
  require_length(length);
  require_length(length * count);
  plans_ = std::make_unique<Plans>(static_cast<int>(length), static_cast<int>(count));
  if (!plans_->forward || !plans_->backward) throw_no_memory(length);
}

ComplexFfts::~ComplexFfts() = default;
ComplexFfts::ComplexFfts(ComplexFfts&&) noexcept = default;
ComplexFfts& ComplexFfts::operator=(ComplexFfts&&) noexcept = default;

void ComplexFfts::forward(std::complex<double>* x) {
  auto* data = reinterpret_cast<fftw_complex*>(x);
  fftw_execute_dft(plans_->forward, data, data);
}

void ComplexFfts::backward(std::complex<double>* x) {
  auto* data = reinterpret_cast<fftw_complex*>(x);
  fftw_execute_dft(plans_->backward, data, data);
}

std::vector<double> cosine_sums(const std::vector<double>& x) {
  const auto m = static_cast<long>(x.size());
  RealFft fft(2 * m);
  double* v = fft.values();
  v[m] = 0.0;
  v[0] = 2.0 * x[0];
  for (long j = 1; j < m; ++j) v[j] = v[2 * m - j] = x[static_cast<std::size_t>(j)];
  fft.forward();
  std::vector<double> sums(static_cast<std::size_t>(m + 1));
  for (long k = 0; k <= m; ++k) sums[static_cast<std::size_t>(k)] = 0.5 * fft.spectrum()[k].real();
  return sums;
}

void SineTransform::apply(double* x) {
  const long m = length_ + 1;
  double* v = fft_.values();
  v[0] = v[m] = 0.0;
  for (long j = 1; j < m; ++j) {
    v[j] = x[j - 1];
    v[2 * m - j] = -x[j - 1];
  }
  fft_.forward();
  const double scale = -std::sqrt(0.5 / static_cast<double>(m));
  for (long k = 1; k < m; ++k) x[k - 1] = scale * fft_.spectrum()[k].imag();
}

} // namespace linnet::fractional
