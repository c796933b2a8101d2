// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/fem/material_point/material_point.hpp>

#include <linnet/core/error.hpp>
#include <linnet/core/petsc.hpp>
#include <linnet/core/text.hpp>

#include <petscblaslapack.h>

#include <algorithm>
#include <cmath>
#include <optional>

namespace linnet::fem {

namespace {

constexpr int most_halvings = 20;
constexpr int most_iterations = 60;
constexpr int most_cuts = 12;       // of one Newton step
constexpr double most_strain = 100; // beyond it Newton's method has lost its way
constexpr double exact = 2e-15;     // of the scale of stresses: nothing is left to gain
constexpr double tolerance = 1e-10; // accepted once the iteration stands still

using Block = std::array<double, 36>;

/// The solution of the small dense system, by columns; nothing where it is singular.
std::optional<Tensor6> solved(Block a, Tensor6 b, std::size_t size) {
  const auto n = static_cast<PetscBLASInt>(size);
  const PetscBLASInt one = 1;
  PetscBLASInt info = 0;
  std::array<PetscBLASInt, 6> pivots{};
  if (size > 0) LAPACKgesv_(&n, &one, a.data(), &n, pivots.data(), b.data(), &n, &info);
  if (info != 0) return std::nullopt;
  return b;
}

} // namespace

MaterialPoint::MaterialPoint(const PointHistory& history, const kernels::SolidMaterial& material)
    : history_(history), material_(material) {
  for (int i = 0; i < 6; ++i)
    if (history.components[static_cast<std::size_t>(i)].by_stress) free_.push_back(i);
  state_.time = history.times.front();
  state_.temperature = history.temperature(state_.time);
  step(state_.time); // without time nothing flows
}

double MaterialPoint::thermal_strain() const {
  return material_.at(state_.temperature).thermal_strain;
}

Tensor6 MaterialPoint::backstress(int i) const {
  const double c = material_.at(state_.temperature).kinematic[i];
  Tensor6 x{};
  for (std::size_t k = 0; k < 6; ++k)
    x[k] =
        2.0 / 3.0 * c * state_.law[static_cast<std::size_t>(kernels::state_backstress + 6 * i) + k];
  return x;
}

PointWork MaterialPoint::step(double t) {
  PointWork work;
  if (!advance(t, work, 0))
    throw core::Error(core::ExitCode::not_converged,
                      "the material point found no equilibrium on the way to t = " +
                          core::number_text(t) + " from t = " + core::number_text(state_.time) +
                          ", also with 2^" + std::to_string(most_halvings) +
                          " parts of the step; take shorter steps, or check that the material can "
                          "carry the prescribed stresses");
  return work;
}

bool MaterialPoint::advance(double t, PointWork& work, int depth) {
  PointState next = state_;
  if (solve(t, next, work)) {
    state_ = next;
    return true;
  }
  const double middle = 0.5 * (state_.time + t);
  if (depth == most_halvings || !(middle > state_.time && middle < t)) return false;
  ++work.halvings;
  return advance(middle, work, depth + 1) && advance(t, work, depth + 1);
}

/// One implicit step from state_ to @p t.
bool MaterialPoint::solve(double t, PointState& next, PointWork& work) const {
  next.time = t;
  next.temperature = history_.temperature(t);
  const auto before = material_.at(state_.temperature), p = material_.at(next.temperature);
  Tensor6 target{};
  for (std::size_t i = 0; i < 6; ++i) {
    const ControlledComponent& c = history_.components[i];
    const double thermal = i < 3 ? p.thermal_strain : 0.0;
    target[i] = c.value(t);
    if (!c.by_stress)
      next.strain[i] = target[i] + (history_.mechanical ? thermal : 0.0);
    else if (i < 3)
      next.strain[i] += p.thermal_strain - before.thermal_strain;
  }
  const double dt = t - state_.time;
  const auto distance = [&](const PointState& s) {
    double largest = 0.0;
    for (const int i : free_)
      largest = std::max(largest, std::abs(target[static_cast<std::size_t>(i)] -
                                           s.stress[static_cast<std::size_t>(i)]));
    return largest;
  };
  if (!evaluate(p, dt, next)) return false;
  double miss = distance(next);
  for (int iteration = 0; iteration < most_iterations; ++iteration) {
    const double scale = scale_of(p, next);
    work.residual = miss / scale;
    if (miss <= exact * scale) return true;
    Block block{};
    Tensor6 rhs{};
    const std::size_t n = free_.size();
    for (std::size_t r = 0; r < n; ++r) {
      rhs[r] = target[static_cast<std::size_t>(free_[r])] -
               next.stress[static_cast<std::size_t>(free_[r])];
      for (std::size_t c = 0; c < n; ++c)
        block[c * n + r] = next.tangent[static_cast<std::size_t>(6 * free_[r] + free_[c])];
    }
    const auto change = solved(block, rhs, n);
    if (!change) return false;
    ++work.newton;
    PointState trial = next;
    double part = 1.0, trial_miss = miss;
    bool better = false;
    for (int cut = 0; cut < most_cuts && !better; ++cut, part *= 0.5) {
      for (std::size_t r = 0; r < n; ++r) {
        const auto i = static_cast<std::size_t>(free_[r]); // the tangent's shears are engineering
        trial.strain[i] = next.strain[i] + part * (*change)[r] * (i < 3 ? 1.0 : 0.5);
      }
      if (!evaluate(p, dt, trial)) continue;
      trial_miss = distance(trial);
      better = trial_miss < miss;
      if (!better && miss <= tolerance * scale) return true; // rounding
    }
    if (!better) return false;
    next = trial;
    miss = trial_miss;
  }
  return miss <= tolerance * scale_of(p, next);
}

/// The law at next.strain; false where it has no answer.
bool MaterialPoint::evaluate(const kernels::SolidParameters& p, double dt, PointState& next) const {
  for (const double e : next.strain)
    if (!(std::abs(e) <= most_strain)) return false;
  const kernels::ViscoplasticLaw<double> law{p, material_.backstresses, material_.yields,
                                             material_.viscous, dt};
  const auto flow =
      law.update(next.strain.data(), state_.law.data(), next.law.data(), next.stress.data());
  if (!flow.solved) return false;
  law.tangent(flow, false, next.tangent.data());
  return std::all_of(next.stress.begin(), next.stress.end(),
                     [](double s) { return std::isfinite(s); });
}

/// Of the terms whose difference the stresses are: rounding is measured by it.
double MaterialPoint::scale_of(const kernels::SolidParameters& p, const PointState& next) const {
  double strain = 0.0, stress = 0.0;
  for (std::size_t i = 0; i < 6; ++i) {
    strain = std::max(strain, std::abs(next.strain[i]));
    stress = std::max(stress, std::abs(next.stress[i]));
  }
  strain = std::max({strain, std::abs(p.thermal_strain), 1e-12});
  return stress + (3.0 * p.bulk + 2.0 * p.shear) * strain;
}

} // namespace linnet::fem
