// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/multigrid/interpolation_loss.hpp>

#include <linnet/core/random.hpp>
#include <linnet/kernels/copy.hpp>
#include <linnet/kernels/stencil/m_matrix.hpp>
#include <linnet/multigrid/setup_kernels.hpp>

#include <algorithm>
#include <cmath>

namespace linnet::multigrid {

using kernels::Field;
using kernels::Layout;
using kernels::Range;
using kernels::StencilOperator;
using kernels::detail::InterpolationInputs;
using kernels::detail::StencilPointers;
using N = kernels::InterpolationNetwork;

namespace {

/// As many numbers per point: inputs, couplings to both sides, the part of the row that they are.
constexpr int record = N::features + 3;

template <kernels::StencilPattern P, int StrideX, int E>
struct RecordKernel {
  static constexpr int width = 1;
  InterpolationInputs<double, P, StrideX, E> inputs;
  kernels::Coarsening coarsening;
  double* records;
  Layout layout;
  template <int W>
  KOKKOS_FUNCTION void apply(int i, int j, int k) const {
    const int at[3] = {i, j, k};
    int fine[3];
    for (int d = 0; d < 3; ++d) fine[d] = coarsening.fine(d, at[d]) + (d == E ? 1 : 0);
    const std::ptrdiff_t q = fine[0] + fine[1] * inputs.step(1) + fine[2] * inputs.step(2);
    double* mine = records + layout(fine[0], fine[1], fine[2]) * record;
    inputs.template read<1>(q, mine);
    const double low = inputs.template collapsed<1, E, -1>(q),
                 high = inputs.template collapsed<1, E, 1>(q);
    mine[N::features] = low;
    mine[N::features + 1] = high;
    const double pivot = low + high + (inputs.a.s[q] > 0.0 ? inputs.a.s[q] : 0.0);
    mine[N::features + 2] = low > 0.0 && high > 0.0 ? (low + high) / pivot : 0.0;
  }
};

template <class T>
auto on_host(const T& values) {
  return Kokkos::create_mirror_view_and_copy(Kokkos::HostSpace{}, values);
}

core::Index3 points_of(const Layout& layout) { return {layout.n[0], layout.n[1], layout.n[2]}; }

/// Two layers around the points, in the directions that have any.
Layout padded(const core::Index3& n, bool three_dimensional, int layers) {
  return {n, {layers, layers, three_dimensional ? layers : 0}};
}

} // namespace

InterpolationLoss::InterpolationLoss(const StencilOperator<double>& a) {
  const bool solid = is_three_dimensional(a.pattern);
  const Layout fine = padded(points_of(a.layout()), solid, 2);
  a_ = kernels::make_operator<double>(a.pattern, fine);
  const Range owned = Range::box(fine.n);
  for (std::size_t m = 0; m < a.couplings.size(); ++m)
    kernels::copy_scaled(a.couplings[m], a_.couplings[m], owned, 1.0);
  kernels::copy_scaled(a.row_sum, a_.row_sum, owned, 1.0);
  core::Index3 coarse = points_of(fine);
  for (std::size_t d = 0; d < (solid ? 3 : 2); ++d) {
    coarse[d] /= 2;
    p_.coarsening.halves[d] = true;
    p_.coarsening.shift[d] = 1;
  }
  const Layout around = padded(coarse, solid, 1);
  for (int n = 0; n < kernels::child_count; ++n)
    if (p_.has_child(n)) p_.weights[n] = Field("linnet::multigrid::weight", around);
  coarse_ = kernels::make_operator<double>(solid ? kernels::StencilPattern::box3d
                                                 : kernels::StencilPattern::box2d,
                                           padded(coarse, solid, 2));
  e_ = Field("linnet::multigrid::e", around);
  for (Field* f : {&zero_, &z_, &au_, &t_, &odds_}) *f = Field("linnet::multigrid::patch", fine);
  set_up_smoother();
  find_edges();
}

void InterpolationLoss::set_up_smoother() {
  g_.pattern = a_.pattern;
  for (int m = 0; m <= coupling_count(a_.pattern); ++m)
    g_.entries.emplace_back("linnet::multigrid::factor", a_.layout());
  const bool safe = kernels::is_m_matrix(a_);
  kernels::set_up_factored_inverse(a_, safe ? kernels::m_matrix_weight<double> : 1.0, g_);
  if (safe) return;
  kernels::bound_rows(a_, g_, t_);
  kernels::weight_rows(a_, t_, g_);
}

void InterpolationLoss::find_edges() {
  const Layout& fine = a_.layout();
  const auto records = kernels::zeros<double>("linnet::multigrid::records", fine.size() * record);
  const Layout& coarse = e_.layout;
  kernels::for_each_halved_direction(a_.pattern, p_.coarsening, [&](auto p, auto stride, auto e) {
    const Range range = points_before_odds(p_.coarsening, fine, e());
    kernels::for_each_point(
        "linnet::multigrid::records", range,
        RecordKernel<p(), stride(), e()>{
            {StencilPointers<double, p()>(a_)}, p_.coarsening, records.data(), fine});
    const auto host = on_host(records);
    for (int k = range.lo[2]; k < range.hi[2]; ++k)
      for (int j = range.lo[1]; j < range.hi[1]; ++j)
        for (int i = range.lo[0]; i < range.hi[0]; ++i) {
          const int next[3] = {i + (e() == 0), j + (e() == 1), k + (e() == 2)};
          int at[3] = {i, j, k};
          for (int d = 0; d < 3; ++d) at[d] = p_.coarsening.fine(d, at[d]) + (d == e() ? 1 : 0);
          const auto place = static_cast<std::size_t>(fine(at[0], at[1], at[2]));
          const double* mine = host.data() + place * record;
          if (!(mine[N::features + 2] > 0.0)) continue;
          Edge edge{place,
                    {static_cast<std::size_t>(coarse(i, j, k)),
                     static_cast<std::size_t>(coarse(next[0], next[1], next[2]))},
                    {mine[N::features], mine[N::features + 1]},
                    mine[N::features + 2],
                    {}};
          std::copy_n(mine, N::features, edge.inputs.begin());
          edges_.push_back(edge);
        }
  });
}

void InterpolationLoss::interpolate_with(std::span<const double> weights) {
  Field odds;
  if (!weights.empty()) {
    const auto network = kernels::zeros<double>("linnet::multigrid::network", weights.size());
    const auto host = Kokkos::create_mirror_view(network);
    std::copy(weights.begin(), weights.end(), host.data());
    Kokkos::deep_copy(network, host);
    kernels::set_up_interpolation_odds(a_, p_.coarsening, network, odds_);
    odds = odds_;
  }
  kernels::set_up_interpolation(a_, Field(), odds, p_);
  kernels::galerkin_couplings(a_, p_, coarse_);
  Kokkos::deep_copy(t_.values, 0.0);
  kernels::add_deficit_of_ones(p_, t_);
  kernels::sum_rows(a_, t_, au_);
  kernels::restrict_residual(p_, au_, coarse_.row_sum);
}

StencilOperator<double> InterpolationLoss::coarse_operator(std::span<const double> weights) {
  interpolate_with(weights);
  return coarse_;
}

void InterpolationLoss::multiply(const Field& u, Field& au) {
  kernels::residual(a_, zero_, u, au);
  kernels::copy_scaled(au, au, Range::box(au.layout.n), -1.0);
}

// u -= S au.
void InterpolationLoss::smooth(const Field& au, Field& u) {
  kernels::copy_scaled(u, u, Range::box(u.layout.n), -1.0);
  kernels::apply_lower_factor(g_, au, t_);
  kernels::apply_upper_factor<true>(g_, t_, u);
  kernels::copy_scaled(u, u, Range::box(u.layout.n), -1.0);
}

// u = K u; e_ becomes the coarse part of u.
void InterpolationLoss::correct(const Field& au, Field& u) {
  kernels::restrict_residual(p_, au, e_);
  direct_.solve(e_, e_);
  kernels::copy_scaled(u, u, Range::box(u.layout.n), -1.0);
  kernels::interpolate_add(p_, e_, u);
  kernels::copy_scaled(u, u, Range::box(u.layout.n), -1.0);
}

double InterpolationLoss::evaluate(std::span<const double> weights, std::uint64_t seed, int steps,
                                   std::span<double> gradient) {
  interpolate_with(weights);
  direct_.factor(coarse_, {false, false, false});
  const Layout& fine = a_.layout();
  const auto host = Kokkos::create_mirror_view(z_.values);
  Kokkos::deep_copy(host, 0.0);
  const core::RandomStream random(seed, 0);
  std::uint64_t number = 0;
  for (int k = 0; k < fine.n[2]; ++k)
    for (int j = 0; j < fine.n[1]; ++j)
      for (int i = 0; i < fine.n[0]; ++i)
        host(static_cast<std::size_t>(fine(i, j, k))) = random.normal(number++);
  Kokkos::deep_copy(z_.values, host);
  for (int step = 0;; ++step) {
    multiply(z_, au_);
    const double before = kernels::dot(z_, au_);
    smooth(au_, z_);
    multiply(z_, au_);
    correct(au_, z_);
    multiply(z_, au_);
    const double after = kernels::dot(z_, au_);
    if (step == steps) {
      if (!gradient.empty()) add_gradient(weights, -2.0 / after, gradient);
      return std::log(after / before);
    }
    smooth(au_, z_);
    kernels::copy_scaled(z_, z_, Range::box(fine.n), 1.0 / std::sqrt(after));
  }
}

// Interpolation to a point between 4 or 8 coarse points takes the values of the points between
// fewer: the transpose brings what au_ has there to the points between two.
std::vector<double> InterpolationLoss::collect_at_edges() const {
  const Layout& fine = a_.layout();
  const auto r = on_host(au_.values);
  std::vector<double> sums(r.data(), r.data() + fine.size());
  const auto row_sum = on_host(a_.row_sum.values);
  std::vector<decltype(on_host(a_.row_sum.values))> couplings;
  for (const Field& c : a_.couplings) couplings.push_back(on_host(c.values));
  for (int between = 3; between >= 2; --between)
    for (int k = 0; k < fine.n[2]; ++k)
      for (int j = 0; j < fine.n[1]; ++j)
        for (int i = 0; i < fine.n[0]; ++i) {
          const int in[3] = {p_.coarsening.behind(0, i), p_.coarsening.behind(1, j),
                             p_.coarsening.behind(2, k)};
          if (in[0] + in[1] + in[2] != between) continue;
          const auto q = fine(i, j, k);
          double pivot = std::max(row_sum(static_cast<std::size_t>(q)), 0.0);
          std::vector<std::pair<std::ptrdiff_t, double>> parts;
          const auto take = [&](int x, int y, int z, double c) {
            const int e[3] = {in[0] * x, in[1] * y, in[2] * z};
            if (e[0] == 0 && e[1] == 0 && e[2] == 0) return;
            pivot += std::max(c, 0.0);
            parts.emplace_back(q + e[0] + e[1] * fine.pitch_y + e[2] * fine.pitch_z,
                               std::max(c, 0.0));
          };
          for (std::size_t m = 0; m < couplings.size(); ++m) {
            const auto o = upper_offset(a_.pattern, static_cast<int>(m));
            const std::ptrdiff_t step = o.x + o.y * fine.pitch_y + o.z * fine.pitch_z;
            take(o.x, o.y, o.z, couplings[m](static_cast<std::size_t>(q)));
            take(-o.x, -o.y, -o.z, couplings[m](static_cast<std::size_t>(q - step)));
          }
          for (const auto& [place, c] : parts)
            if (c > 0.0)
              sums[static_cast<std::size_t>(place)] +=
                  sums[static_cast<std::size_t>(q)] * c / pivot;
        }
  return sums;
}

namespace {

/// Adds @p slope times the derivative of N(x) by the weights to @p gradient.
void add_network_gradient(const double* w, const double* x, const double* h, const double* g,
                          double slope, std::span<double> gradient) {
  double at_h[N::width] = {};
  for (int i = 0; i < N::width; ++i) {
    const auto n = static_cast<std::size_t>(i);
    gradient[N::output + n] += slope * g[i];
    const double flat = 1.0 - std::abs(g[i]), d = slope * w[N::output + i] * flat * flat;
    gradient[N::second_bias + n] += d;
    for (int j = 0; j < N::width; ++j) {
      gradient[N::second + n * N::width + static_cast<std::size_t>(j)] += d * h[j];
      at_h[j] += d * w[N::second + i * N::width + j];
    }
  }
  for (int i = 0; i < N::width; ++i) {
    const auto n = static_cast<std::size_t>(i);
    const double flat = 1.0 - std::abs(h[i]), d = at_h[i] * flat * flat;
    gradient[N::first_bias + n] += d;
    for (int j = 0; j < N::features; ++j)
      gradient[N::first + n * N::features + static_cast<std::size_t>(j)] += d * x[j];
  }
}

} // namespace

// The weights of an edge are sum u and sum (1-u), u = low f / (low f + high), log f = log r(N(x)) -
// log r(N(x')); the derivative of log r(y) is 1 / (1 + |y|).
void InterpolationLoss::add_gradient(std::span<const double> weights, double scale,
                                     std::span<double> gradient) {
  using namespace kernels::detail;
  using Turned = InterpolationInputs<double, kernels::StencilPattern::star2d, 1, 1>;
  const std::vector<double> r = collect_at_edges();
  const auto e = on_host(e_.values);
  for (const Edge& edge : edges_) {
    double x[2][N::features], h[2][N::width], g[2][N::width], y[2];
    std::copy(edge.inputs.begin(), edge.inputs.end(), x[0]);
    Turned::turn<1>(x[0], x[1]);
    for (int s = 0; s < 2; ++s)
      y[s] = evaluate_network<1, double>(weights.data(), x[s], h[s], g[s]);
    const double low = edge.coupling[0] * odds_of<1, double>(y[0]) / odds_of<1, double>(y[1]),
                 u = low / (low + edge.coupling[1]);
    const double slope =
        scale * r[edge.place] * (e(edge.coarse[0]) - e(edge.coarse[1])) * edge.sum * u * (1.0 - u);
    for (int s = 0; s < 2; ++s)
      if (std::abs(y[s]) < N::most)
        add_network_gradient(weights.data(), x[s], h[s], g[s],
                             (s == 0 ? slope : -slope) / (1.0 + std::abs(y[s])), gradient);
  }
}

} // namespace linnet::multigrid
