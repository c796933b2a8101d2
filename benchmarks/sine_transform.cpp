// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// The box with constant coefficients, u = 0 on its faces and source 1, solved directly by sine
/// transforms: the same equations as `diffusion -diffusion_grid n -diffusion_source 1`.
///   build/benchmarks/sine_transform 128
/// Prints JSON. One rank, FFTW in double precision; its plan is the set-up.
#include <fftw3.h>
#include <nlohmann/json.hpp>
#include <sys/resource.h>

#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <numbers>
#include <vector>

namespace {

double now() {
  using clock = std::chrono::steady_clock;
  return std::chrono::duration<double>(clock::now().time_since_epoch()).count();
}

/// n^3 cells of width 1/n; every row is divided by 1/n, so that couplings inside are 1.
class Box {
public:
  explicit Box(int n) : n_(n), count_(static_cast<std::size_t>(n) * n * n) {}
  [[nodiscard]] std::size_t count() const { return count_; }
  [[nodiscard]] double load() const { return 1.0 / (static_cast<double>(n_) * n_); }

  /// 4 sin^2: what a wave along one direction is multiplied by.
  [[nodiscard]] std::vector<double> eigenvalues() const {
    std::vector<double> values;
    for (int k = 1; k <= n_; ++k) {
      const double s = std::sin(std::numbers::pi * k / (2.0 * n_));
      values.push_back(4.0 * s * s);
    }
    return values;
  }

  /// |b - A u| / |b|; a face of the box lies half a cell away.
  [[nodiscard]] double relative_residual(const std::vector<double>& u) const {
    double sum = 0.0;
    for (int k = 0; k < n_; ++k)
      for (int j = 0; j < n_; ++j)
        for (int i = 0; i < n_; ++i) {
          const double r = load() - row(u, i, j, k);
          sum += r * r;
        }
    return std::sqrt(sum / static_cast<double>(count_)) / load();
  }

private:
  [[nodiscard]] double row(const std::vector<double>& u, int i, int j, int k) const {
    const std::size_t distance[3] = {1, static_cast<std::size_t>(n_),
                                     static_cast<std::size_t>(n_) * n_};
    const int at[3] = {i, j, k};
    const std::size_t q = i + distance[1] * j + distance[2] * k;
    double sum = 0.0;
    for (int d = 0; d < 3; ++d) {
      sum += at[d] > 0 ? u[q] - u[q - distance[d]] : 2.0 * u[q];
      sum += at[d] < n_ - 1 ? u[q] - u[q + distance[d]] : 2.0 * u[q];
    }
    return sum;
  }

  int n_;
  std::size_t count_;
};

/// Divides by the eigenvalues and by what the two transforms multiply by.
void divide(const std::vector<double>& lambda, std::vector<double>& u) {
  const std::size_t n = lambda.size();
  const double scale = 1.0 / std::pow(2.0 * static_cast<double>(n), 3);
  std::size_t q = 0;
  for (std::size_t k = 0; k < n; ++k)
    for (std::size_t j = 0; j < n; ++j)
      for (std::size_t i = 0; i < n; ++i, ++q) u[q] *= scale / (lambda[i] + lambda[j] + lambda[k]);
}

fftw_plan make_plan(int n, fftw_r2r_kind kind, std::vector<double>& u) {
  return fftw_plan_r2r_3d(n, n, n, u.data(), u.data(), kind, kind, kind, FFTW_MEASURE);
}

} // namespace

int main(int argc, char** argv) {
  const int n = argc > 1 ? std::atoi(argv[1]) : 0;
  if (n < 2) {
    std::fprintf(stderr, "usage: sine_transform CELLS_PER_DIRECTION\n");
    return 2;
  }
  const Box box(n);
  std::vector<double> u(box.count());
  const double begin = now();
  // Cell centres between fixed walls: sines at half steps.
  const fftw_plan forward = make_plan(n, FFTW_RODFT10, u), backward = make_plan(n, FFTW_RODFT01, u);
  const std::vector<double> lambda = box.eigenvalues();
  const double planned = now();
  u.assign(box.count(), box.load()); // planning has overwritten it
  const double ready = now();
  fftw_execute(forward);
  divide(lambda, u);
  fftw_execute(backward);
  const double solved = now();
  fftw_destroy_plan(forward);
  fftw_destroy_plan(backward);
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const double residual = box.relative_residual(u);
  const nlohmann::json result{{"unknowns", box.count()},
                              {"iterations", 1},
                              {"converged", residual < 1e-8},
                              {"relative_residual", residual},
                              {"setup_seconds", planned - begin},
                              {"solve_seconds", solved - ready},
                              {"peak_memory_mb", 1024e-6 * static_cast<double>(usage.ru_maxrss)}};
  std::printf("%s\n", result.dump().c_str());
  return 0;
}
