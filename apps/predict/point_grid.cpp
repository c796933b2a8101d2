// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include "point_grid.hpp"

#include <linnet/core/agreement.hpp>
#include <linnet/io/numeric_array.hpp>
#include <linnet/linalg/tabulated_basis.hpp>

#include <cmath>

namespace app {

using linnet::core::AppContext;
using linnet::problems::SharedPoints;

namespace {

constexpr std::int64_t most_coordinates = 16;
// Coordinates of files may have come through single precision.
constexpr double slack = 1e-5;

SharedPoints read_points(const std::string& path, const std::string& dataset) {
  const linnet::io::NumericArray array(path, dataset);
  const linnet::io::Shape& shape = array.shape();
  if (shape.size() > 2 || (shape.size() == 2 && shape[1] > most_coordinates))
    linnet::core::throw_data(array.name() + ": has the shape " + linnet::io::to_string(shape) +
                             "; (points) or (points, coordinates) is taken, with at most " +
                             std::to_string(most_coordinates) + " coordinates");
  const auto count = static_cast<std::size_t>(shape[0]),
             d = static_cast<std::size_t>(shape.size() == 2 ? shape[1] : 1);
  std::vector<double> raw(count * d);
  array.read({linnet::io::Shape(shape.size(), 0), shape}, raw.data());
  SharedPoints points{static_cast<int>(d), raw};
  if (array.is_matlab() && d > 1) // coordinates lie behind each other there
    for (std::size_t p = 0; p < count; ++p)
      for (std::size_t c = 0; c < d; ++c) points.values[p * d + c] = raw[c * count + p];
  return points;
}

} // namespace

SharedPoints given_points(const AppContext& context) {
  const char* const option = "-predict_points";
  const std::string text = context.options().string(option);
  if (text.empty()) return {};
  const auto colon = text.rfind(':');
  if (colon == std::string::npos || colon == 0 || colon + 1 == text.size())
    context.options().fail(option, "must be like FILE.h5:/DATASET, got " + text);
  const std::string path = context.find_file(option, text.substr(0, colon));
  SharedPoints points;
  linnet::core::together(context.comm(),
                         [&] { points = read_points(path, text.substr(colon + 1)); });
  return points;
}

SharedPoints tabulated_points(const linnet::nn::Model& model, const std::string& where) {
  if (model.basis.empty()) return {};
  const linnet::linalg::TabulatedBasis basis = linnet::linalg::basis_of(model.basis, where);
  SharedPoints points{basis.dimension, {}};
  for (std::int64_t p = 0; p < basis.points(); ++p) {
    std::int64_t rest = p;
    for (int d = 0; d < basis.dimension; ++d) {
      const auto& axis = basis.axes[static_cast<std::size_t>(d)];
      const auto n = static_cast<std::int64_t>(axis.size());
      points.values.push_back(axis[static_cast<std::size_t>(rest % n)]);
      rest /= n;
    }
  }
  return points;
}

std::optional<linnet::io::UniformGrid> uniform_grid(const SharedPoints& points) {
  const auto d = static_cast<std::size_t>(points.coordinates);
  if (d < 1 || d > 3) return std::nullopt;
  const std::size_t count = points.values.size() / d;
  linnet::io::UniformGrid grid;
  grid.dim = points.coordinates;
  // A direction is as long as its coordinate grows in steps of the points below it.
  std::size_t pitch = 1;
  for (std::size_t c = 0; c < d; ++c) {
    std::size_t n = 1;
    while ((n + 1) * pitch <= count &&
           points.values[n * pitch * d + c] > points.values[(n - 1) * pitch * d + c])
      ++n;
    if (n < 2) return std::nullopt;
    grid.cells[c] = static_cast<int>(n) - 1;
    grid.origin[c] = points.values[c];
    grid.spacing[c] =
        (points.values[(n - 1) * pitch * d + c] - grid.origin[c]) / static_cast<double>(n - 1);
    pitch *= n;
  }
  if (pitch != count) return std::nullopt;
  const linnet::core::Index3 n = grid.points();
  for (std::size_t p = 0; p < count; ++p) {
    std::size_t rest = p;
    for (std::size_t c = 0; c < d; ++c) {
      const auto along = static_cast<std::size_t>(n[c]);
      const double wanted = grid.origin[c] + grid.spacing[c] * static_cast<double>(rest % along);
      if (std::abs(points.values[p * d + c] - wanted) > slack * grid.spacing[c])
        return std::nullopt;
      rest /= along;
    }
  }
  return grid;
}

} // namespace app
