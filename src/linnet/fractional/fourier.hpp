// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// The transforms along lines behind Toeplitz products and the tau preconditioner, on the host by
/// FFTW; those of whole grids are in linalg/grid_fft.hpp.
#pragma once

#include <complex>
#include <memory>
#include <vector>

namespace linnet::fractional {

/// The least number not below @p n whose prime factors are 2, 3, 5 and 7.
long smooth_length(long n);

/// Real Fourier transforms of one length, in arrays of its own.
class RealFft {
public:
  /// @p length at least 1. @throws core::Error (usage) where FFTW cannot.
  explicit RealFft(long length);
  ~RealFft();
  RealFft(RealFft&&) noexcept;
  RealFft& operator=(RealFft&&) noexcept;

  [[nodiscard]] long length() const { return length_; }
  [[nodiscard]] long spectrum_length() const { return length_ / 2 + 1; }
  [[nodiscard]] double* values() { return values_; }
  [[nodiscard]] std::complex<double>* spectrum() { return spectrum_; }

  /// spectrum[k] = sum over j of values[j] exp(-2 pi i j k / length).
  void forward();
  /// The inverse times length; the spectrum is lost.
  void backward();

private:
  struct Plans;
  long length_;
  std::unique_ptr<Plans> plans_;
  double* values_;
  std::complex<double>* spectrum_;
};

/// Complex Fourier transforms of several sequences one behind the other, in place.
class ComplexFfts {
public:
  /// @p count sequences of @p length, both at least 1. @throws core::Error (usage) where FFTW
  /// cannot.
  ComplexFfts(long length, long count);
  ~ComplexFfts();
  ComplexFfts(ComplexFfts&&) noexcept;
  ComplexFfts& operator=(ComplexFfts&&) noexcept;

  /// x[k] = sum over j of x[j] exp(-2 pi i j k / length) for each sequence of @p x.
  void forward(std::complex<double>* x);
  /// The inverse times length.
  void backward(std::complex<double>* x);

private:
  struct Plans;
  std::unique_ptr<Plans> plans_;
};

/// sum over j of x[j] cos(pi j k / m), j = 0 .. m-1, for k = 0 .. m, with m = x.size(): of a
/// sequence that is continued evenly about 0 and has the value 0 at m, but for x[0] which counts
/// once.
std::vector<double> cosine_sums(const std::vector<double>& x);

/// The orthonormal discrete sine transform of type I, its own inverse:
/// y[k] = sqrt(2/(L+1)) sum over j of x[j] sin(pi (j+1) (k+1) / (L+1)),
/// by a real transform of the odd continuation. (One of half the length with a running sum is
/// faster, but its error grows with the root of L and alternates from point to point, which the
/// Riesz operator multiplies by L^alpha.)
class SineTransform {
public:
  /// @p length (L) at least 1; L+1 should be a smooth_length(). @throws core::Error (usage) where
  /// FFTW cannot.
  explicit SineTransform(long length) : length_(length), fft_(2 * (length + 1)) {}
  [[nodiscard]] long length() const { return length_; }
  /// In place, on length() values.
  void apply(double* x);

private:
  long length_;
  RealFft fft_;
};

} // namespace linnet::fractional
