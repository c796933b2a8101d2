// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/linalg/grid_fft.hpp>

#include <linnet/core/error.hpp>

#include <fftw3.h>

#include <algorithm>
#include <string>

namespace linnet::linalg {

struct GridFft::Plans {
  double* values = nullptr;
  fftw_complex* spectrum = nullptr;
  fftw_plan forward = nullptr, backward = nullptr;

  // Estimated plans alone are the same in every run, and so are the bits.
  explicit Plans(const core::Index3& n)
      : values(fftw_alloc_real(static_cast<std::size_t>(core::volume(n)))),
        spectrum(fftw_alloc_complex(
            static_cast<std::size_t>(core::volume({n[0] / 2 + 1, n[1], n[2]})))) {
    if (!values || !spectrum) return;
    std::fill_n(values, core::volume(n), 0.0);
    forward = fftw_plan_dft_r2c_3d(n[2], n[1], n[0], values, spectrum, FFTW_ESTIMATE);
    backward = fftw_plan_dft_c2r_3d(n[2], n[1], n[0], spectrum, values, FFTW_ESTIMATE);
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

GridFft::GridFft(const core::Index3& points) : points_(points) {
  for (const int n : points)
    if (n < 1) core::throw_usage("a Fourier transform of " + std::to_string(n) + " points");
  plans_ = std::make_unique<Plans>(points);
  if (!plans_->forward || !plans_->backward)
    core::throw_usage("no memory for a Fourier transform of " +
                      std::to_string(core::volume(points)) + " values");
  values_ = plans_->values;
  spectrum_ = reinterpret_cast<std::complex<double>*>(plans_->spectrum);
}

GridFft::~GridFft() = default;
GridFft::GridFft(GridFft&&) noexcept = default;
GridFft& GridFft::operator=(GridFft&&) noexcept = default;

void GridFft::forward() { fftw_execute(plans_->forward); }
void GridFft::backward() { fftw_execute(plans_->backward); }

} // namespace linnet::linalg
