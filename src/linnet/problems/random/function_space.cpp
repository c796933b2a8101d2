// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/problems/random/function_space.hpp>

#include <linnet/core/error.hpp>
#include <linnet/core/random.hpp>
#include <linnet/core/text.hpp>
#include <linnet/problems/random/cubic_spline.hpp>
#include <linnet/problems/random/kernel_factor.hpp>

#include <algorithm>
#include <cmath>

namespace linnet::problems {

namespace {

// Apart from the streams of other random data with the same seed.
constexpr std::uint64_t function_stream = std::uint64_t{13} << 56;
constexpr int points_per_unit = 1000;
// Of the variance, pointwise: what rounding leaves of the unit diagonal of the covariance.
constexpr double dropped_variance = 1e-14;
constexpr double longest_interval = 1000.0;
// Points times correlation lengths: some four numbers each are kept.
constexpr double largest_factor = 2e7;

int spline_points(double interval) {
  return std::max(4, static_cast<int>(std::lround(points_per_unit * interval)));
}

/// A function drawn at points.
class SplineSpace : public FunctionSpace {
public:
  explicit SplineSpace(const FunctionSpaceOptions& o)
      : FunctionSpace(o.interval), options_(o), spline_(pieces() + 1, o.interval),
        values_(static_cast<std::size_t>(pieces() + 1)) {}
  void draw(std::uint64_t sample) override {
    draw_values(core::RandomStream(options_.seed, function_stream + sample), values_);
    spline_.fit(values_);
  }
  [[nodiscard]] double value(double x) const override { return spline_.value(x); }
  [[nodiscard]] double integral(double x) const override { return spline_.integral(x); }
  [[nodiscard]] double second_integral(double x) const override {
    return spline_.second_integral(x);
  }

protected:
  virtual void draw_values(const core::RandomStream& random, std::vector<double>& values) = 0;
  [[nodiscard]] const FunctionSpaceOptions& options() const { return options_; }
  [[nodiscard]] std::string field_recipe(const std::string& covariance) const {
    return "Gaussian field on [0, " + core::number_text(interval()) + "], mean 0, covariance " +
           covariance + ", l = " + core::number_text(options_.correlation) +
           ", cubic spline through " + std::to_string(values_.size()) + " points; seed " +
           std::to_string(options_.seed);
  }

private:
  FunctionSpaceOptions options_;
  CubicSpline spline_;
  std::vector<double> values_;
};

class GaussianSpace final : public SplineSpace {
public:
  explicit GaussianSpace(const FunctionSpaceOptions& o) : SplineSpace(o) {
    const double lengths = o.interval / o.correlation, spacing = lengths / pieces();
    if (lengths * pieces() > largest_factor)
      core::throw_usage("function space: the correlation length " +
                        core::number_text(o.correlation) + " on an interval of " +
                        core::number_text(o.interval) +
                        " takes too much memory; raise it or take matern");
    const auto covariance = [spacing](int i, int j) {
      const double d = spacing * (i - j);
      return std::exp(-0.5 * d * d);
    };
    factor_ = kernel_factor(pieces() + 1, covariance, dropped_variance);
  }
  [[nodiscard]] std::string recipe() const override {
    return field_recipe("exp(-(a-b)^2/(2 l^2))");
  }

private:
  void draw_values(const core::RandomStream& random, std::vector<double>& values) override {
    std::fill(values.begin(), values.end(), 0.0);
    const std::size_t size = values.size(), rank = factor_.size() / size;
    for (std::size_t r = 0; r < rank; ++r) {
      const double weight = random.normal(r);
      const double* column = factor_.data() + r * size;
      for (std::size_t i = 0; i < size; ++i) values[i] += weight * column[i];
    }
  }
  std::vector<double> factor_;
};

/// Markov's property gives the values one after the other.
class MaternSpace final : public SplineSpace {
public:
  explicit MaternSpace(const FunctionSpaceOptions& o) : SplineSpace(o) {
    const double step = o.interval / pieces() / o.correlation;
    keep_ = std::exp(-step);
    noise_ = std::sqrt(-std::expm1(-2.0 * step));
  }
  [[nodiscard]] std::string recipe() const override { return field_recipe("exp(-|a-b|/l)"); }

private:
  void draw_values(const core::RandomStream& random, std::vector<double>& values) override {
    values[0] = random.normal(0);
    for (std::size_t i = 1; i < values.size(); ++i)
      values[i] = keep_ * values[i - 1] + noise_ * random.normal(i);
  }
  double keep_, noise_;
};

/// sum of a_k p_k(x/T); the integrals are series of the same kind.
class SeriesSpace : public FunctionSpace {
public:
  SeriesSpace(const FunctionSpaceOptions& o, int terms)
      : FunctionSpace(o.interval), options_(o), terms_(o.terms > 0 ? o.terms : terms) {
    for (auto& c : coefficients_) c.resize(static_cast<std::size_t>(terms_ + 2));
  }
  void draw(std::uint64_t sample) override {
    const core::RandomStream random(options_.seed, function_stream + sample);
    auto& [a, first, second] = coefficients_;
    for (std::size_t k = 0; k < static_cast<std::size_t>(terms_); ++k)
      a[k] = options_.bound * (2.0 * random.uniform(k) - 1.0);
    integrate(a, first);
    integrate(first, second);
  }
  [[nodiscard]] double value(double x) const override { return sum(coefficients_[0], x); }
  [[nodiscard]] double integral(double x) const override { return sum(coefficients_[1], x); }
  [[nodiscard]] double second_integral(double x) const override { return sum(coefficients_[2], x); }
  [[nodiscard]] std::string recipe() const override {
    return "sum of a_k " + term() + ", k < " + std::to_string(terms_) + ", on [0, " +
           core::number_text(interval()) + "], a_k uniform in +-" +
           core::number_text(options_.bound) + "; seed " + std::to_string(options_.seed);
  }

protected:
  using Series = std::vector<double>;
  [[nodiscard]] virtual std::string term() const = 0;
  [[nodiscard]] virtual double sum(const Series& a, double x) const = 0;
  /// @p b of the integral from 0 of the series @p a, whose last coefficient is 0.
  virtual void integrate(const Series& a, Series& b) const = 0;

private:
  FunctionSpaceOptions options_;
  int terms_;
  Series coefficients_[3]; ///< of the function and of its integrals
};

class ChebyshevSpace final : public SeriesSpace {
public:
  explicit ChebyshevSpace(const FunctionSpaceOptions& o) : SeriesSpace(o, 20) {}

private:
  [[nodiscard]] std::string term() const override { return "T_k(2x/T - 1)"; }
  /// Clenshaw's recurrence.
  [[nodiscard]] double sum(const Series& a, double x) const override {
    const double z = 2.0 * x / interval() - 1.0;
    double b = 0.0, before = 0.0;
    for (std::size_t k = a.size(); k-- > 1;) {
      const double next = a[k] + 2.0 * z * b - before;
      before = b;
      b = next;
    }
    return a[0] + z * b - before;
  }
  /// The integral of T_k is T_{k+1} / (2k+2) - T_{k-1} / (2k-2); of T_0 T_1, of T_1 T_2 / 4.
  void integrate(const Series& a, Series& b) const override {
    const double half = 0.5 * interval();
    b[0] = 0.0;
    for (std::size_t k = 1; k < b.size(); ++k) {
      const double above = k + 1 < a.size() ? a[k + 1] : 0.0;
      b[k] = half * ((k == 1 ? 2.0 : 1.0) * a[k - 1] - above) / (2.0 * static_cast<double>(k));
      b[0] -= k % 2 == 0 ? b[k] : -b[k];
    }
  }
};

class PowerSpace final : public SeriesSpace {
public:
  explicit PowerSpace(const FunctionSpaceOptions& o) : SeriesSpace(o, 100) {}

private:
  [[nodiscard]] std::string term() const override { return "(x/T)^k"; }
  [[nodiscard]] double sum(const Series& a, double x) const override {
    const double z = x / interval();
    double value = 0.0;
    for (std::size_t k = a.size(); k-- > 0;) value = a[k] + z * value;
    return value;
  }
  void integrate(const Series& a, Series& b) const override {
    b[0] = 0.0;
    for (std::size_t k = 1; k < b.size(); ++k)
      b[k] = interval() * a[k - 1] / static_cast<double>(k);
  }
};

void require(bool good, const std::string& name, const std::string& value, const char* allowed) {
  if (!good)
    core::throw_usage("function space: the " + name + " is " + value + "; it must be " + allowed);
}

} // namespace

FunctionSpace::FunctionSpace(double interval)
    : interval_(interval), pieces_(spline_points(interval) - 1) {}

void FunctionSpace::sample(int count, double* values) const {
  for (int i = 0; i < count; ++i) values[i] = value(interval_ * i / std::max(1, count - 1));
}

const std::vector<std::string>& function_spaces() {
  static const std::vector<std::string> names{"gaussian", "matern", "chebyshev", "power_series"};
  return names;
}

std::unique_ptr<FunctionSpace> make_function_space(const FunctionSpaceOptions& o) {
  const auto positive = [](double v) { return std::isfinite(v) && v > 0.0; };
  require(positive(o.interval) && o.interval <= longest_interval, "interval",
          core::number_text(o.interval), "positive and at most 1000");
  require(positive(o.correlation), "correlation length", core::number_text(o.correlation),
          "positive");
  require(positive(o.bound), "bound of coefficients", core::number_text(o.bound), "positive");
  require(o.terms >= 0 && o.terms <= 10000, "number of terms", std::to_string(o.terms),
          "from 1 to 10000, or 0 for the default");
  if (o.kind == "gaussian") return std::make_unique<GaussianSpace>(o);
  if (o.kind == "matern") return std::make_unique<MaternSpace>(o);
  if (o.kind == "chebyshev") return std::make_unique<ChebyshevSpace>(o);
  if (o.kind == "power_series") return std::make_unique<PowerSpace>(o);
  core::throw_usage("no function space is called " + o.kind + "; there are " +
                    core::joined(function_spaces()));
}

} // namespace linnet::problems
