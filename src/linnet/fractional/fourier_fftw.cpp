// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/fractional/fourier.hpp>

#if !defined(KOKKOS_ENABLE_CUDA)

#include <linnet/core/error.hpp>

#include <fftw3.h>

#include <string>

namespace linnet::fractional {

static_assert(std::is_same_v<kernels::MemorySpace, kernels::HostSpace>,
              "this device needs the two classes of fourier.hpp by a library of its own");

namespace {

[[noreturn]] void throw_no_memory(long length) {
  core::throw_usage("no memory for a Fourier transform of " + std::to_string(length) + " values");
}

/// A plan forwards and one back.
struct Pair {
  fftw_plan forward = nullptr, backward = nullptr;

  Pair() = default;
  ~Pair() {
    if (forward) fftw_destroy_plan(forward);
    if (backward) fftw_destroy_plan(backward);
  }
  Pair(const Pair&) = delete;
  Pair& operator=(const Pair&) = delete;
  void require(long length) const {
    if (!forward || !backward) throw_no_memory(length);
  }
};

fftw_complex* of_fftw(kernels::Complex* x) { return reinterpret_cast<fftw_complex*>(x); }

} // namespace

struct RealFfts::Plans : Pair {};

RealFfts::RealFfts(long length, long count) : length_(length), count_(count) {
  make_arrays();
  plans_ = std::make_unique<Plans>();
  const int n = static_cast<int>(length), many = static_cast<int>(count),
            half = static_cast<int>(spectrum_length());
  plans_->forward = fftw_plan_many_dft_r2c(1, &n, many, values(), nullptr, 1, n,
                                           of_fftw(spectrum()), nullptr, 1, half, FFTW_ESTIMATE);
  plans_->backward = fftw_plan_many_dft_c2r(1, &n, many, of_fftw(spectrum()), nullptr, 1, half,
                                            values(), nullptr, 1, n, FFTW_ESTIMATE);
  plans_->require(length);
}

RealFfts::~RealFfts() = default;
RealFfts::RealFfts(RealFfts&&) noexcept = default;
RealFfts& RealFfts::operator=(RealFfts&&) noexcept = default;

void RealFfts::forward() { fftw_execute(plans_->forward); }
void RealFfts::backward() { fftw_execute(plans_->backward); }

struct ComplexFfts::Plans : Pair {};

// Planned on an array of its own; others are as well aligned as any complex number.
ComplexFfts::ComplexFfts(long length, long count, SequenceOrder order)
    : plans_(std::make_unique<Plans>()) {
  prepare_fourier(length, count);
  const auto memory = kernels::zeros<kernels::Complex>("linnet::fractional::plan",
                                                       static_cast<std::size_t>(length * count));
  fftw_complex* x = of_fftw(memory.data());
  const int n = static_cast<int>(length), many = static_cast<int>(count);
  const bool by_columns = order == SequenceOrder::side_by_side;
  const int step = by_columns ? many : 1, distance = by_columns ? 1 : n;
  const auto plan = [&](int sign) {
    return fftw_plan_many_dft(1, &n, many, x, nullptr, step, distance, x, nullptr, step, distance,
                              sign, FFTW_ESTIMATE | FFTW_UNALIGNED);
  };
  plans_->forward = plan(FFTW_FORWARD);
  plans_->backward = plan(FFTW_BACKWARD);
  plans_->require(length);
}

ComplexFfts::~ComplexFfts() = default;
ComplexFfts::ComplexFfts(ComplexFfts&&) noexcept = default;
ComplexFfts& ComplexFfts::operator=(ComplexFfts&&) noexcept = default;

void ComplexFfts::forward(kernels::Complex* x) {
  fftw_execute_dft(plans_->forward, of_fftw(x), of_fftw(x));
}

void ComplexFfts::backward(kernels::Complex* x) {
  fftw_execute_dft(plans_->backward, of_fftw(x), of_fftw(x));
}

} // namespace linnet::fractional

#endif
