// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/problems/periodic_fft.hpp>

#include <linnet/core/error.hpp>

#include <fftw3.h>

#include <string>

namespace linnet::problems {

using Plan = std::unique_ptr<std::remove_pointer_t<fftw_plan>, void (*)(fftw_plan)>;

struct PeriodicFft::Plans {
  Plan forward, backward;
};

PeriodicFft::PeriodicFft(int n)
    : n_(n), values_(fftw_alloc_real(point_count()), fftw_free),
      modes_(reinterpret_cast<std::complex<double>*>(fftw_alloc_complex(mode_count())), fftw_free) {
  auto* modes = reinterpret_cast<fftw_complex*>(modes_.get());
  plans_ = std::make_unique<Plans>(Plans{
      Plan(fftw_plan_dft_r2c_2d(n, n, values_.get(), modes, FFTW_ESTIMATE), fftw_destroy_plan),
      Plan(fftw_plan_dft_c2r_2d(n, n, modes, values_.get(), FFTW_ESTIMATE), fftw_destroy_plan)});
  if (n < 2 || !plans_->forward || !plans_->backward)
    core::throw_usage("no Fourier series on " + std::to_string(n) + " points per direction");
}

PeriodicFft::~PeriodicFft() = default;

std::size_t PeriodicFft::point_count() const {
  return static_cast<std::size_t>(n_) * static_cast<std::size_t>(n_);
}

std::size_t PeriodicFft::mode_count() const {
  return static_cast<std::size_t>(n_) * static_cast<std::size_t>(modes_x());
}

void PeriodicFft::forward() {
  fftw_execute(plans_->forward.get());
  const double scale = 1.0 / static_cast<double>(point_count());
  for (std::size_t m = 0; m < mode_count(); ++m) modes_[m] *= scale;
}

void PeriodicFft::backward() { fftw_execute(plans_->backward.get()); }

} // namespace linnet::problems
