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

/// The sum of what @p add gives for each of the parts, in the order of their numbers whatever the
/// number of ranks: the part with number p is made by one rank, in @p size numbers that are zero
/// before. Collective.
template <class Add>
std::vector<double> sum_of_parts(MPI_Comm comm, std::size_t size, const Add& add) {
  int rank = 0, ranks = 1;
  MPI_Comm_rank(comm, &rank);
  MPI_Comm_size(comm, &ranks);
  std::vector<double> sum(size), mine(size), theirs(ranks > 1 ? size : 0);
  for (std::int64_t round = 0; round < parts; round += ranks) {
    std::fill(mine.begin(), mine.end(), 0.0);
    if (round + rank < parts) add(round + rank, mine.data());
    for (std::int64_t p = round; p < std::min(parts, round + ranks); ++p) {
      const int owner = static_cast<int>(p - round);
      double* const part = owner == rank ? mine.data() : theirs.data();
      MPI_Bcast(part, static_cast<int>(size), MPI_DOUBLE, owner, comm);
      for (std::size_t i = 0; i < size; ++i) sum[i] += part[i];
    }
  }
  return sum;
}

/// Gives @p b the x of (A + ridge I) x = b, with @p n unknowns; false where A + ridge I is not
/// positive definite. A is overwritten.
bool solve(int n, double* a, double ridge, double* b) {
  const PetscBLASInt unknowns = n, one = 1;
  for (int i = 0; i < n; ++i) a[size(i, n) + static_cast<std::size_t>(i)] += ridge;
  PetscBLASInt info = 0;
  LAPACKpotrf_("U", &unknowns, a, &unknowns, &info);
  if (info == 0) LAPACKpotrs_("U", &unknowns, &one, a, &unknowns, b, &unknowns, &info);
  return info == 0;
}

double trace_mean(const double* a, std::size_t n) {
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

template <class Tile>
void LastLayer::for_tiles(std::int64_t part, std::int64_t samples, std::int64_t at_once,
                          const Tile& tile) {
  const std::int64_t end = samples * (part + 1) / parts;
  for (std::int64_t s = samples * part / parts; s < end; s += at_once)
    tile(s, std::min(at_once, end - s));
}

std::vector<double> LastLayer::fit_triples(MPI_Comm comm, std::int64_t samples, int output,
                                           double ridge, const kernels::Array<float>& parameters) {
  const int points = data_.shape.points, n = unknowns(), basis = parts_.basis;
  const std::int64_t functions = std::max<std::int64_t>(1, rows_at_once / points),
                     rows = functions * points;
  Features f(*this, parameters, static_cast<int>(functions), static_cast<int>(rows));
  Matrix a(size(rows, n)), y(size(rows, 1));
  const double factor = scale(output, 0);
  // The normal matrix, and the right-hand side behind it.
  std::vector<double> sum =
      sum_of_parts(comm, size(n, n + 1), [&](std::int64_t part, double* normal) {
        for_tiles(part, samples, functions, [&](std::int64_t first, std::int64_t count) {
          features(f, first, count);
          trunk(f, first * points, count * points);
          std::size_t place = 0;
          for (std::int64_t r = 0; r < count * points; ++r) {
            const double* const h = f.h.data() + size(r / points, width_ + 1);
            const double* const t = f.t.data() + size(r, basis);
            for (int j = 0; j <= width_; ++j)
              for (int k = 0; k < basis; ++k) a[place++] = factor * h[j] * t[k];
            y[size(r, 1)] =
                target(first + r / points, output, static_cast<int>(r % points), parameters);
          }
          // By columns, the rows of a are its columns.
          gemm('N', 'T', n, n, count * points, 1.0, a.data(), n, a.data(), n, 1.0, normal, n);
          gemm('N', 'N', n, 1, count * points, 1.0, a.data(), n, y.data(), count * points, 1.0,
               normal + size(n, n), n);
        });
      });
  const double lambda = ridge * trace_mean(sum.data(), static_cast<std::size_t>(n));
  if (!bias_) // columns of zeros
    for (std::size_t i = size(width_, basis); i < size(n, 1); ++i) sum[i * size(n, 1) + i] = 1.0;
  double* const right = sum.data() + size(n, n);
  if (!solve(n, sum.data(), lambda, right))
    throw core::Error(core::ExitCode::not_converged,
                      "least squares: the normal equations are singular in double precision; take "
                      "a larger ridge");
  return {right, right + n};
}

std::vector<double> LastLayer::fit_cartesian(MPI_Comm comm, std::int64_t samples, int output,
                                             double ridge,
                                             const kernels::Array<float>& parameters) {
  const int points = data_.shape.points, basis = parts_.basis, width = width_ + 1;
  Features f(*this, parameters, static_cast<int>(rows_at_once), points);
  trunk(f, 0, points);
  for (int q = 0; q < points; ++q)
    for (int k = 0; k < basis; ++k)
      f.t[size(q, basis) + static_cast<std::size_t>(k)] *= scale(output, q);
  Matrix y(size(rows_at_once, points)), yt(size(rows_at_once, basis));
  // Row-major matrices are the transposed ones by columns. H^T H, and behind it H^T Y T.
  const std::vector<double> sum =
      sum_of_parts(comm, size(width, width + basis), [&](std::int64_t part, double* normal) {
        for_tiles(part, samples, rows_at_once, [&](std::int64_t first, std::int64_t count) {
          features(f, first, count);
          for (std::int64_t s = 0; s < count; ++s)
            for (int q = 0; q < points; ++q)
              y[size(s, points) + static_cast<std::size_t>(q)] =
                  target(first + s, output, q, parameters);
          gemm('N', 'T', width, width, count, 1.0, f.h.data(), width, f.h.data(), width, 1.0,
               normal, width);
          gemm('N', 'N', basis, count, points, 1.0, f.t.data(), basis, y.data(), points, 0.0,
               yt.data(), basis);
          gemm('N', 'T', basis, width, count, 1.0, yt.data(), basis, f.h.data(), width, 1.0,
               normal + size(width, width), basis);
        });
      });
  const Matrix hth(sum.begin(), sum.begin() + static_cast<std::ptrdiff_t>(size(width, width)));
  const double* const right = sum.data() + size(width, width);
  Matrix ttt(size(basis, basis));
  gemm('N', 'T', basis, basis, points, 1.0, f.t.data(), basis, f.t.data(), basis, 0.0, ttt.data(),
       basis);
  const double lambda = ridge * trace_mean(hth.data(), static_cast<std::size_t>(width)) *
                        trace_mean(ttt.data(), static_cast<std::size_t>(basis));
  const linalg::SymmetricEigen eh = linalg::symmetric_eigen(PETSC_COMM_SELF, width, hth),
                               et = linalg::symmetric_eigen(PETSC_COMM_SELF, basis, ttt);
  const double least = 1e-16 * eh.values[0] * et.values[0];
  // C = U [(U^T R V) / (d_i e_j + lambda)] V^T, with R, C row-major (width, basis).
  Matrix part(size(width, basis)), c(size(width, basis));
  gemm('N', 'N', basis, width, width, 1.0, right, basis, eh.vectors.data(), width, 0.0, part.data(),
       basis);
  gemm('T', 'N', basis, width, basis, 1.0, et.vectors.data(), basis, part.data(), basis, 0.0,
       c.data(), basis);
  for (int i = 0; i < width; ++i)
    for (int j = 0; j < basis; ++j) {
      const double divisor =
          eh.values[static_cast<std::size_t>(i)] * et.values[static_cast<std::size_t>(j)] + lambda;
      double& value = c[size(i, basis) + static_cast<std::size_t>(j)];
      // Directions that the data do not have, a constant without a bias among them.
      value = divisor > least ? value / divisor : 0.0;
    }
  gemm('N', 'N', basis, width, basis, 1.0, et.vectors.data(), basis, c.data(), basis, 0.0,
       part.data(), basis);
  gemm('N', 'T', basis, width, width, 1.0, part.data(), basis, eh.vectors.data(), width, 0.0,
       c.data(), basis);
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

void LastLayer::fit(MPI_Comm comm, std::int64_t samples, double ridge,
                    const kernels::Array<float>& parameters) {
  std::vector<std::vector<double>> solutions;
  for (int o = 0; o < data_.shape.outputs; ++o)
    solutions.push_back(data_.shape.shares_points
                            ? fit_cartesian(comm, samples, o, ridge, parameters)
                            : fit_triples(comm, samples, o, ridge, parameters));
  for (int o = 0; o < data_.shape.outputs; ++o)
    store(o, solutions[static_cast<std::size_t>(o)], parameters);
}

} // namespace linnet::nn
