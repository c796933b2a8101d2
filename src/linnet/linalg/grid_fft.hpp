// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Real Fourier transforms of a field on a whole grid, on the host by FFTW.
#pragma once

#include <linnet/core/types.hpp>

#include <complex>
#include <memory>

namespace linnet::linalg {

/// Transforms of one grid of up to three directions, in arrays of its own. Not collective.
class GridFft {
public:
  /// @p points at least 1 in each direction. @throws core::Error (usage) where FFTW cannot.
  explicit GridFft(const core::Index3& points);
  ~GridFft();
  GridFft(GridFft&&) noexcept;
  GridFft& operator=(GridFft&&) noexcept;

  [[nodiscard]] const core::Index3& points() const { return points_; }
  /// Of the half of the spectrum that is kept: wavenumbers 0 to points[0] / 2 in x; in y and z all,
  /// those above points / 2 standing for negative ones.
  [[nodiscard]] core::Index3 spectrum_points() const {
    return {points_[0] / 2 + 1, points_[1], points_[2]};
  }
  [[nodiscard]] double* values() { return values_; }                   ///< x fastest
  [[nodiscard]] std::complex<double>* spectrum() { return spectrum_; } ///< kx fastest

  /// spectrum[k] = sum over points x of values[x] exp(-2 pi i sum over d of k_d x_d / points_d).
  void forward();
  /// The inverse times the number of points; the spectrum is lost.
  void backward();

private:
  struct Plans;
  core::Index3 points_;
  std::unique_ptr<Plans> plans_;
  double* values_;
  std::complex<double>* spectrum_;
};

} // namespace linnet::linalg
