// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/fractional/fourier.hpp>

#if defined(KOKKOS_ENABLE_CUDA)

#include <linnet/core/error.hpp>

#include <cufft.h>

#include <string>

namespace linnet::fractional {

namespace {

void check(cufftResult result, const char* call) {
  if (result != CUFFT_SUCCESS)
    core::throw_usage(std::string(call) + " of cuFFT failed with code " + std::to_string(result));
}

cufftDoubleComplex* of_cufft(kernels::Complex* x) {
  return reinterpret_cast<cufftDoubleComplex*>(x);
}

/// A plan for sequences one behind the other, in the stream of the kernels.
class Plan {
public:
  Plan(cufftType type, long length, long count, long from_distance, long to_distance) {
    int n = static_cast<int>(length);
    check(cufftPlanMany(&plan_, 1, &n, nullptr, 1, static_cast<int>(from_distance), nullptr, 1,
                        static_cast<int>(to_distance), type, static_cast<int>(count)),
          "cufftPlanMany");
    check(cufftSetStream(plan_, kernels::ExecutionSpace().cuda_stream()), "cufftSetStream");
  }
  ~Plan() { static_cast<void>(cufftDestroy(plan_)); }
  Plan(const Plan&) = delete;
  Plan& operator=(const Plan&) = delete;
  [[nodiscard]] cufftHandle handle() const { return plan_; }

private:
  cufftHandle plan_ = 0;
};

} // namespace

struct RealFfts::Plans {
  Plan forward, backward;
};

// Without embedding (nullptr) cuFFT ignores the distances and takes those of dense sequences, which
// these are.
RealFfts::RealFfts(long length, long count) : length_(length), count_(count) {
  prepare_fourier(length, count);
  values_ = kernels::zeros<double>("linnet::fractional::values",
                                   static_cast<std::size_t>(length * count));
  spectrum_ = kernels::zeros<kernels::Complex>("linnet::fractional::spectrum",
                                               static_cast<std::size_t>(spectrum_length() * count));
  plans_.reset(new Plans{{CUFFT_D2Z, length, count, length, spectrum_length()},
                         {CUFFT_Z2D, length, count, spectrum_length(), length}});
}

RealFfts::~RealFfts() = default;
RealFfts::RealFfts(RealFfts&&) noexcept = default;
RealFfts& RealFfts::operator=(RealFfts&&) noexcept = default;

void RealFfts::forward() {
  check(cufftExecD2Z(plans_->forward.handle(), values(), of_cufft(spectrum())), "cufftExecD2Z");
}

void RealFfts::backward() {
  check(cufftExecZ2D(plans_->backward.handle(), of_cufft(spectrum()), values()), "cufftExecZ2D");
}

struct ComplexFfts::Plans {
  Plan both;
};

ComplexFfts::ComplexFfts(long length, long count) {
  prepare_fourier(length, count);
  plans_.reset(new Plans{{CUFFT_Z2Z, length, count, length, length}});
}

ComplexFfts::~ComplexFfts() = default;
ComplexFfts::ComplexFfts(ComplexFfts&&) noexcept = default;
ComplexFfts& ComplexFfts::operator=(ComplexFfts&&) noexcept = default;

void ComplexFfts::forward(kernels::Complex* x) {
  check(cufftExecZ2Z(plans_->both.handle(), of_cufft(x), of_cufft(x), CUFFT_FORWARD),
        "cufftExecZ2Z");
}

void ComplexFfts::backward(kernels::Complex* x) {
  check(cufftExecZ2Z(plans_->both.handle(), of_cufft(x), of_cufft(x), CUFFT_INVERSE),
        "cufftExecZ2Z");
}

} // namespace linnet::fractional

#endif
