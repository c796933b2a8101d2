// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/nn/training/adam_moments.hpp>
#include <linnet/nn/training/newton_schulz.hpp>
#include <linnet/nn/training/optimiser_types.hpp>

#include <algorithm>
#include <cmath>

namespace linnet::nn {

namespace {

// A block as a matrix: outputs times all that feeds one of them.
struct MatrixBlock {
  std::size_t offset, size;
  std::int64_t rows, columns;
};

bool is_matrix(const ParameterBlock& block) {
  return block.role == ParameterRole::weight && block.shape.size() >= 2 && block.size() > 0;
}

// Matrices M = mu M + g, theta -= rate 0.2 sqrt(max(rows, columns)) NewtonSchulz(M / |M|); AdamW
// for the rest. The factor gives an orthogonal update the root mean square of Adam's usual one, so
// that one learning rate serves both (arXiv 2502.16982). The momentum of the matrices lies in the
// first moment of the rest.
template <class T>
class Muon final : public Optimiser<T> {
public:
  using typename Optimiser<T>::Array;
  Muon(const OptimiserOptions& options, const ParameterLayout& layout)
      : options_(options), moments_(layout) {
    std::size_t largest = 0;
    for (const ParameterBlock& block : layout.blocks()) {
      const std::size_t size = block.size();
      if (is_matrix(block)) {
        const std::int64_t rows = block.shape.front();
        matrices_.push_back({block.offset, size, rows, static_cast<std::int64_t>(size) / rows});
        largest = std::max(largest, size);
      } else {
        rest_.push_back({block.offset, block.offset + size, block.role == ParameterRole::weight});
      }
    }
    update_ = kernels::zeros<T>("linnet::nn::muon", largest);
    host_ = Kokkos::create_mirror_view(
        static_cast<const Kokkos::View<T*, kernels::MemorySpace>&>(update_));
  }

  void step(const Array& parameters, const Array& gradient, double learning_rate) override {
    moments_.check(parameters, gradient);
    ++this->steps_;
    for (const MatrixBlock& block : matrices_)
      turn(block, parameters.data(), gradient.data(), learning_rate);
    for (const ParameterSpan& span : rest_)
      moments_.step(options_, this->steps_, learning_rate, parameters, gradient, span);
  }
  void set_momentum(double momentum) override { options_.beta1 = options_.momentum = momentum; }
  [[nodiscard]] std::vector<std::pair<std::string, Array>> state() const override {
    return moments_.state();
  }

private:
  void turn(const MatrixBlock& block, T* parameters, const T* gradient, double learning_rate) {
    T* const momentum = moments_.first.data() + block.offset;
    kernels::scale_and_add(options_.momentum, momentum, 1.0, gradient + block.offset, block.size);
    const double norm = std::sqrt(kernels::sum_of_squares(momentum, block.size));
    // Without a direction the weights only decay.
    kernels::scale(update_.data(), norm == 0.0 ? 0.0 : 1.0 / norm, momentum, block.size);
    Kokkos::deep_copy(host_, update_);
    newton_schulz_.apply(host_.data(), block.rows, block.columns);
    Kokkos::deep_copy(update_, host_);
    const double longer = static_cast<double>(std::max(block.rows, block.columns));
    kernels::scale_and_add(1.0 - learning_rate * options_.weight_decay, parameters + block.offset,
                           -learning_rate * 0.2 * std::sqrt(longer),
                           static_cast<const T*>(update_.data()), block.size);
  }

  OptimiserOptions options_;
  AdamMoments<T> moments_;
  std::vector<MatrixBlock> matrices_;
  std::vector<ParameterSpan> rest_;
  Array update_; // of the largest matrix
  kernels::HostArray<T> host_;
  NewtonSchulz<T> newton_schulz_;
};

} // namespace

template <class T>
std::unique_ptr<Optimiser<T>> make_muon(const OptimiserOptions& options,
                                        const ParameterLayout& layout) {
  return std::make_unique<Muon<T>>(options, layout);
}

template std::unique_ptr<Optimiser<float>> make_muon(const OptimiserOptions&,
                                                     const ParameterLayout&);
template std::unique_ptr<Optimiser<double>> make_muon(const OptimiserOptions&,
                                                      const ParameterLayout&);

} // namespace linnet::nn
