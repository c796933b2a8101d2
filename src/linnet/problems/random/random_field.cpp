// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/problems/random/random_field.hpp>

#include <linnet/core/kokkos_session.hpp>
#include <linnet/core/random.hpp>
#include <linnet/grid/partition.hpp>
#include <linnet/grid/redistribution.hpp>
#include <linnet/problems/cells/cell_values.hpp>
#include <linnet/problems/cells/pencils.hpp>

#include <fftw3.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <numbers>
#include <sstream>

namespace linnet::problems {

namespace {

void require_positive(const RandomFieldOptions& options) {
  const auto positive = [](double v) { return std::isfinite(v) && v > 0.0; };
  if (positive(options.alpha) && positive(options.tau)) return;
  std::ostringstream message;
  message << "random field: alpha = " << options.alpha << ", tau = " << options.tau
          << "; both must be positive";
  core::throw_usage(message.str());
}

/// Root of the eigenvalue of the covariance: tau^(alpha-dim/2) (pi^2 |k|^2 + tau^2)^(-alpha/2).
class Spectrum {
public:
  Spectrum(int dim, const core::Real3& lengths, const RandomFieldOptions& options)
      : half_alpha_(0.5 * options.alpha), scale_(std::pow(options.tau, -0.5 * dim)) {
    for (int d = 0; d < 3; ++d) {
      const double wave = d < dim ? std::numbers::pi / (lengths[d] * options.tau) : 0.0;
      wave_squared_[d] = wave * wave;
    }
  }
  [[nodiscard]] double operator()(double kx, double ky, double kz) const {
    const double q =
        wave_squared_[0] * kx * kx + wave_squared_[1] * ky * ky + wave_squared_[2] * kz * kz;
    return scale_ * std::pow(1.0 + q, -half_alpha_);
  }

private:
  core::Real3 wave_squared_{};
  double half_alpha_, scale_;
};

double box_volume(int dim, const core::Real3& lengths) {
  return lengths[0] * lengths[1] * (dim == 3 ? lengths[2] : 1.0);
}

/// One number per mode, the same on every grid that holds the mode.
std::uint64_t mode_index(int i, int j, int k) {
  return static_cast<std::uint64_t>(i) | static_cast<std::uint64_t>(j) << 21 |
         static_cast<std::uint64_t>(k) << 42;
}

/// c_k in the scaling of FFTW's cosine sums, in which modes k > 0 count twice, but for the last one
/// of a sum over nodes.
std::vector<double> mode_weights(int n, FieldPoints points) {
  std::vector<double> weights(static_cast<std::size_t>(n), std::sqrt(0.5));
  if (points == FieldPoints::nodes) weights.back() = std::sqrt(2.0);
  weights.front() = 1.0;
  return weights;
}

/// Draws the cosine coefficients of @p box, a part of a grid of @p n points.
void draw_modes(const grid::IndexBox& box, const core::Index3& n, int dim,
                const core::Real3& lengths, const RandomFieldOptions& options, double* modes) {
  const Spectrum spectrum(dim, lengths, options);
  const core::RandomStream stream(options.seed, options.sample);
  const double scale = 1.0 / std::sqrt(box_volume(dim, lengths));
  const std::vector<double> weight[3] = {mode_weights(n[0], options.points),
                                         mode_weights(n[1], options.points),
                                         mode_weights(n[2], options.points)};
  const auto at = [&](int d, int k) { return weight[d][static_cast<std::size_t>(k)]; };
  visit_cells(box, [&](int i, int j, int k) {
    const double w = scale * at(0, i) * at(1, j) * at(2, k);
    const bool mean = i + j + k == 0;
    *modes++ = mean ? 0.0 : w * spectrum(i, j, k) * stream.normal(mode_index(i, j, k));
  });
}

/// The cosine sum along one line. Lines are transformed one by one in a buffer of FFTW's alignment,
/// so that the operations, and with them the bits, are the same on every rank.
class CosineSum {
public:
  CosineSum(int n, FieldPoints points)
      : buffer_(fftw_alloc_real(static_cast<std::size_t>(n)), fftw_free),
        plan_(fftw_plan_r2r_1d(n, buffer_.get(), buffer_.get(),
                               points == FieldPoints::nodes ? FFTW_REDFT00 : FFTW_REDFT01,
                               FFTW_ESTIMATE),
              fftw_destroy_plan),
        n_(n) {}

  void operator()(double* line, std::ptrdiff_t stride) {
    double* b = buffer_.get();
    for (int i = 0; i < n_; ++i) b[i] = line[i * stride];
    fftw_execute(plan_.get());
    for (int i = 0; i < n_; ++i) line[i * stride] = b[i];
  }

private:
  std::unique_ptr<double, void (*)(void*)> buffer_;
  std::unique_ptr<std::remove_pointer_t<fftw_plan>, void (*)(fftw_plan)> plan_;
  int n_;
};

/// Transforms all lines along @p direction, which @p box holds whole.
void sum_lines(const grid::IndexBox& box, int direction, FieldPoints points, double* values) {
  if (box.empty()) return;
  const auto n = box.extent();
  if (n[direction] == 1) return;
  CosineSum sum(n[direction], points);
  const std::ptrdiff_t stride[3] = {1, n[0], std::ptrdiff_t{n[0]} * n[1]};
  const int a = direction == 0 ? 1 : 0, b = direction == 2 ? 1 : 2;
  for (int q = 0; q < n[b]; ++q)
    for (int p = 0; p < n[a]; ++p) sum(values + p * stride[a] + q * stride[b], stride[direction]);
}

kernels::Field<double> field_on(const grid::IndexBox& box) {
  return {"linnet::problems::random_field", kernels::Layout(box.extent(), {0, 0, 0})};
}

/// Runs @p work(double*) on the values of @p field in host memory.
template <class Work>
void on_host(const kernels::Field<double>& field, Work work) {
  const auto host = Kokkos::create_mirror_view(field.values);
  Kokkos::deep_copy(host, field.values);
  work(host.data());
  Kokkos::deep_copy(field.values, host);
}

std::vector<grid::IndexBox> boxes_of(DM cells) {
  const auto partition = grid::Partition::of(cells);
  std::vector<grid::IndexBox> boxes;
  for (int r = 0; r < partition.ranks(); ++r) boxes.push_back(partition.box(r));
  return boxes;
}

void fill(DM cells, const core::Real3& lengths, const RandomFieldOptions& options, Vec field) {
  require_positive(options);
  LINNET_CHECK(core::ensure_kokkos());
  const auto grid = CellGrid::of(cells);
  int rank, ranks;
  MPI_Comm_rank(grid.comm, &rank);
  MPI_Comm_size(grid.comm, &ranks);
  const auto me = static_cast<std::size_t>(rank);
  auto cut = pencil_cut(grid.cells, 0, ranks);
  auto values = field_on(cut[me]);
  on_host(values, [&](double* modes) {
    draw_modes(cut[me], grid.cells, grid.dim, lengths, options, modes);
  });
  for (int d = 0; d < grid.dim; ++d) {
    on_host(values, [&](double* lines) { sum_lines(cut[me], d, options.points, lines); });
    auto next = d + 1 < grid.dim ? pencil_cut(grid.cells, d + 1, ranks) : boxes_of(cells);
    const auto moved = field_on(next[me]);
    grid::Redistribution(grid.comm, cut, next).forward(values, moved);
    cut.swap(next);
    values = moved;
  }
  CellValues target(field);
  on_host(values, [&](const double* v) { std::copy_n(v, grid.box.size(), target.data()); });
}

/// Integral of the squared spectrum over |q| > radius in R^m, q = (k_d / L_d).
double tail(int m, double radius, const RandomFieldOptions& options, double scale_squared) {
  constexpr double sphere[4] = {0.0, 2.0, 2.0 * std::numbers::pi, 4.0 * std::numbers::pi};
  // With q = radius / t and s = t^(2 alpha - m) the integrand is smooth and bounded on (0,1).
  const double power = 2.0 * options.alpha - m;
  const double a = std::numbers::pi * radius / options.tau;
  constexpr int points = 4096;
  double sum = 0.0;
  for (int i = 0; i < points; ++i) {
    const double t = std::pow((i + 0.5) / points, 1.0 / power);
    sum += std::pow(a * a + t * t, -options.alpha);
  }
  return scale_squared * sphere[m] * std::pow(radius, m) / power * sum / points;
}

/// The modes beyond |q| = radius: the sum over the orthant is 2^-dim times that over all subsets of
/// the directions of sums over full lattices, which far out are integrals.
double far_modes(int dim, const core::Real3& lengths, double radius,
                 const RandomFieldOptions& options) {
  const double scale_squared = std::pow(options.tau, -dim);
  double sum = 0.0;
  for (int subset = 1; subset < 1 << dim; ++subset) {
    int m = 0;
    double cells = 1.0;
    for (int d = 0; d < dim; ++d)
      if (subset >> d & 1) ++m, cells *= lengths[d];
    sum += cells * tail(m, radius, options, scale_squared);
  }
  return sum / (1 << dim);
}

double near_modes(int dim, const core::Real3& lengths, double radius,
                  const RandomFieldOptions& options) {
  const Spectrum spectrum(dim, lengths, options);
  core::Index3 last{0, 0, 0};
  for (int d = 0; d < dim; ++d) last[d] = static_cast<int>(radius * lengths[d]);
  double sum = 0.0;
  visit_cells({{0, 0, 0}, {last[0] + 1, last[1] + 1, last[2] + 1}}, [&](int i, int j, int k) {
    const double x = i / lengths[0], y = j / lengths[1], z = dim == 3 ? k / lengths[2] : 0.0;
    if (i + j + k == 0 || x * x + y * y + z * z > radius * radius) return;
    const double root = spectrum(i, j, k);
    sum += root * root;
  });
  return sum;
}

} // namespace

double random_field_deviation(int dim, const core::Real3& lengths,
                              const RandomFieldOptions& options) {
  require_positive(options);
  if (options.alpha <= 0.5 * dim) {
    std::ostringstream message;
    message << "random field: alpha = " << options.alpha << " gives an infinite variance in " << dim
            << "-D; raise it above " << 0.5 * dim;
    core::throw_usage(message.str());
  }
  const double volume = box_volume(dim, lengths);
  const double shortest = std::min({lengths[0], lengths[1], dim == 3 ? lengths[2] : lengths[1]});
  // Far enough for some 10^5 modes and for the lattice to look dense in every direction, within
  // reason where one side is very short.
  const double modes = 2.0e5, most_modes = 4.0e6;
  const double radius = std::min(std::max(std::pow(modes / volume, 1.0 / dim), 8.0 / shortest),
                                 std::pow(most_modes / volume, 1.0 / dim));
  const double variance =
      near_modes(dim, lengths, radius, options) + far_modes(dim, lengths, radius, options);
  return std::sqrt(variance / volume);
}

PetscErrorCode fill_random_field(DM cells, const core::Real3& lengths,
                                 const RandomFieldOptions& options, Vec field) {
  PetscFunctionBegin;
  LINNET_PETSC_GUARD(fill(cells, lengths, options, field));
  PetscFunctionReturn(PETSC_SUCCESS);
}

} // namespace linnet::problems
