// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/nn/fields/error_norm.hpp>

#include <linnet/core/error.hpp>
#include <linnet/linalg/grid_fft.hpp>

#include <algorithm>
#include <vector>

namespace linnet::nn {

namespace {

constexpr int cut_wavenumber = 20;
constexpr double value_weight = 10.0; // of h1_difference

class Squares final : public ErrorNorm {
public:
  double square(std::span<const double> e, std::span<double> image) override {
    double sum = 0.0;
    for (const double v : e) sum += v * v;
    std::copy_n(e.begin(), image.size(), image.begin());
    return sum;
  }
};

/// Norms that are sums over channels.
class ByChannel : public ErrorNorm {
public:
  explicit ByChannel(const core::Index3& points)
      : size_(static_cast<std::size_t>(core::volume(points))) {}
  double square(std::span<const double> e, std::span<double> image) override {
    double sum = 0.0;
    for (std::size_t first = 0; first < e.size(); first += size_)
      sum += square_of_channel(e.data() + first, image.empty() ? nullptr : image.data() + first);
    return sum;
  }

private:
  virtual double square_of_channel(const double* e, double* image) = 0;
  std::size_t size_;
};

class Spectral final : public ByChannel {
public:
  explicit Spectral(const core::Index3& points) : ByChannel(points), fft_(points) {
    const core::Index3 n = fft_.spectrum_points();
    for (int k = 0; k < n[2]; ++k)
      for (int j = 0; j < n[1]; ++j)
        for (int i = 0; i < n[0]; ++i) {
          weights_.push_back(1.0 + wave_square(i, 0) + wave_square(j, 1) + wave_square(k, 2));
          // Wavenumbers that are left out of the half spectrum are conjugates of these.
          const bool stands_for_two = i > 0 && 2 * i != points[0];
          multiples_.push_back(stands_for_two ? 2.0 : 1.0);
        }
  }

private:
  [[nodiscard]] double wave_square(int number, std::size_t d) const {
    const int wave = std::min(number, fft_.points()[d] - number);
    return wave < cut_wavenumber ? static_cast<double>(wave) * wave : 0.0;
  }

  double square_of_channel(const double* e, double* image) override {
    const auto points = core::volume(fft_.points());
    const double scale = 1.0 / static_cast<double>(points); // of a unitary transform, squared
    std::copy_n(e, points, fft_.values());
    fft_.forward();
    double sum = 0.0;
    for (std::size_t k = 0; k < weights_.size(); ++k) {
      sum += multiples_[k] * weights_[k] * std::norm(fft_.spectrum()[k]);
      fft_.spectrum()[k] *= weights_[k] * scale;
    }
    if (image) {
      fft_.backward();
      std::copy_n(fft_.values(), points, image);
    }
    return sum * scale;
  }

  linalg::GridFft fft_;
  std::vector<double> weights_, multiples_;
};

/// Sums of squared differences along the directions of a grid.
class Differences final : public ByChannel {
public:
  Differences(const core::Index3& points, bool periodic, bool central, double weight)
      : ByChannel(points), points_(points), periodic_(periodic), central_(central),
        weight_(weight) {}

private:
  double square_of_channel(const double* e, double* image) override {
    const auto count = static_cast<std::size_t>(core::volume(points_));
    double sum = 0.0;
    for (std::size_t i = 0; i < count; ++i) {
      sum += weight_ * e[i] * e[i];
      if (image) image[i] = weight_ * e[i];
    }
    std::size_t stride = 1;
    for (std::size_t d = 0; d < 3; ++d) {
      const auto n = static_cast<std::size_t>(points_[d]);
      // Lines along d begin at the points of the planes across it.
      for (std::size_t first = 0; n > 1 && first < count; ++first)
        if (first / stride % n == 0)
          sum += central_ ? central_line(e, image, first, stride, n)
                          : edges_of_line(e, image, first, stride, n);
      stride *= n;
    }
    return sum;
  }

  /// (factor (e[b] - e[a]))^2, whose gradient is added to the image.
  static double pair(const double* e, double* image, std::size_t a, std::size_t b, double factor) {
    const double slope = factor * (e[b] - e[a]);
    if (image) {
      image[b] += factor * slope;
      image[a] -= factor * slope;
    }
    return slope * slope;
  }

  [[nodiscard]] double central_line(const double* e, double* image, std::size_t first,
                                    std::size_t stride, std::size_t n) const {
    const auto factor = static_cast<double>(n);
    double sum = 0.0;
    for (std::size_t i = 0; i < n; ++i) {
      const bool at_begin = i == 0 && !periodic_, at_end = i + 1 == n && !periodic_;
      const std::size_t a = at_begin ? i : (i + n - 1) % n, b = at_end ? i : (i + 1) % n;
      sum += pair(e, image, first + a * stride, first + b * stride,
                  at_begin || at_end ? factor : 0.5 * factor);
    }
    return sum;
  }

  [[nodiscard]] double edges_of_line(const double* e, double* image, std::size_t first,
                                     std::size_t stride, std::size_t n) const {
    double sum = 0.0;
    for (std::size_t i = 0; i + (periodic_ ? 0 : 1) < n; ++i)
      sum +=
          pair(e, image, first + i * stride, first + (i + 1) % n * stride, static_cast<double>(n));
    return sum;
  }

  core::Index3 points_;
  bool periodic_, central_;
  double weight_;
};

} // namespace

std::unique_ptr<ErrorNorm> make_error_norm(ErrorNormType type, const core::Index3& points,
                                           bool periodic) {
  switch (type) {
  case ErrorNormType::l2: break;
  case ErrorNormType::h1_spectral: return std::make_unique<Spectral>(points);
  case ErrorNormType::h1_difference:
    return std::make_unique<Differences>(points, periodic, true, value_weight);
  case ErrorNormType::h1_semi: return std::make_unique<Differences>(points, periodic, false, 0.0);
  }
  return std::make_unique<Squares>();
}

} // namespace linnet::nn
