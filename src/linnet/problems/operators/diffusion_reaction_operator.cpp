// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/problems/operators/diffusion_reaction_operator.hpp>

#include <linnet/core/error.hpp>
#include <linnet/core/text.hpp>
#include <linnet/linalg/grid_fft.hpp>

#include <algorithm>
#include <cmath>
#include <numbers>

namespace linnet::problems {

namespace {

constexpr double pi = std::numbers::pi;
constexpr int fewest_intervals = 250;
constexpr double longest_step = 0.0125;

int per_part(double needed, int parts) {
  return std::max(1, static_cast<int>(std::ceil(needed / parts - 1e-9)));
}

} // namespace

/// sum over 0 < k < n of b_k sin(k pi x) at the points i/n, 0 < i < n, by the Fourier transform of
/// the odd continuation, which is faster than FFTW's sine transform.
class DiffusionReactionOperator::SineSeries {
public:
  explicit SineSeries(int n) : n_(static_cast<std::size_t>(n)), fft_({2 * n, 1, 1}) {}
  [[nodiscard]] std::size_t size() const { return n_ - 1; }

  /// @p of(i), the value at the point i + 1 for 0 <= i < size(), to @p coefficients.
  template <class Of>
  void analyse(Of of, std::vector<double>& coefficients) {
    double* f = fft_.values();
    f[0] = f[n_] = 0.0;
    for (std::size_t i = 1; i < n_; ++i) {
      f[i] = of(i - 1);
      f[2 * n_ - i] = -f[i];
    }
    fft_.forward();
    const double scale = -1.0 / static_cast<double>(n_);
    for (std::size_t k = 1; k < n_; ++k) coefficients[k - 1] = scale * fft_.spectrum()[k].imag();
  }
  /// The values, of which the first is at the point 1.
  const double* sum(const std::vector<double>& coefficients) {
    auto* z = fft_.spectrum();
    z[0] = z[n_] = 0.0;
    for (std::size_t k = 1; k < n_; ++k) z[k] = {0.0, -0.5 * coefficients[k - 1]};
    fft_.backward();
    return fft_.values() + 1;
  }

private:
  std::size_t n_;
  linalg::GridFft fft_;
};

DiffusionReactionOperator::DiffusionReactionOperator(const FunctionSpaceOptions& space, int sensors,
                                                     int grid, double horizon, double diffusion,
                                                     double reaction, int refinement)
    : OperatorSampler(space.seed), space_(make_function_space(space)),
      sensors_(sensors), axes_{equispaced_axis("x", 0.0, 1.0, grid),
                               equispaced_axis("t", 0.0, horizon, grid)},
      diffusion_(diffusion), reaction_(reaction),
      stride_(refinement * per_part(fewest_intervals, grid - 1)),
      steps_(refinement * per_part(horizon / longest_step, grid - 1)),
      series_(std::make_unique<SineSeries>(stride_ * (grid - 1))) {
  if (!(diffusion > 0.0) || !std::isfinite(diffusion) || !std::isfinite(reaction))
    core::throw_usage("diffusion and reaction: the diffusion is " + core::number_text(diffusion) +
                      " and the reaction " + core::number_text(reaction) +
                      "; the first one must be positive, both must be finite");
  for (auto& axis : axes_) axis.anywhere = false;
  steady_.resize(series_->size());
  rest_ = modes_ = steady_;
  const double step = horizon / ((grid - 1) * steps_);
  for (std::size_t k = 1; k <= series_->size(); ++k)
    decay_.push_back(std::exp(-0.5 * step * diffusion_ * std::pow(pi * static_cast<double>(k), 2)));
  values_.resize(static_cast<std::size_t>(grid) * static_cast<std::size_t>(grid));
}

DiffusionReactionOperator::~DiffusionReactionOperator() = default;

/// Sets w and v = -w. What w has of second derivatives at the ends is the cubic polynomial p, whose
/// sine coefficients are known; those of the rest fall so fast that the points give them.
void DiffusionReactionOperator::start() {
  const double n = static_cast<double>(series_->size() + 1), all = space_->second_integral(1.0);
  const double left = -space_->value(0.0) / diffusion_, right = -space_->value(1.0) / diffusion_;
  for (std::size_t i = 0; i < steady_.size(); ++i) {
    const double x = static_cast<double>(i + 1) / n;
    const double p = left * x * (x * (0.5 - x / 6.0) - 1.0 / 3.0) + right * x * (x * x - 1.0) / 6.0;
    steady_[i] = (x * all - space_->second_integral(x)) / diffusion_;
    rest_[i] = p - steady_[i];
  }
  series_->analyse([this](std::size_t i) { return rest_[i]; }, modes_);
  for (std::size_t k = 1; k <= modes_.size(); ++k)
    modes_[k - 1] +=
        2.0 * (left - (k % 2 == 0 ? right : -right)) / std::pow(pi * static_cast<double>(k), 3);
}

void DiffusionReactionOperator::rate(const std::vector<double>& modes, std::vector<double>& rate) {
  const double* v = series_->sum(modes);
  for (std::size_t i = 0; i < rest_.size(); ++i) {
    const double s = v[i] + steady_[i];
    rest_[i] = reaction_ * s * s;
  }
  series_->analyse([this](std::size_t i) { return rest_[i]; }, rate);
}

bool DiffusionReactionOperator::store(std::size_t frame) {
  const double* v = series_->sum(modes_);
  const std::size_t grid = axes_[0].points.size(), stride = static_cast<std::size_t>(stride_);
  bool finite = true;
  for (std::size_t i = 1; i + 1 < grid; ++i) {
    const double value = v[i * stride - 1] + steady_[i * stride - 1];
    finite = finite && std::isfinite(value);
    values_[i + grid * frame] = value;
  }
  return finite;
}

bool DiffusionReactionOperator::draw(std::uint64_t number, std::span<double> input) {
  space_->draw(number);
  space_->sample(sensors_, input.data());
  start();
  const std::size_t grid = axes_[1].points.size();
  const double step = axes_[1].high / (static_cast<double>(grid - 1) * steps_);
  for (std::size_t frame = 1; frame < grid; ++frame) {
    for (int n = 0; n < steps_; ++n)
      stepper_.step(modes_, decay_, step, [this](const auto& m, auto& r) { rate(m, r); });
    if (!store(frame)) return false;
  }
  return true;
}

void DiffusionReactionOperator::evaluate(std::span<const double> points, std::span<double> values) {
  for (std::size_t p = 0; p < values.size(); ++p)
    values[p] = values_[point_index(axes_[0], points[2 * p]) +
                        axes_[0].points.size() * point_index(axes_[1], points[2 * p + 1])];
}

std::string DiffusionReactionOperator::recipe() const {
  return "s_t = D s_xx + k s^2 + u, s = 0 at t = 0 and at both ends, D = " +
         core::number_text(diffusion_) + ", k = " + core::number_text(reaction_) +
         ", 0 <= t <= " + core::number_text(axes_[1].high) + "; sine series of " +
         std::to_string(series_->size() + 1) + " intervals, Runge-Kutta 4 with exact diffusion, " +
         std::to_string(steps_ * static_cast<int>(axes_[1].points.size() - 1)) +
         " steps; u: " + space_->recipe();
}

} // namespace linnet::problems
