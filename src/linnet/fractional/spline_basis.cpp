// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/fractional/spline_basis.hpp>

#include <linnet/core/error.hpp>

#include <algorithm>
#include <cmath>
#include <string>

namespace linnet::fractional {

double BernsteinPiece::operator()(double t) const {
  const double u = (t - begin) / (end - begin), v = (end - t) / (end - begin);
  auto b = coefficients;
  for (int r = degree; r > 0; --r)
    for (int i = 0; i < r; ++i)
      b[static_cast<std::size_t>(i)] =
          v * b[static_cast<std::size_t>(i)] + u * b[static_cast<std::size_t>(i + 1)];
  return b[0];
}

SplineBasis::SplineBasis(long spans, int degree) : spans_(spans), degree_(degree) {
  if (degree < least_degree || degree > most_degree)
    core::throw_usage("the degree of the splines must be between " + std::to_string(least_degree) +
                      " and " + std::to_string(most_degree) + ", got " + std::to_string(degree));
  if (spans < degree + 1)
    core::throw_usage("splines of degree " + std::to_string(degree) + " need at least " +
                      std::to_string(degree + 1) + " knot spans, got " + std::to_string(spans));
}

namespace {

/// The blossom of a spline of degree @p degree at the given arguments: control points c[0..degree]
/// belong to the span that begins with knot @p span; knot(i) is a knot. Inside of the span every
/// step is a convex combination.
template <class Knot>
double blossom(std::array<double, most_degree + 1> c, int degree, long span, const Knot& knot,
               const std::array<double, most_degree>& arguments) {
  for (int r = 1; r <= degree; ++r) {
    const double u = arguments[static_cast<std::size_t>(r - 1)];
    for (int i = degree; i >= r; --i) {
      const double low = knot(span - degree + i), high = knot(span + 1 + i - r);
      auto& here = c[static_cast<std::size_t>(i)];
      here = ((high - u) * c[static_cast<std::size_t>(i - 1)] + (u - low) * here) / (high - low);
    }
  }
  return c[static_cast<std::size_t>(degree)];
}

} // namespace

std::vector<BernsteinPiece> SplineBasis::pieces(long j, int derivative) const {
  const int p = degree_;
  const auto at = [this](long i) { return knot(i); };
  std::vector<BernsteinPiece> result;
  const long first = first_knot(j);
  for (long span = first; span <= first + p; ++span) {
    if (!(knot(span) < knot(span + 1))) continue;
    // Control points of this span, those of derivatives by differences.
    std::array<double, most_degree + 1> c{};
    c[static_cast<std::size_t>(first - (span - p))] = 1.0;
    int degree = p;
    for (int d = 0; d < derivative; ++d, --degree)
      for (int i = 0; i < degree; ++i) {
        const double width = knot(span + 1 + i) - knot(span + 1 + i - degree);
        c[static_cast<std::size_t>(i)] =
            degree * (c[static_cast<std::size_t>(i + 1)] - c[static_cast<std::size_t>(i)]) / width;
      }
    BernsteinPiece piece;
    piece.begin = knot(span), piece.end = knot(span + 1), piece.degree = degree;
    for (int k = 0; k <= degree; ++k) {
      std::array<double, most_degree> arguments{};
      std::fill_n(arguments.begin(), degree - k, piece.begin);
      std::fill_n(arguments.begin() + (degree - k), k, piece.end);
      piece.coefficients[static_cast<std::size_t>(k)] = blossom(c, degree, span, at, arguments);
    }
    result.push_back(piece);
  }
  return result;
}

// Cox and de Boor, with all values of one degree at a time.
SplineBasis::Values SplineBasis::values(double x) const {
  const auto cell = std::clamp<long>(static_cast<long>(std::floor(x)), 0, spans_ - 1);
  const long span = cell + degree_;
  Values v;
  v.count = degree_ + 1;
  v.first = span - degree_ - first_knot(0);
  v.value[0] = 1.0;
  for (int d = 1; d <= degree_; ++d) {
    double carried = 0.0;
    for (int i = 0; i < d; ++i) {
      const double low = knot(span + 1 + i - d), high = knot(span + 1 + i);
      const double share = v.value[static_cast<std::size_t>(i)] / (high - low);
      v.value[static_cast<std::size_t>(i)] = carried + (high - x) * share;
      carried = (x - low) * share;
    }
    v.value[static_cast<std::size_t>(d)] = carried;
  }
  if (v.first < 0) v.value[0] = 0.0;
  if (v.first + degree_ >= unknowns()) v.value[static_cast<std::size_t>(degree_)] = 0.0;
  return v;
}

} // namespace linnet::fractional
