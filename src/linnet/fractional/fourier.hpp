// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// The transforms along lines behind Toeplitz products and the tau preconditioner, in kernel
/// memory; those of whole grids are in linalg/grid_fft.hpp. RealFfts and ComplexFfts are the
/// interface to a library: FFTW on the CPU (fourier_fftw.cpp), cuFFT on a GPU of NVIDIA
/// (fourier_cufft.cpp). One for another device needs these two classes only.
#pragma once

#include <linnet/kernels/allocation.hpp>
#include <linnet/kernels/complex.hpp>
#include <linnet/kernels/fractional/lines.hpp>

#include <memory>
#include <vector>

namespace linnet::fractional {

/// The least number not below @p n whose prime factors are 2, 3, 5 and 7.
long smooth_length(long n);

/// Real Fourier transforms of several sequences of one length, in arrays of its own.
class RealFfts {
public:
  /// @p count sequences of @p length, both at least 1. @throws core::Error (usage) where the
  /// library cannot.
  explicit RealFfts(long length, long count = 1);
  ~RealFfts();
  RealFfts(RealFfts&&) noexcept;
  RealFfts& operator=(RealFfts&&) noexcept;

  [[nodiscard]] long length() const { return length_; }
  [[nodiscard]] long count() const { return count_; }
  [[nodiscard]] long spectrum_length() const { return length_ / 2 + 1; }
  /// length() values of the first sequence, then those of the second, and so on.
  [[nodiscard]] double* values() { return values_.data(); }
  /// spectrum_length() values of each.
  [[nodiscard]] kernels::Complex* spectrum() { return spectrum_.data(); }

  /// spectrum[k] = sum over j of values[j] exp(-2 pi i j k / length).
  void forward();
  /// The inverse times length; the spectrum is lost.
  void backward();

private:
  struct Plans;
  void make_arrays();
  long length_, count_;
  kernels::Array<double> values_;
  kernels::Array<kernels::Complex> spectrum_;
  std::unique_ptr<Plans> plans_;
};

/// How several sequences lie in one array: the rows of a matrix, or its columns.
enum class SequenceOrder { one_behind_the_other, side_by_side };

/// Complex Fourier transforms of several sequences in place.
class ComplexFfts {
public:
  /// @p count sequences of @p length, both at least 1. @throws core::Error (usage) where the
  /// library cannot.
  ComplexFfts(long length, long count, SequenceOrder order = SequenceOrder::one_behind_the_other);
  ~ComplexFfts();
  ComplexFfts(ComplexFfts&&) noexcept;
  ComplexFfts& operator=(ComplexFfts&&) noexcept;

  /// x[k] = sum over j of x[j] exp(-2 pi i j k / length) for each sequence of @p x. On the CPU
  /// several threads may transform different arrays.
  void forward(kernels::Complex* x);
  /// The inverse times length.
  void backward(kernels::Complex* x);

private:
  struct Plans;
  std::unique_ptr<Plans> plans_;
};

/// Begins Kokkos. @throws core::Error (usage) unless the libraries can count @p count x @p length
/// values.
void prepare_fourier(long length, long count);

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
  /// @p length (L) at least 1; L+1 should be a smooth_length(). @p most_lines: of the tensors, at
  /// least 1. @throws core::Error (usage) where the library cannot.
  explicit SineTransform(long length, long most_lines = 1);
  [[nodiscard]] long length() const { return length_; }
  /// In place, along the lines of a tensor in kernel memory.
  void apply(kernels::LineShape shape, double* x);

private:
  long length_;
  RealFfts ffts_; ///< of some lines at a time
};

} // namespace linnet::fractional
