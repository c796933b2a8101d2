// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include "discretisation.hpp"

#include "manufactured.hpp"

#include <linnet/core/agreement.hpp>
#include <linnet/core/text.hpp>
#include <linnet/fractional/spline_basis.hpp>
#include <linnet/io/vec_array.hpp>

#include <algorithm>
#include <cmath>

namespace app {

using namespace linnet::fractional;

namespace {

std::string point_text(const Real3& p, std::size_t dim) {
  std::string text = "(";
  for (std::size_t d = 0; d < dim; ++d)
    text += (d > 0 ? "," : "") + linnet::core::number_text(p[d]);
  return text + ")";
}

} // namespace

Discretisation::Discretisation(const AppContext& context, Problem problem)
    : context_(context), problem_(std::move(problem)) {
  Mat a = nullptr;
  LINNET_CHECK(MatCreate(context.comm(), &a));
  matrix_.reset(a);
  LINNET_CHECK(MatSetType(a, MATRIESZ));
  LINNET_CHECK(MatRieszSetOptions(a, problem_.operators));
  LINNET_CHECK(MatSetUp(a));
  tabulate();
  if (!problem_.factor) return;
  const Owned<Vec> d = make_vector();
  fill(
      [&](const Real3& x, double t) {
        const double value = (*problem_.factor)(x, t);
        return value > 0.0 ? value : NAN;
      },
      0.0, "-riesz_coefficient_factor: must be positive and finite; it is not", d.get());
  LINNET_CHECK(MatRieszSetCoefficientField(a, d.get()));
}

void Discretisation::tabulate() {
  std::size_t plane = 1;
  for (std::size_t d = 0; d < problem_.dim(); ++d) {
    const RieszAxis& axis = problem_.operators.axis[d];
    const SplineBasis basis(axis.spans, static_cast<int>(axis.degree));
    const double scale = axis.length / static_cast<double>(axis.spans);
    for (long i = 0; i < basis.unknowns(); ++i) points_[d].push_back(scale * basis.greville(i));
    if (d + 1 < problem_.dim()) plane *= points_[d].size();
  }
  if (!problem_.manufactured()) return;
  PetscInt begin = 0, end = 0;
  LINNET_CHECK(MatGetOwnershipRange(matrix_.get(), &begin, &end));
  for (std::size_t d = 0; d < problem_.dim(); ++d) {
    const RieszAxis& axis = problem_.operators.axis[d];
    bump_[d].resize(points_[d].size());
    image_[d].resize(points_[d].size());
    const bool last = d + 1 == problem_.dim(); // of which this rank needs its planes only
    const std::size_t first = last ? static_cast<std::size_t>(begin) / plane : 0;
    const std::size_t beyond = last ? static_cast<std::size_t>(end) / plane : points_[d].size();
    for (std::size_t i = first; i < beyond; ++i) {
      bump_[d][i] = bump(problem_.power, axis.length, points_[d][i]);
      image_[d][i] =
          axis.coefficient * riesz_of_bump(problem_.power, axis.alpha, axis.length, points_[d][i]);
    }
  }
}

PetscInt Discretisation::unknowns() const {
  PetscInt n = 0;
  LINNET_CHECK(MatGetSize(matrix_.get(), &n, nullptr));
  return n;
}

Owned<Vec> Discretisation::make_vector() const {
  Vec v = nullptr;
  LINNET_CHECK(MatCreateVecs(matrix_.get(), &v, nullptr));
  return Owned<Vec>(v);
}

// value(indices, point) for the rows of this rank.
template <class Value>
void Discretisation::fill_values(const Value& value, const char* what, Vec values) const {
  PetscInt begin = 0, end = 0;
  LINNET_CHECK(VecGetOwnershipRange(values, &begin, &end));
  const linnet::io::VecWriteArray to(values);
  linnet::core::together(context_.comm(), [&] {
    for (PetscInt row = begin; row < end; ++row) {
      std::array<std::size_t, 3> i{};
      Real3 x{};
      auto rest = static_cast<std::size_t>(row);
      for (std::size_t d = 0; d < problem_.dim(); ++d) {
        i[d] = rest % points_[d].size();
        rest /= points_[d].size();
        x[d] = points_[d][i[d]];
      }
      const double v = value(i, x);
      if (!std::isfinite(v))
        linnet::core::throw_data(std::string(what) + " at the collocation point " +
                                 point_text(x, problem_.dim()));
      to.data()[row - begin] = v;
    }
  });
}

void Discretisation::fill(const Function& f, double time, const char* what, Vec values) const {
  fill_values([&](const auto&, const Real3& x) { return f(x, time); }, what, values);
}

// Without D the operator of one direction times the bumps of the others; u_t = -u.
double Discretisation::manufactured_source(const std::array<std::size_t, 3>& i, double time) const {
  double bumps = 1.0, image = 0.0;
  for (std::size_t d = 0; d < problem_.dim(); ++d) {
    image = image * bump_[d][i[d]] + bumps * image_[d][i[d]];
    bumps *= bump_[d][i[d]];
  }
  if (problem_.factor) {
    Real3 x{};
    for (std::size_t d = 0; d < problem_.dim(); ++d) x[d] = points_[d][i[d]];
    image *= (*problem_.factor)(x, time);
  }
  const double linear = problem_.operators.reaction - (problem_.in_time ? 1.0 : 0.0);
  return (image + linear * bumps) * (problem_.in_time ? std::exp(-time) : 1.0);
}

void Discretisation::fill_source(double time, Vec values) const {
  const char* what = "-riesz_source: not finite";
  if (problem_.manufactured())
    fill_values([&](const auto& i, const Real3&) { return manufactured_source(i, time); }, what,
                values);
  else
    fill([&](const Real3& x, double t) { return (*problem_.source)(x, t); }, time, what, values);
}

namespace {

/// Uniform points, and next to both ends eight in each of the four outermost knot spans, where a
/// solution with a singular derivative is worst.
std::vector<double> error_points(const RieszAxis& axis, int intervals) {
  std::vector<double> points;
  for (int k = 0; k <= intervals; ++k)
    points.push_back(static_cast<double>(k) / intervals * axis.length);
  const double part = axis.length / static_cast<double>(axis.spans) / 8.0;
  for (int k = 1; k < 32; ++k)
    for (const double x : {k * part, axis.length - k * part}) points.push_back(x);
  return points;
}

} // namespace

Discretisation::Errors Discretisation::errors(Vec coefficients, double time) const {
  static constexpr std::array<int, 3> intervals{2000, 200, 50};
  const int n = intervals[problem_.dim() - 1];
  std::array<std::vector<double>, 3> points;
  long total = 1;
  for (std::size_t d = 0; d < problem_.dim(); ++d) {
    points[d] = error_points(problem_.operators.axis[d], n);
    total *= static_cast<long>(points[d].size());
  }
  const long begin = total * context_.rank() / context_.ranks();
  const long end = total * (context_.rank() + 1) / context_.ranks();
  std::vector<double> at, values(static_cast<std::size_t>(end - begin));
  std::vector<bool> uniform;
  for (long q = begin; q < end; ++q) {
    bool on_grid = true;
    auto rest = static_cast<std::size_t>(q);
    for (std::size_t d = 0; d < problem_.dim(); ++d) {
      const std::size_t k = rest % points[d].size();
      rest /= points[d].size();
      at.push_back(points[d][k]);
      on_grid = on_grid && k <= static_cast<std::size_t>(n);
    }
    uniform.push_back(on_grid);
  }
  LINNET_CHECK(MatRieszEvaluate(matrix_.get(), coefficients, static_cast<PetscInt>(end - begin),
                                at.data(), values.data()));
  double largest = 0.0, sums[2] = {}; // of squares over the uniform points, and their number
  linnet::core::together(context_.comm(), [&] {
    for (std::size_t q = 0; q < values.size(); ++q) {
      Real3 x{};
      std::copy_n(at.begin() + static_cast<std::ptrdiff_t>(q * problem_.dim()), problem_.dim(),
                  x.begin());
      const double error = values[q] - problem_.exact(x, time);
      if (!std::isfinite(error))
        linnet::core::throw_data("-riesz_exact: not finite at the point " +
                                 point_text(x, problem_.dim()));
      largest = std::max(largest, std::abs(error));
      if (uniform[q]) sums[0] += error * error;
      if (uniform[q]) sums[1] += 1.0;
    }
  });
  MPI_Allreduce(MPI_IN_PLACE, &largest, 1, MPI_DOUBLE, MPI_MAX, context_.comm());
  MPI_Allreduce(MPI_IN_PLACE, sums, 2, MPI_DOUBLE, MPI_SUM, context_.comm());
  return {largest, std::sqrt(sums[0] / sums[1])};
}

// u at two and at four knot spans from an end, in the middle of the other directions.
std::optional<Discretisation::End> Discretisation::rough_end(Vec coefficients) const {
  std::vector<double> at;
  const auto middle = [&](std::size_t d) { return 0.5 * problem_.operators.axis[d].length; };
  const auto add = [&](std::size_t direction, double x) {
    for (std::size_t d = 0; d < problem_.dim(); ++d) at.push_back(d == direction ? x : middle(d));
  };
  for (std::size_t d = 0; d < problem_.dim(); ++d) {
    const RieszAxis& axis = problem_.operators.axis[d];
    const double h = axis.length / static_cast<double>(axis.spans);
    add(d, middle(d));
    for (const double distance : {2.0 * h, 4.0 * h}) {
      add(d, distance);
      add(d, axis.length - distance);
    }
  }
  std::vector<double> u(at.size() / problem_.dim());
  LINNET_CHECK(MatRieszEvaluate(matrix_.get(), coefficients, static_cast<PetscInt>(u.size()),
                                at.data(), u.data()));
  std::optional<End> roughest;
  for (std::size_t d = 0; d < problem_.dim(); ++d) {
    const RieszAxis& axis = problem_.operators.axis[d];
    const double* v = u.data() + 5 * d;
    for (int end = 0; end < 2; ++end) {
      const double near = std::abs(v[1 + end]), far = std::abs(v[3 + end]);
      if (axis.spans < 12 || !(near > 1e-10 * std::abs(v[0])) || !(far > 0.0)) continue;
      const double power = std::log2(far / near);
      const bool rough = power < 0.5 * axis.alpha + 0.25;
      if (rough && (!roughest || power < roughest->power)) roughest = End{d, power};
    }
  }
  return roughest;
}

// That of a B-spline is the length of its support over degree + 1.
double Discretisation::integral(Vec coefficients) const {
  std::array<std::vector<double>, 3> weights;
  for (std::size_t d = 0; d < problem_.dim(); ++d) {
    const RieszAxis& axis = problem_.operators.axis[d];
    const SplineBasis basis(axis.spans, static_cast<int>(axis.degree));
    const double scale = axis.length / static_cast<double>(axis.spans) / (basis.degree() + 1);
    for (long j = 0; j < basis.unknowns(); ++j)
      weights[d].push_back(scale * (basis.knot(basis.first_knot(j) + basis.degree() + 1) -
                                    basis.knot(basis.first_knot(j))));
  }
  const Owned<Vec> w = make_vector();
  fill_values(
      [&](const auto& i, const Real3&) {
        double product = 1.0;
        for (std::size_t d = 0; d < problem_.dim(); ++d) product *= weights[d][i[d]];
        return product;
      },
      "a weight", w.get());
  PetscScalar sum = 0.0;
  LINNET_CHECK(VecDot(w.get(), coefficients, &sum));
  return sum;
}

} // namespace app
