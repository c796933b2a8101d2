// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/fractional/fourier.hpp>

#include <linnet/core/kokkos_session.hpp>
#include <linnet/core/petsc.hpp>
#include <linnet/kernels/fractional/odd_lines.hpp>
#include <linnet/kernels/staging.hpp>

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

void prepare_fourier(long length, long count) {
  LINNET_CHECK(core::ensure_kokkos());
  if (length < 1 || count < 1 || length > INT_MAX / count)
    core::throw_usage("a Fourier transform must have between 1 and " + std::to_string(INT_MAX) +
                      " values, got " + std::to_string(count) + " times " + std::to_string(length));
}

void RealFfts::make_arrays() {
  prepare_fourier(length_, count_);
  values_ = kernels::zeros<double>("linnet::fractional::values",
                                   static_cast<std::size_t>(length_ * count_));
  spectrum_ = kernels::zeros<kernels::Complex>(
      "linnet::fractional::spectrum", static_cast<std::size_t>(spectrum_length() * count_));
}

std::vector<double> cosine_sums(const std::vector<double>& x) {
  const std::size_t m = x.size();
  RealFfts fft(static_cast<long>(2 * m));
  std::vector<double> even(2 * m, 0.0);
  even[0] = 2.0 * x[0];
  for (std::size_t j = 1; j < m; ++j) even[j] = even[2 * m - j] = x[j];
  const kernels::HostWrite<double> values(fft.values(), even.size());
  std::copy(even.begin(), even.end(), values.data());
  values.finish();
  fft.forward();
  const kernels::HostRead<kernels::Complex> spectrum(fft.spectrum(), m + 1);
  std::vector<double> sums;
  for (std::size_t k = 0; k <= m; ++k) sums.push_back(0.5 * spectrum.data()[k].real());
  return sums;
}

namespace {

/// On a GPU as many as keep it busy.
long lines_at_once(long length, long most) {
  return std::clamp(kernels::on_device ? (1L << 22) / length : kernels::cache_line_values, 1L,
                    std::max(1L, most));
}

} // namespace

SineTransform::SineTransform(long length, long most_lines)
    : length_(length), ffts_(2 * (length + 1), lines_at_once(length, most_lines)) {}

void SineTransform::apply(kernels::LineShape shape, double* x) {
  const double scale = -std::sqrt(0.5 / static_cast<double>(length_ + 1));
  kernels::for_line_blocks(shape, length_, ffts_.count(), [&](const kernels::LineBlock& lines) {
    kernels::continue_lines_oddly(lines, x, ffts_.values());
    ffts_.forward();
    kernels::take_imaginary_parts(lines, ffts_.spectrum(), scale, x);
  });
}

} // namespace linnet::fractional
