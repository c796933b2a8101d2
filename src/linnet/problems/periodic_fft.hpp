// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// The Fourier series of a real function of period 1 in both directions, on the host by FFTW.
#pragma once

#include <complex>
#include <memory>

namespace linnet::problems {

/// n x n points (i/n, j/n), x fastest, and the modes of
///   g(x,y) = sum over kx, ky of g_k exp(2 pi i (kx x + ky y)),  g_-k = conj g_k,
/// of which those with 0 <= kx <= n/2 are kept, kx fastest; ky = 0 .. n/2, -(n-1)/2 .. -1. The same
/// bits every time: plans are estimated, not timed, in arrays of FFTW's alignment.
class PeriodicFft {
public:
  /// @p n at least 2. @throws core::Error (usage) where FFTW cannot.
  explicit PeriodicFft(int n);
  ~PeriodicFft();
  PeriodicFft(const PeriodicFft&) = delete;
  PeriodicFft& operator=(const PeriodicFft&) = delete;

  [[nodiscard]] int points() const { return n_; }
  /// Modes kept along x.
  [[nodiscard]] int modes_x() const { return n_ / 2 + 1; }
  [[nodiscard]] std::size_t point_count() const;
  [[nodiscard]] std::size_t mode_count() const;
  /// ky of row @p row of the modes.
  [[nodiscard]] int wave_y(int row) const { return row <= n_ / 2 ? row : row - n_; }

  [[nodiscard]] double* values() { return values_.get(); }
  [[nodiscard]] std::complex<double>* modes() { return modes_.get(); }
  /// Modes of the values, scaled as above.
  void forward();
  /// Values of the modes, which are lost.
  void backward();

private:
  struct Plans;
  template <class T>
  using Array = std::unique_ptr<T[], void (*)(void*)>;

  int n_;
  Array<double> values_;
  Array<std::complex<double>> modes_;
  std::unique_ptr<Plans> plans_;
};

} // namespace linnet::problems
