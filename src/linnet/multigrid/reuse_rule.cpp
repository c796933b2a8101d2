// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/multigrid/reuse_rule.hpp>

#include <linnet/kernels/copy.hpp>
#include <linnet/kernels/stencil/coupling_change.hpp>

#include <algorithm>

namespace linnet::multigrid {

bool ReuseRule::allows(const ReadOperator& now, MPI_Comm comm) {
  if (!remembers_ || failed_ || lost_ >= refresh_price || !is_near(now, comm)) return false;
  ++reuses_;
  return true;
}

bool ReuseRule::is_near(const ReadOperator& now, MPI_Comm comm) const {
  int fits = symmetric_ && now.one_way.empty() && now.a.pattern == before_.pattern ? 1 : 0;
  MPI_Allreduce(MPI_IN_PLACE, &fits, 1, MPI_INT, MPI_MIN, comm);
  if (fits == 0) return false;
  double largest[2] = {0.0, 0.0}; // M and 1/m
  for (const bool inverse : {false, true}) {
    double& most = largest[inverse ? 1 : 0];
    for (std::size_t m = 0; m < before_.couplings.size(); ++m)
      most =
          std::max(most, kernels::largest_ratio(now.a.couplings[m], before_.couplings[m], inverse));
    most = std::max(most, kernels::largest_ratio(now.a.row_sum, before_.row_sum, inverse));
  }
  MPI_Allreduce(MPI_IN_PLACE, largest, 2, MPI_DOUBLE, MPI_MAX, comm);
  return largest[0] * largest[1] <= most_change;
}

void ReuseRule::refreshed(const ReadOperator& a) {
  judge();
  fresh_iterations_ = -1;
  reuses_ = 0;
  lost_ = 0;
  failed_ = false;
  remembers_ = left_of_pause_ == 0;
  if (remembers_) remember(a);
}

// What the hierarchy that goes has saved and cost.
void ReuseRule::judge() {
  if (left_of_pause_ > 0) {
    --left_of_pause_;
  } else if (remembers_) {
    pause_ = reuses_ * refresh_price > lost_ ? 0 : std::min(2 * pause_ + 1, longest_pause);
    left_of_pause_ = pause_;
  }
}

void ReuseRule::remember(const ReadOperator& a) {
  const kernels::Layout& l = a.a.layout();
  if (before_.couplings.empty() || before_.pattern != a.a.pattern)
    before_ = kernels::make_operator<float>(a.a.pattern, l);
  const auto keep = [&](const kernels::Field<double>& from, const kernels::Field<float>& to) {
    kernels::copy_scaled(from, to, kernels::Range::box(l.n), a.factor());
  };
  for (std::size_t m = 0; m < before_.couplings.size(); ++m)
    keep(a.a.couplings[m], before_.couplings[m]);
  keep(a.a.row_sum, before_.row_sum);
  symmetric_ = a.one_way.empty();
}

void ReuseRule::solved(int iterations, bool converged) {
  failed_ = failed_ || !converged;
  if (fresh_iterations_ < 0) fresh_iterations_ = iterations;
  lost_ += std::max(0, iterations - fresh_iterations_);
}

} // namespace linnet::multigrid
