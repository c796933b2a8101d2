// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// When a hierarchy set up for one matrix still serves the next ones.
///
/// Each solve with the old hierarchy loses the iterations that it takes more than the first solve
/// after the last refresh. Once the losses add up to the price of a refresh, the next set-up pays
/// it. For losses that grow in proportion to the number of solves that is the cheapest moment: n
/// solves that lose a n each cost P + a n^2 / 2 with the refresh, per solve the least at
/// a n^2 / 2 = P. For any other course it is at most twice the cheapest. A jump of the coefficients
/// does not wait for that. With couplings and row sums of an M-matrix between m and M
/// times the old ones the condition number grows at most by M/m; where M/m exceeds a limit, the
/// hierarchy is refreshed at once. A hierarchy that has cost more than it saved is followed
/// by a pause, twice as long as the one before, in which every set-up is a refresh. Everything is
/// counted, nothing timed, so that runs repeat.
#pragma once

#include <linnet/multigrid/operator_reader.hpp>

namespace linnet::multigrid {

class ReuseRule {
public:
  /// A set-up of black-box multigrid takes about as long as so many iterations: 8 to 11 in 3-D, 4
  /// to 8 in 2-D.
  static constexpr int refresh_price = 8;
  /// Largest M/m with which the old hierarchy is tried.
  static constexpr double most_change = 16.0;
  /// Longest pause, in set-ups.
  static constexpr int longest_pause = 63;

  /// True on all ranks if the hierarchy set up for the operator last given to refreshed() shall
  /// serve @p now. Collective.
  [[nodiscard]] bool allows(const ReadOperator& now, MPI_Comm comm);
  /// The hierarchy has been set up for @p a.
  void refreshed(const ReadOperator& a);
  /// A solve has ended.
  void solved(int iterations, bool converged);

private:
  [[nodiscard]] bool is_near(const ReadOperator& now, MPI_Comm comm) const;
  void judge();
  void remember(const ReadOperator& a);

  kernels::StencilOperator<float> before_; // what the hierarchy was set up for
  bool remembers_ = false;                 // before_ is up to date
  bool symmetric_ = false; // no one-way couplings, whose elimination is exact for one matrix only
  int fresh_iterations_ = -1; // of the first solve; -1: none yet
  int reuses_ = 0;            // of the present hierarchy
  int lost_ = 0;
  bool failed_ = false;
  int pause_ = 0, left_of_pause_ = 0;
};

} // namespace linnet::multigrid
