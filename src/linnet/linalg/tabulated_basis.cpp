// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/linalg/tabulated_basis.hpp>

#include <linnet/core/error.hpp>
#include <linnet/io/model_kind.hpp>

#include <algorithm>
#include <cmath>

namespace linnet::linalg {

using io::ModelArray;
using io::Shape;

namespace {

using Arrays = std::map<std::string, ModelArray>;

const ModelArray* find(const Arrays& arrays, const char* name, std::size_t directions,
                       const std::string& where) {
  const auto found = arrays.find(name);
  if (found == arrays.end()) return nullptr;
  if (found->second.shape.size() != directions)
    core::throw_data(where + ": /basis/" + name + ": has the shape " +
                     io::to_string(found->second.shape) + "; " + std::to_string(directions) +
                     (directions == 1 ? " direction is" : " directions are") + " expected");
  return &found->second;
}

const ModelArray& need(const Arrays& arrays, const char* name, const std::string& where) {
  const ModelArray* array = find(arrays, name, 2, where);
  if (!array)
    core::throw_data(where + ": holds no /basis/" + name +
                     "; train a basis (-train_network basis), or name another file");
  return *array;
}

/// Low and high ends, or flags, of every direction.
const ModelArray* find_ends(const Arrays& arrays, const char* name, int dimension,
                            const std::string& where) {
  const ModelArray* ends = find(arrays, name, 2, where);
  const Shape shape{dimension, 2};
  if (ends && ends->shape != shape)
    core::throw_data(where + ": /basis/" + name + ": has the shape " + io::to_string(ends->shape) +
                     "; the points imply " + io::to_string(shape));
  return ends;
}

std::int64_t grid_points(const TabulatedBasis& basis) {
  std::int64_t count = 1;
  for (int d = 0; d < basis.dimension; ++d)
    count *= static_cast<std::int64_t>(basis.axes[static_cast<std::size_t>(d)].size());
  return count;
}

/// Finds the axes of the @p n points and checks that these are their product, x fastest.
void take_axes(const ModelArray& points, TabulatedBasis& basis, const std::string& where) {
  const auto n = static_cast<std::size_t>(points.shape[0]);
  const auto dimension = static_cast<std::size_t>(basis.dimension);
  const auto at = [&](std::size_t i, std::size_t d) { return points.values[i * dimension + d]; };
  std::size_t stride = 1;
  for (std::size_t d = 0; d < dimension; ++d) {
    auto& axis = basis.axes[d];
    for (std::size_t i = 0; i < n && (axis.empty() || at(i, d) > axis.back()); i += stride)
      axis.push_back(at(i, d));
    stride *= axis.size();
  }
  bool fits = stride == n;
  for (std::size_t i = 0; i < n && fits; ++i) {
    std::size_t rest = i;
    for (std::size_t d = 0; d < dimension; ++d) {
      fits = fits && at(i, d) == basis.axes[d][rest % basis.axes[d].size()];
      rest /= basis.axes[d].size();
    }
  }
  if (!fits)
    core::throw_data(where + ": /basis/points: are no tensor-product grid with x fastest and "
                             "ascending coordinates; tabulate the basis on one");
}

void take_box(const Arrays& arrays, TabulatedBasis& basis, const std::string& where) {
  const ModelArray* domain = find_ends(arrays, "domain", basis.dimension, where);
  const ModelArray* zero = find_ends(arrays, "zero", basis.dimension, where);
  for (std::size_t d = 0; d < static_cast<std::size_t>(basis.dimension); ++d) {
    if (domain) basis.low[d] = domain->values[2 * d], basis.high[d] = domain->values[2 * d + 1];
    if (zero) basis.zero[d] = {zero->values[2 * d] != 0.0, zero->values[2 * d + 1] != 0.0};
    // Coordinates may carry the rounding of single precision.
    const double slack = 1e-6 * std::abs(basis.high[d] - basis.low[d]);
    if (!(basis.low[d] < basis.high[d]) || basis.axes[d].front() < basis.low[d] - slack ||
        basis.axes[d].back() > basis.high[d] + slack)
      core::throw_data(where + ": /basis/points: lie outside of the box, in direction " +
                       std::string(1, "xyz"[d]) + "; give the right /basis/domain");
  }
}

/// Interval of one direction: its lower point, and the weights of both; a negative place is none.
struct Interval {
  std::array<std::int64_t, 2> place{-1, -1};
  std::array<double, 2> weight{0.0, 0.0};
};

Interval interval(const TabulatedBasis& basis, std::size_t d, double relative) {
  const auto& axis = basis.axes[d];
  const double x = basis.low[d] + relative * (basis.high[d] - basis.low[d]);
  const auto next = std::lower_bound(axis.begin(), axis.end(), x);
  const auto place = static_cast<std::int64_t>(next - axis.begin());
  const auto last = static_cast<std::int64_t>(axis.size()) - 1;
  // The part of a way that is left to an end where the functions vanish.
  const auto left = [](double way, double all) {
    return all > 0.0 ? std::max(0.0, way / all) : 1.0;
  };
  if (place == 0)
    return {{0, -1},
            {basis.zero[d][0] ? left(x - basis.low[d], axis.front() - basis.low[d]) : 1.0, 0.0}};
  if (place > last)
    return {{last, -1},
            {basis.zero[d][1] ? left(basis.high[d] - x, basis.high[d] - axis.back()) : 1.0, 0.0}};
  const double t = (x - *(next - 1)) / (*next - *(next - 1));
  return {{place - 1, place}, {1.0 - t, t}};
}

} // namespace

std::int64_t TabulatedBasis::points() const { return grid_points(*this); }

std::int64_t TabulatedBasis::size() const {
  const std::int64_t n = points();
  return n > 0 ? static_cast<std::int64_t>(values.size()) / n : 0;
}

std::map<std::string, ModelArray> arrays_of(const TabulatedBasis& basis) {
  const auto dimension = static_cast<std::size_t>(basis.dimension);
  const std::int64_t n = basis.points();
  std::map<std::string, ModelArray> arrays;
  arrays["phi"] = {{basis.size(), n}, basis.values, "basis"};
  ModelArray points{{n, basis.dimension}, {}, "points"};
  for (std::int64_t i = 0; i < n; ++i) {
    auto rest = static_cast<std::size_t>(i);
    for (std::size_t d = 0; d < dimension; ++d) {
      points.values.push_back(basis.axes[d][rest % basis.axes[d].size()]);
      rest /= basis.axes[d].size();
    }
  }
  arrays["points"] = std::move(points);
  ModelArray domain{{basis.dimension, 2}, {}, "domain"}, zero{{basis.dimension, 2}, {}, "zero"};
  for (std::size_t d = 0; d < dimension; ++d) {
    domain.values.insert(domain.values.end(), {basis.low[d], basis.high[d]});
    zero.values.insert(zero.values.end(),
                       {basis.zero[d][0] ? 1.0 : 0.0, basis.zero[d][1] ? 1.0 : 0.0});
  }
  arrays["domain"] = std::move(domain);
  arrays["zero"] = std::move(zero);
  if (!basis.eigenvalues.empty())
    arrays["eigenvalues"] = {
        {static_cast<std::int64_t>(basis.eigenvalues.size())}, basis.eigenvalues, "eigenvalues"};
  return arrays;
}

TabulatedBasis basis_of(const Arrays& arrays, const std::string& where) {
  const ModelArray &phi = need(arrays, "phi", where), &points = need(arrays, "points", where);
  TabulatedBasis basis;
  if (points.shape[1] > 3)
    core::throw_data(where + ": /basis/points: has " + std::to_string(points.shape[1]) +
                     " coordinates; at most 3 are allowed");
  basis.dimension = static_cast<int>(points.shape[1]);
  if (phi.shape[1] != points.shape[0])
    core::throw_data(where + ": /basis/phi: has the shape " + io::to_string(phi.shape) +
                     "; the points imply (p," + std::to_string(points.shape[0]) + ")");
  take_axes(points, basis, where);
  take_box(arrays, basis, where);
  basis.values = phi.values;
  if (const ModelArray* eigenvalues = find(arrays, "eigenvalues", 1, where))
    basis.eigenvalues = eigenvalues->values;
  return basis;
}

TabulatedBasis read_basis(MPI_Comm comm, const std::string& path, std::int64_t byte_limit) {
  // Every rank gets the same arrays, and finds the same faults in them.
  const io::ModelFile file = io::read_model(comm, path, nullptr, byte_limit);
  if (file.basis.empty()) io::refuse_kind(path, file.graph, "functions in /basis are needed here");
  return basis_of(file.basis, path);
}

Interpolation interpolate(const TabulatedBasis& basis, const core::Real3& relative) {
  Interpolation result;
  result.count = 1;
  result.weight[0] = 1.0;
  std::int64_t stride = 1;
  for (std::size_t d = 0; d < static_cast<std::size_t>(basis.dimension); ++d) {
    const Interval in = interval(basis, d, relative[d]);
    const int sides = in.place[1] < 0 ? 1 : 2;
    const int before = result.count;
    for (int side = sides - 1; side >= 0; --side) // side 0 last: it overwrites
      for (int c = 0; c < before; ++c) {
        const auto from = static_cast<std::size_t>(c),
                   to = static_cast<std::size_t>(c + side * before),
                   s = static_cast<std::size_t>(side);
        result.place[to] = result.place[from] + stride * in.place[s];
        result.weight[to] = result.weight[from] * in.weight[s];
      }
    result.count = before * sides;
    stride *= static_cast<std::int64_t>(basis.axes[d].size());
  }
  return result;
}

} // namespace linnet::linalg
