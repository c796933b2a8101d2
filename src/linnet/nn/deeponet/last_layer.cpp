// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/nn/deeponet/last_layer.hpp>

#include <linnet/core/agreement.hpp>
#include <linnet/core/petsc.hpp>
#include <linnet/linalg/gemm.hpp>
#include <linnet/linalg/symmetric_eigen.hpp>
#include <linnet/nn/network/operation.hpp>

#include <petscblaslapack.h>

#include <algorithm>
#include <cmath>

namespace linnet::nn {

namespace {

using linalg::gemm;
using Matrix = std::vector<double>; // row-major

constexpr std::int64_t rows_at_once = 512;
// Normal equations are summed in so many parts, each by one rank.
constexpr std::int64_t parts = 16;

std::size_t size(std::int64_t rows, std::int64_t columns) {
  return static_cast<std::size_t>(rows * columns);
}

kernels::Array<double> in_double(const kernels::Array<float>& parameters) {
  const auto wide = kernels::zeros<double>("linnet::nn::last_layer", parameters.extent(0));
  std::copy_n(parameters.data(), parameters.extent(0), wide.data());
  return wide;
}

/// x of (A + ridge I) x = b; false where A + ridge I is not positive definite. A is overwritten.
bool solve(Matrix& a, double ridge, std::vector<double>& b) {
  const auto n = static_cast<PetscBLASInt>(b.size());
  for (std::size_t i = 0; i < b.size(); ++i) a[i * b.size() + i] += ridge;
  const PetscBLASInt one = 1;
  PetscBLASInt info = 0;
  LAPACKpotrf_("U", &n, a.data(), &n, &info);
  if (info == 0) LAPACKpotrs_("U", &n, &one, a.data(), &n, b.data(), &n, &info);
  return info == 0;
}

double trace_mean(const Matrix& a, std::size_t n) {
  double trace = 0.0;
  for (std::size_t i = 0; i < n; ++i) trace += a[i * n + i];
  return trace / static_cast<double>(n);
}

} // namespace

/// Rows of h with its 1, and of the trunk.
struct LastLayer::Features {
  Features(const LastLayer& layer, const kernels::Array<float>& given, int functions, int points)
      : parameters(in_double(given)), branch(layer.features_, functions, NetworkMode::inference),
        trunk(layer.parts_.trunk, points, NetworkMode::inference),
        h(size(functions, layer.width_ + 1)), t(size(points, layer.parts_.basis)) {
    if (layer.factor_) factor.emplace(*layer.factor_, functions, NetworkMode::inference);
  }
  kernels::Array<double> parameters;
  BatchNetwork<double> branch, trunk;
  std::optional<BatchNetwork<double>> factor;
  Matrix h, t;
};

LastLayer::LastLayer(const ResolvedGraph& graph, const OperatorData& data,
                     const Normalisation& normalisation)
    : data_(data), parts_(split_deeponet(graph, "network")),
      encoded_(encoded_sensors(data, normalisation.input)) {
  const ResolvedGraph& branch = parts_.branch;
  const auto node = [&](int i) -> const ResolvedNode& {
    return branch.nodes[static_cast<std::size_t>(i)];
  };
  const auto is = [](const ResolvedNode& n, const char* op) { return n.operation->name() == op; };
  int layer = branch.output;
  if (is(node(layer), "multiply")) {
    factor_ = ancestors(branch, node(layer).in[1]);
    layer = node(layer).in[0];
  }
  if (!is(node(layer), "dense") || (factor_ && factor_->nodes.back().signature.channels != 1))
    core::throw_usage("least squares need a branch whose last layer is dense; a stacked one has "
                      "several");
  weights_ = node(layer).parameters[0];
  if (node(layer).parameters.size() > 1) bias_ = node(layer).parameters[1];
  width_ = node(layer).in_signatures[0].channels;
  features_ = ancestors(branch, node(layer).in[0]);
  if (!data.shape.shares_points && unknowns() > most_least_squares_unknowns)
    core::throw_usage("least squares of triples have " + std::to_string(unknowns()) +
                      " unknowns here, at most " + std::to_string(most_least_squares_unknowns) +
                      " are possible; take fewer basis functions, or -train_points 0");
  by_point_ = normalisation.output.kind() == NormaliserKind::point;
  const int points = by_point_ ? data.shape.points : 1;
  scale_.assign(size(data.shape.outputs, points), 1.0);
  shift_.assign(scale_.size(), 0.0);
  normalisation.output.decode_adjoint(scale_, {{0, 0, 0}, {points, 1, 1}});
  normalisation.output.decode(shift_, {{0, 0, 0}, {points, 1, 1}});
}

double LastLayer::scale(int output, int point) const {
  return scale_[size(output, by_point_ ? data_.shape.points : 1) +
                static_cast<std::size_t>(by_point_ ? point : 0)];
}

/// What scale times the sum of C_jk h_j t_k has to be.
double LastLayer::target(std::int64_t sample, int output, int point,
                         const kernels::Array<float>& parameters) const {
  const OperatorShape& s = data_.shape;
  const double bias =
      parts_.bias
          ? static_cast<double>(parameters.data()[*parts_.bias + static_cast<std::size_t>(output)])
          : 0.0;
  const std::size_t at =
      size(output, by_point_ ? s.points : 1) + static_cast<std::size_t>(by_point_ ? point : 0);
  return static_cast<double>(data_.values[size(sample * s.outputs + output, s.points) +
                                          static_cast<std::size_t>(point)]) -
         shift_[at] - scale_[at] * bias;
}

void LastLayer::features(Features& f, std::int64_t first, std::int64_t count) const {
  const std::vector<double> rows(
      encoded_.begin() + static_cast<std::ptrdiff_t>(size(first, parts_.sensors)),
      encoded_.begin() + static_cast<std::ptrdiff_t>(size(first + count, parts_.sensors)));
  const auto run = [&](BatchNetwork<double>& network) {
    gather_members(
        rows.data(), [](int i) { return std::int64_t{i}; }, static_cast<int>(count),
        network.network().input());
    network.network().forward(f.parameters);
  };
  run(f.branch);
  if (f.factor) run(*f.factor);
  for (std::int64_t i = 0; i < count; ++i) {
    const double factor = f.factor ? f.factor->network().output().origin()[i] : 1.0;
    double* const h = f.h.data() + size(i, width_ + 1);
    for (int j = 0; j < width_; ++j) h[j] = factor * f.branch.network().output().origin(j)[i];
    h[width_] = bias_ ? factor : 0.0;
  }
}

void LastLayer::trunk(Features& f, std::int64_t first_point, std::int64_t count) const {
  const std::vector<double> rows(
      data_.coordinates.begin() +
          static_cast<std::ptrdiff_t>(size(first_point, parts_.coordinates)),
      data_.coordinates.begin() +
          static_cast<std::ptrdiff_t>(size(first_point + count, parts_.coordinates)));
  gather_members(
      rows.data(), [](int i) { return std::int64_t{i}; }, static_cast<int>(count),
      f.trunk.network().input());
  f.trunk.network().forward(f.parameters);
  for (std::int64_t q = 0; q < count; ++q)
    for (int k = 0; k < parts_.basis; ++k)
      f.t[size(q, parts_.basis) + static_cast<std::size_t>(k)] =
          f.trunk.network().output().origin(k)[q];
}

std::vector<double> LastLayer::fit_triples(MPI_Comm comm, std::int64_t samples, int output,
                                           double ridge, const kernels::Array<float>& parameters,
                                           double& left) {
  const int points = data_.shape.points, n = unknowns(), basis = parts_.basis;
  const std::int64_t functions = std::max<std::int64_t>(1, rows_at_once / points),
                     rows = functions * points;
  Features f(*this, parameters, static_cast<int>(functions), static_cast<int>(rows));
  Matrix sum(size(n, n)), a(size(rows, n));
  std::vector<double> right(static_cast<std::size_t>(n)), y(static_cast<std::size_t>(rows));
  double squares = 0.0;
  const auto add_tile = [&](std::int64_t first, std::int64_t count, Matrix& gram,
                            std::vector<double>& of_y, double& of_squares) {
    features(f, first, count);
    trunk(f, first * points, count * points);
    std::size_t place = 0;
    for (std::int64_t r = 0; r < count * points; ++r) {
      const double factor = scale(output, 0);
      const double* const h = f.h.data() + size(r / points, width_ + 1);
      const double* const t = f.t.data() + size(r, basis);
      for (int j = 0; j <= width_; ++j)
        for (int k = 0; k < basis; ++k) a[place++] = factor * h[j] * t[k];
      const double value =
          target(first + r / points, output, static_cast<int>(r % points), parameters);
      y[static_cast<std::size_t>(r)] = value;
      of_squares += value * value;
    }
    // By columns, the rows of a are its columns.
    gemm('N', 'T', n, n, count * points, 1.0, a.data(), n, a.data(), n, 1.0, gram.data(), n);
    gemm('N', 'N', n, 1, count * points, 1.0, a.data(), n, y.data(), count * points, 1.0,
         of_y.data(), n);
  };
  int rank = 0, ranks = 1;
  MPI_Comm_rank(comm, &rank);
  MPI_Comm_size(comm, &ranks);
  for (std::int64_t round = 0; round < parts; round += ranks) {
    Matrix gram(size(n, n));
    std::vector<double> of_y(static_cast<std::size_t>(n) + 1);
    const std::int64_t part = round + rank;
    if (part < parts) {
      const std::int64_t end = samples * (part + 1) / parts;
      for (std::int64_t s = samples * part / parts; s < end; s += functions)
        add_tile(s, std::min(functions, end - s), gram, of_y, of_y.back());
    }
    // Part by part, so that the order of the sum is that of the parts.
    for (std::int64_t p = round; p < std::min(parts, round + ranks); ++p) {
      Matrix theirs = gram;
      std::vector<double> their_y = of_y;
      MPI_Bcast(theirs.data(), static_cast<int>(theirs.size()), MPI_DOUBLE,
                static_cast<int>(p - round), comm);
      MPI_Bcast(their_y.data(), static_cast<int>(their_y.size()), MPI_DOUBLE,
                static_cast<int>(p - round), comm);
      for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += theirs[i];
      for (std::size_t i = 0; i < right.size(); ++i) right[i] += their_y[i];
      squares += their_y.back();
    }
  }
  const double lambda = ridge * trace_mean(sum, static_cast<std::size_t>(n));
  if (!bias_) // columns of zeros
    for (std::size_t i = size(width_, basis); i < size(n, 1); ++i) sum[i * size(n, 1) + i] = 1.0;
  const Matrix gram = sum;
  std::vector<double> x = right;
  if (!solve(sum, lambda, x))
    throw core::Error(core::ExitCode::not_converged,
                      "least squares: the normal equations are singular in double precision; take "
                      "a larger ridge");
  // |A x - y|^2 = |y|^2 - 2 x.b + x.G x
  double product = 0.0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    double gx = 0.0;
    for (std::size_t j = 0; j < x.size(); ++j) gx += gram[i * x.size() + j] * x[j];
    product += x[i] * (gx - 2.0 * right[i]);
  }
  left += std::max(0.0, squares + product);
  return x;
}

std::vector<double> LastLayer::fit_cartesian(std::int64_t samples, int output, double ridge,
                                             const kernels::Array<float>& parameters,
                                             double& left) {
  const int points = data_.shape.points, basis = parts_.basis, width = width_ + 1;
  const std::int64_t at_once = std::min(samples, rows_at_once);
  Features f(*this, parameters, static_cast<int>(at_once), points);
  Matrix h(size(samples, width));
  for (std::int64_t s = 0; s < samples; s += at_once) {
    const std::int64_t count = std::min(at_once, samples - s);
    features(f, s, count);
    std::copy_n(f.h.data(), size(count, width), h.data() + size(s, width));
  }
  trunk(f, 0, points);
  for (int q = 0; q < points; ++q)
    for (int k = 0; k < basis; ++k)
      f.t[size(q, basis) + static_cast<std::size_t>(k)] *= scale(output, q);
  Matrix y(size(samples, points)), hth(size(width, width)), ttt(size(basis, basis)),
      yt(size(samples, basis)), right(size(width, basis));
  double squares = 0.0;
  for (std::int64_t s = 0; s < samples; ++s)
    for (int q = 0; q < points; ++q) {
      double& value = y[size(s, points) + static_cast<std::size_t>(q)];
      value = target(s, output, q, parameters);
      squares += value * value;
    }
  // Row-major matrices are the transposed ones by columns.
  gemm('N', 'T', width, width, samples, 1.0, h.data(), width, h.data(), width, 0.0, hth.data(),
       width);
  gemm('N', 'T', basis, basis, points, 1.0, f.t.data(), basis, f.t.data(), basis, 0.0, ttt.data(),
       basis);
  gemm('N', 'N', basis, samples, points, 1.0, f.t.data(), basis, y.data(), points, 0.0, yt.data(),
       basis);
  gemm('N', 'T', basis, width, samples, 1.0, yt.data(), basis, h.data(), width, 0.0, right.data(),
       basis);
  const double lambda = ridge * trace_mean(hth, static_cast<std::size_t>(width)) *
                        trace_mean(ttt, static_cast<std::size_t>(basis));
  const linalg::SymmetricEigen eh = linalg::symmetric_eigen(PETSC_COMM_SELF, width, hth),
                               et = linalg::symmetric_eigen(PETSC_COMM_SELF, basis, ttt);
  const double least = 1e-16 * eh.values[0] * et.values[0];
  // C = U [(U^T R V) / (d_i e_j + lambda)] V^T, with R, C row-major (width, basis).
  Matrix part(size(width, basis)), c(size(width, basis));
  gemm('N', 'N', basis, width, width, 1.0, right.data(), basis, eh.vectors.data(), width, 0.0,
       part.data(), basis);
  gemm('T', 'N', basis, width, basis, 1.0, et.vectors.data(), basis, part.data(), basis, 0.0,
       c.data(), basis);
  for (int i = 0; i < width; ++i)
    for (int j = 0; j < basis; ++j) {
      const double d =
          eh.values[static_cast<std::size_t>(i)] * et.values[static_cast<std::size_t>(j)];
      double& value = c[size(i, basis) + static_cast<std::size_t>(j)];
      // Directions that the data do not have, a constant without a bias among them.
      const double divisor = d + lambda, b = value;
      value = divisor > least ? b / divisor : 0.0;
      squares += value * (d * value - 2.0 * b);
    }
  gemm('N', 'N', basis, width, basis, 1.0, et.vectors.data(), basis, c.data(), basis, 0.0,
       part.data(), basis);
  gemm('N', 'T', basis, width, width, 1.0, part.data(), basis, eh.vectors.data(), width, 0.0,
       c.data(), basis);
  left += std::max(0.0, squares);
  return c;
}

void LastLayer::store(int output, const std::vector<double>& solution,
                      const kernels::Array<float>& parameters) const {
  for (int k = 0; k < parts_.basis; ++k) {
    const std::int64_t row = std::int64_t{output} * parts_.basis + k;
    for (int j = 0; j <= width_; ++j) {
      const auto value =
          static_cast<float>(solution[size(j, parts_.basis) + static_cast<std::size_t>(k)]);
      if (j < width_)
        parameters.data()[weights_ + size(row, width_) + static_cast<std::size_t>(j)] = value;
      else if (bias_)
        parameters.data()[*bias_ + static_cast<std::size_t>(row)] = value;
    }
  }
}

double LastLayer::fit(MPI_Comm comm, std::int64_t samples, double ridge,
                      const kernels::Array<float>& parameters) {
  double left = 0.0;
  std::vector<std::vector<double>> solutions;
  for (int o = 0; o < data_.shape.outputs; ++o)
    solutions.push_back(data_.shape.shares_points
                            ? fit_cartesian(samples, o, ridge, parameters, left)
                            : fit_triples(comm, samples, o, ridge, parameters, left));
  for (int o = 0; o < data_.shape.outputs; ++o)
    store(o, solutions[static_cast<std::size_t>(o)], parameters);
  return left / static_cast<double>(samples * data_.shape.outputs * data_.shape.points);
}

} // namespace linnet::nn
