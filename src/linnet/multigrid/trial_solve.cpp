// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/multigrid/trial_solve.hpp>

#include <linnet/core/owned.hpp>

#include <cmath>

namespace linnet::multigrid {

namespace {

core::Owned<Vec> like(Vec x) {
  Vec y;
  LINNET_CHECK(VecDuplicate(x, &y));
  return core::Owned<Vec>(y);
}

} // namespace

double trial_rate(Mat a, const std::function<void(Vec, Vec)>& b, Vec start, int steps) {
  const auto r = like(start), z = like(start), p = like(start), q = like(start);
  LINNET_CHECK(MatMult(a, start, r.get()));
  PetscReal first, last;
  LINNET_CHECK(VecNorm(r.get(), NORM_2, &first));
  last = first;
  PetscScalar old = 1.0;
  for (int step = 0; step < steps && last > 0.0; ++step) {
    PetscScalar rz, pq;
    b(r.get(), z.get());
    LINNET_CHECK(VecDot(r.get(), z.get(), &rz));
    LINNET_CHECK(VecAYPX(p.get(), step == 0 ? 0.0 : rz / old, z.get()));
    LINNET_CHECK(MatMult(a, p.get(), q.get()));
    LINNET_CHECK(VecDot(p.get(), q.get(), &pq));
    if (!(pq > 0.0)) break;
    LINNET_CHECK(VecAXPY(r.get(), -rz / pq, q.get()));
    LINNET_CHECK(VecNorm(r.get(), NORM_2, &last));
    old = rz;
  }
  return first > 0.0 ? std::pow(last / first, 1.0 / steps) : 0.0;
}

} // namespace linnet::multigrid
