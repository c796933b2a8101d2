// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/fractional/fourier.hpp>

#if defined(KOKKOS_ENABLE_CUDA)

#include <linnet/core/error.hpp>

#include <cufft.h>

#include <string>

namespace linnet::fractional {

namespace {

void check(cufftResult result, core::ExitCode code, const char* call) {
  if (result != CUFFT_SUCCESS)
    throw core::Error(code, std::string(call) + " of cuFFT failed with code " +
                                std::to_string(static_cast<int>(result)));
}

void check_run(cufftResult result, const char* call) {
  check(result, core::ExitCode::internal, call);
}

cufftDoubleComplex* of_cufft(kernels::Complex* x) {
  return reinterpret_cast<cufftDoubleComplex*>(x);
}

/// A plan in the stream of the kernels.
class Plan {
public:
  Plan(cufftType type, long length, long count, SequenceOrder order) {
    int n = static_cast<int>(length), many = static_cast<int>(count);
    // Without an embedding cuFFT takes dense sequences one behind the other, whatever steps say.
    int* embedding = order == SequenceOrder::side_by_side ? &n : nullptr;
    const cufftResult planned =
        cufftPlanMany(&plan_, 1, &n, embedding, many, 1, embedding, many, 1, type, many);
    check(planned, core::ExitCode::usage, "cufftPlanMany");
    const cufftResult set = cufftSetStream(plan_, kernels::ExecutionSpace().cuda_stream());
    if (set != CUFFT_SUCCESS) static_cast<void>(cufftDestroy(plan_));
    check_run(set, "cufftSetStream");
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
  Plan forward;
  std::unique_ptr<Plan> backward; ///< when it is needed: plans have memory to work with
};

RealFfts::RealFfts(long length, long count) : length_(length), count_(count) {
  make_arrays();
  plans_.reset(new Plans{{CUFFT_D2Z, length, count, SequenceOrder::one_behind_the_other}, nullptr});
}

RealFfts::~RealFfts() = default;
RealFfts::RealFfts(RealFfts&&) noexcept = default;
RealFfts& RealFfts::operator=(RealFfts&&) noexcept = default;

void RealFfts::forward() {
  check_run(cufftExecD2Z(plans_->forward.handle(), values(), of_cufft(spectrum())), "cufftExecD2Z");
}

void RealFfts::backward() {
  if (!plans_->backward)
    plans_->backward =
        std::make_unique<Plan>(CUFFT_Z2D, length_, count_, SequenceOrder::one_behind_the_other);
  check_run(cufftExecZ2D(plans_->backward->handle(), of_cufft(spectrum()), values()),
            "cufftExecZ2D");
}

struct ComplexFfts::Plans {
  Plan both;
};

ComplexFfts::ComplexFfts(long length, long count, SequenceOrder order) {
  prepare_fourier(length, count);
  plans_.reset(new Plans{{CUFFT_Z2Z, length, count, order}});
}

ComplexFfts::~ComplexFfts() = default;
ComplexFfts::ComplexFfts(ComplexFfts&&) noexcept = default;
ComplexFfts& ComplexFfts::operator=(ComplexFfts&&) noexcept = default;

void ComplexFfts::forward(kernels::Complex* x) {
  check_run(cufftExecZ2Z(plans_->both.handle(), of_cufft(x), of_cufft(x), CUFFT_FORWARD),
            "cufftExecZ2Z");
}

void ComplexFfts::backward(kernels::Complex* x) {
  check_run(cufftExecZ2Z(plans_->both.handle(), of_cufft(x), of_cufft(x), CUFFT_INVERSE),
            "cufftExecZ2Z");
}

} // namespace linnet::fractional

#endif
