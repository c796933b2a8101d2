// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Elastoviscoplastic law with Norton flow above a threshold, Armstrong-Frederick kinematic and
/// Voce isotropic hardening (Chaboche, Int. J. Plasticity 24 (2008) 1642), integrated by the
/// implicit Euler method.
///
///   sigma = kappa tr(eps - eps_th) I + 2G dev(eps - ep),   X = (2/3) sum_i C_i a_i,
///   R = R0 + Q (1 - exp(-b p)) + H p,   f = J2(dev sigma - X) - R,   J2(s) = sqrt(1.5 s:s),
///   dp/dt = <f/K>^n,   dep/dt = 1.5 dp/dt (dev sigma - X)/J2,   da_i/dt = dep/dt - D_i a_i dp/dt.
///
/// With d = p_new - p_old, theta_i = 1/(1 + D_i d), Z = 2G dev(eps - ep_old) - (2/3) sum C_i
/// theta_i a_i, J = J2(Z) and N = Z/J the step is the root of one scalar equation,
///
///   J(d) - (3G + sum C_i theta_i) d - R(p_old + d) - K (d/dt)^(1/n) = 0,
///
/// solved in w = (d/dt)^(1/n), in which it is smooth; a rate-independent law (K = 0) in d. Newton's
/// steps are kept within a bracket. The root is unique where 3G + sum C_i + R' exceeds
/// sum C_i D_i |a_i|, as in all materials whose elastic stiffness is above that of hardening. All
/// parameters are those of the end of the step.
///
/// Tensors are stored 11, 22, 33, 12, 13, 23 as tensor components: shears have no factor 2.
#pragma once

#include <linnet/kernels/solid/material.hpp>

#include <Kokkos_Complex.hpp>

namespace linnet::kernels {

namespace detail {

KOKKOS_INLINE_FUNCTION double real_part(double x) { return x; }
KOKKOS_INLINE_FUNCTION double real_part(const Kokkos::complex<double>& x) { return x.real(); }

KOKKOS_INLINE_FUNCTION double power(double x, double y) { return math::pow(x, y); }
KOKKOS_INLINE_FUNCTION Kokkos::complex<double> power(const Kokkos::complex<double>& x, double y) {
  return Kokkos::pow(x, y);
}
KOKKOS_INLINE_FUNCTION double exponential(double x) { return math::exp(x); }
KOKKOS_INLINE_FUNCTION Kokkos::complex<double> exponential(const Kokkos::complex<double>& x) {
  return Kokkos::exp(x);
}
KOKKOS_INLINE_FUNCTION double root(double x) { return math::sqrt(x); }
KOKKOS_INLINE_FUNCTION Kokkos::complex<double> root(const Kokkos::complex<double>& x) {
  return Kokkos::sqrt(x);
}

} // namespace detail

/// a : b.
template <class A, class B>
KOKKOS_INLINE_FUNCTION auto contract(const A* a, const B* b) {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2] + 2.0 * (a[3] * b[3] + a[4] * b[4] + a[5] * b[5]);
}

/// The state of a point: ep (6), p, then 6 for each backstress variable a_i.
inline constexpr int state_p = 6;
inline constexpr int state_backstress = 7;
inline constexpr int most_state = state_backstress + 6 * most_backstresses;

/// What the tangent needs of a step. Meaningless where `plastic` is false.
template <class Scalar>
struct PlasticStep {
  bool plastic = false;
  bool solved = true;      ///< false: the scalar equation was not solved, as with values not finite
  Scalar multiplier = 0.0; ///< d
  Scalar trial = 0.0;      ///< J at d
  Scalar hardening = 0.0;  ///< H = -dg/dd
  Scalar direction[6] = {}; ///< N
  Scalar drift[6] = {};     ///< dZ/dd = (2/3) sum_i C_i D_i theta_i^2 a_i
};

/// One step at one point. Called within kernels.
template <class Scalar>
struct ViscoplasticLaw {
  const SolidParameters& m;
  int backstresses;
  bool yields;
  bool viscous;
  double step; ///< dt >= 0; not read by a rate-independent law; without time nothing flows

  /// Z, J and the terms of H at the multiplier d, for trial deviator @p s.
  struct Trial {
    Scalar z[6], drift[6];
    Scalar j = 0.0, kinematic = 0.0, softening = 0.0; ///< J, sum C theta, sum C theta^2
  };

  KOKKOS_INLINE_FUNCTION void trial_at(const Scalar* s, const double* old, Scalar d,
                                       Trial& t) const {
    for (int i = 0; i < 6; ++i) t.z[i] = s[i], t.drift[i] = 0.0;
    t.kinematic = 0.0, t.softening = 0.0;
    for (int k = 0; k < backstresses; ++k) {
      const double* a = old + state_backstress + 6 * k;
      const Scalar theta = 1.0 / (1.0 + m.recovery[k] * d);
      const Scalar c = m.kinematic[k] * theta;
      const Scalar slope = c * theta;
      for (int i = 0; i < 6; ++i) {
        t.z[i] -= (2.0 / 3.0) * c * a[i];
        t.drift[i] += (2.0 / 3.0) * m.recovery[k] * slope * a[i];
      }
      t.kinematic += c;
      t.softening += slope;
    }
    t.j = detail::root(1.5 * contract(t.z, t.z));
  }

  /// R and its derivative at p.
  KOKKOS_INLINE_FUNCTION Scalar radius(Scalar p, Scalar& slope) const {
    const Scalar decay =
        m.voce == 0.0 ? Scalar(0.0) : m.voce * detail::exponential(-m.voce_rate * p);
    slope = m.voce_rate * decay + m.hardening;
    return m.yield + m.voce - decay + m.hardening * p;
  }

  /// g(d) without the viscous term, and -dg/dd of the same.
  KOKKOS_INLINE_FUNCTION Scalar excess(const Scalar* s, const double* old, Scalar d, Trial& t,
                                       Scalar& slope) const {
    trial_at(s, old, d, t);
    Scalar radius_slope;
    const Scalar r = radius(old[state_p] + d, radius_slope);
    const Scalar turning = t.j == Scalar(0.0) ? Scalar(0.0) : 1.5 * contract(t.z, t.drift) / t.j;
    slope = 3.0 * m.shear + t.softening + radius_slope - turning;
    return t.j - (3.0 * m.shear + t.kinematic) * d - r;
  }

  /// d from the unknown x of the scalar equation, and its derivative.
  KOKKOS_INLINE_FUNCTION Scalar multiplier(Scalar x, Scalar& slope) const {
    if (!viscous) {
      slope = 1.0;
      return x;
    }
    const Scalar rate = detail::power(x, m.exponent - 1.0) * step;
    slope = m.exponent * rate;
    return rate * x;
  }

  /// Where Newton's iteration begins: the smaller of the roots without flow stress and without
  /// elastic relief, above the root while the law hardens.
  KOKKOS_INLINE_FUNCTION double start(double over) const {
    const double elastic = over / (3.0 * m.shear);
    if (!viscous) return elastic;
    const double by_flow = over / m.drag;
    const double by_relief = detail::power(elastic / step, 1.0 / m.exponent);
    return by_flow < by_relief ? by_flow : by_relief;
  }

  /// The root: true if found. @p over is g(0) > 0; @p d, @p t and @p slope are those of the
  /// root. Ends after at most 100 evaluations whatever the input holds.
  KOKKOS_INLINE_FUNCTION bool solve(const Scalar* s, const double* old, Scalar over, Scalar& d,
                                    Trial& t, Scalar& slope) const {
    constexpr double unbounded = 1e300;
    constexpr int most = 100;
    // Convergence is quadratic, the relative curvature at most n: the last step leaves n 1e-16.
    constexpr double last_step = 1e-8, rounding = 2.3e-16;
    const double growth = viscous ? 1.0 + 1.0 / m.exponent : 2.0;
    double low = 0.0, high = unbounded;
    Scalar x = start(detail::real_part(over));
    for (int iteration = 0; iteration < most; ++iteration) {
      Scalar d_slope;
      d = multiplier(x, d_slope);
      const Scalar value = excess(s, old, d, t, slope) - (viscous ? m.drag * x : Scalar(0.0));
      const Scalar next = x + value / (slope * d_slope + (viscous ? m.drag : 0.0));
      const double here = detail::real_part(x), there = detail::real_part(next);
      const double miss = detail::real_part(value);
      if (!(miss < unbounded && miss > -unbounded)) return false;
      const double change = there > here ? there - here : here - there;
      if (change <= last_step * here ||
          (miss < 0 ? -miss : miss) <= rounding * detail::real_part(t.j)) {
        finish(s, old, next, d, t, slope);
        return true;
      }
      if (miss > 0)
        low = here;
      else
        high = here;
      // Where recovery beyond saturation softens, the root may lie above the start.
      const bool bounded = high < unbounded;
      const double top = bounded ? high : growth * here;
      if (there > low && there < top)
        x = next;
      else
        x = next - there + (bounded ? 0.5 * (low + high) : top);
    }
    return false;
  }

  /// d, the trial values and H of the root @p x. A flow below 1e-200 is none: the slope of d^(1/n)
  /// there would overflow.
  KOKKOS_INLINE_FUNCTION void finish(const Scalar* s, const double* old, Scalar x, Scalar& d,
                                     Trial& t, Scalar& slope) const {
    constexpr double none = 1e-200;
    Scalar d_slope;
    d = multiplier(x, d_slope);
    const bool flows = detail::real_part(d_slope) > none;
    if (!flows) d = 0.0;
    excess(s, old, d, t, slope);
    if (viscous) slope = flows ? slope + m.drag / d_slope : Scalar(1.0 / none);
  }

  /// g(0).
  KOKKOS_INLINE_FUNCTION Scalar overstress(const Scalar* s, const double* old) const {
    Scalar z[6], unused;
    for (int i = 0; i < 6; ++i) z[i] = s[i];
    for (int k = 0; k < backstresses; ++k)
      for (int i = 0; i < 6; ++i)
        z[i] -= (2.0 / 3.0) * m.kinematic[k] * old[state_backstress + 6 * k + i];
    return detail::root(1.5 * contract(z, z)) - radius(old[state_p], unused);
  }

  /// Stress and new state for the total strain @p strain from the state @p old, which may be the
  /// same memory as @p next only where Scalar is double.
  KOKKOS_INLINE_FUNCTION PlasticStep<Scalar> update(const Scalar* strain, const double* old,
                                                    Scalar* next, Scalar* stress) const {
    PlasticStep<Scalar> result;
    const Scalar volume = strain[0] + strain[1] + strain[2];
    const Scalar pressure = m.bulk * (volume - 3.0 * m.thermal_strain);
    Scalar s[6];
    for (int i = 0; i < 6; ++i) {
      const Scalar deviator = i < 3 ? strain[i] - volume / 3.0 : strain[i];
      s[i] = 2.0 * m.shear * (deviator - old[i]);
    }
    for (int i = 0; i < state_backstress + 6 * backstresses; ++i) next[i] = old[i];
    if (yields) {
      const Scalar over = overstress(s, old);
      const double sign = detail::real_part(over);
      const bool frozen = viscous && step == 0.0;
      if (sign > 0 && !frozen)
        flow(s, old, over, next, result);
      else if (!(sign <= 0) && !frozen)
        result.solved = false;
    }
    const double p = detail::real_part(pressure);
    if (!(p - p == 0.0)) result.solved = false; // infinite or no number
    for (int i = 0; i < 6; ++i) stress[i] = i < 3 ? s[i] + pressure : s[i];
    return result;
  }

  /// Plastic part of update(): corrects the trial deviator @p s.
  KOKKOS_INLINE_FUNCTION void flow(Scalar* s, const double* old, Scalar over, Scalar* next,
                                   PlasticStep<Scalar>& result) const {
    Trial t;
    Scalar d = 0.0, slope = 0.0;
    result.solved = solve(s, old, over, d, t, slope);
    if (!result.solved) return;
    result.plastic = true;
    result.multiplier = d;
    result.trial = t.j;
    result.hardening = slope;
    for (int i = 0; i < 6; ++i) {
      result.direction[i] = t.z[i] / t.j;
      result.drift[i] = t.drift[i];
      s[i] -= 3.0 * m.shear * d * result.direction[i];
      next[i] = old[i] + 1.5 * d * result.direction[i];
    }
    next[state_p] = old[state_p] + d;
    for (int k = 0; k < backstresses; ++k) {
      const Scalar theta = 1.0 / (1.0 + m.recovery[k] * d);
      const int a = state_backstress + 6 * k;
      for (int i = 0; i < 6; ++i)
        next[a + i] = theta * (old[a + i] + 1.5 * d * result.direction[i]);
    }
  }

  /// Derivative of the stress by engineering strains, rows and columns 11, 22, 33, 12, 13, 23, row
  /// by row. It is unsymmetric where recovery turns the flow; @p symmetric takes the mean with its
  /// transpose.
  KOKKOS_INLINE_FUNCTION void tangent(const PlasticStep<Scalar>& f, bool symmetric,
                                      Scalar* d) const {
    const double g = m.shear;
    const Scalar ratio = f.plastic ? f.multiplier / f.trial : Scalar(0.0);
    const Scalar deviatoric = 2.0 * g * (1.0 - 3.0 * g * ratio);
    for (int i = 0; i < 36; ++i) d[i] = 0.0;
    for (int i = 0; i < 3; ++i) {
      for (int j = 0; j < 3; ++j) d[6 * i + j] = m.bulk - deviatoric / 3.0;
      d[7 * i] += deviatoric;
      d[7 * (i + 3)] = 0.5 * deviatoric;
    }
    if (!f.plastic) return;
    const Scalar* n = f.direction;
    const Scalar along = contract(n, f.drift);
    const Scalar nn =
        9.0 * g * g * (ratio - 1.0 / f.hardening) + 13.5 * g * g * ratio / f.hardening * along;
    const Scalar an = -9.0 * g * g * ratio / f.hardening;
    for (int i = 0; i < 6; ++i)
      for (int j = 0; j < 6; ++j) {
        const Scalar cross =
            symmetric ? 0.5 * (f.drift[i] * n[j] + n[i] * f.drift[j]) : f.drift[i] * n[j];
        d[6 * i + j] += nn * n[i] * n[j] + an * cross;
      }
  }
};

} // namespace linnet::kernels
