// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// V-cycles on stars, 5- and 7-point operators.
///
/// There black-box multigrid pays for robustness that nobody needs. The weights of the
/// interpolation depend on the position along a direction only, and the smoother is a polynomial in
/// the matrix (kernels/star/star_smoother.hpp): 16 bytes of coefficients per point in fp32, or one
/// where the finest operator is coded (kernels/star/coded_star.hpp). The cycle is symmetric
/// positive definite as B = 2 S - S A S + X B_c X^T is, with X = (I - S A) P.
///
/// On the way down one march through the planes smooths from zero, forms the residual and restricts
/// it; one on the way up interpolates and smooths. Ghost layers are three wide, so that one
/// exchange feeds a whole march: points near the cut are computed on both sides, with the same
/// result.
///
/// Coarse operators and weights come from a derived class: MildCycle, with stars on all levels, or
/// ObstacleCycle, with one on the finest level.
#pragma once

#include <linnet/kernels/star/coded_star.hpp>
#include <linnet/kernels/star/star_smoother.hpp>
#include <linnet/kernels/star/star_spans.hpp>
#include <linnet/multigrid/direct_solver.hpp>
#include <linnet/multigrid/grid_level.hpp>
#include <linnet/multigrid/marched_box.hpp>

#include <vector>

namespace linnet::multigrid {

/// Values of one level in the precision T of the cycle. Fields of the operator are marched
/// (kernels/stencil/planes.hpp), right-hand side and solution are not.
template <class T>
struct StarLevel {
  kernels::Layout layout; ///< three ghost layers
  MarchedBox box;
  bool is_coded = false; ///< the operator is `codes`, else `a`
  kernels::MarchedStar<T> a;
  kernels::CodedStar<T> codes;
  kernels::StarSpans spans; ///< of a coded operator: passes leave out the rest
  kernels::Field<T> f, u;
  kernels::Field<T> source_f, source_u; ///< on the cut of arrival, if it differs from the level's
  kernels::RollingPlanes<T> w, r;
  kernels::LinearTransfer<T> p;
  std::unique_ptr<grid::Halo> halo;        ///< three layers
  std::unique_ptr<grid::Halo> coarse_halo; ///< two layers of the coarse points of this rank
};

/// The finest operator of a cycle on stars: @p a times @p factor, on the cut of arrival. Ghosts of
/// couplings must be valid, those of row sums not.
struct FinestStar {
  const kernels::StencilOperator<double>& a;
  double factor;
  core::Real3 constant{}; ///< the couplings along x, y, z if they seem to be constant, else zero
};

template <class T>
class StarCycle {
public:
  virtual ~StarCycle() = default;
  StarCycle(const StarCycle&) = delete;
  StarCycle& operator=(const StarCycle&) = delete;

  /// True if the grids and options suit such a cycle, whatever the coefficients.
  static bool suits(const std::vector<LevelPlan>& plans, const BoxmgOptions& options);

  /// Takes over new values. False if they do not suit the cycle, on at least one rank: then it is
  /// of no use on any. Collective.
  virtual bool update(const FinestStar& finest) = 0;
  /// input() is the right-hand side; afterwards output() holds B times it. Collective.
  void apply() { solve_level(0); }

  [[nodiscard]] kernels::Field<T>& input() { return arrival_f(0); }
  [[nodiscard]] kernels::Field<T>& output() { return arrival_u(0); }
  /// Those of the finest operator on the box of input(), if they are kept there; else none.
  [[nodiscard]] std::vector<kernels::Field<T>> couplings() const;
  /// The finest operator on the box of input(), if it is kept there and coded; else null.
  [[nodiscard]] const kernels::CodedStar<T>* coded_star() const {
    return grid_[0].gather || !values_[0].is_coded ? nullptr : &values_[0].codes;
  }
  /// apply() leaves input() as it is.
  [[nodiscard]] static constexpr bool keeps_input() { return true; }
  /// Of input() and output(), by marched directions: outside of these spans there are no couplings,
  /// and none lead there.
  [[nodiscard]] kernels::RowSpans occupied() const {
    return grid_[0].gather ? kernels::RowSpans() : values_[0].spans.coupled;
  }
  /// What apply() may rely on: input() and output() are zero outside of occupied().
  void solve_within_occupied(bool yes) { within_occupied_ = yes; }
  [[nodiscard]] virtual const DirectSolver& direct_solver() const { return direct_; }
  /// Bytes held on this rank.
  [[nodiscard]] virtual double memory() const;

protected:
  /// @p levels must outlive the cycle; the first @p stars of them are stars. @p coded: the finest
  /// operator is. Collective on the communicator of the levels.
  StarCycle(std::vector<GridLevel>& levels, std::size_t stars, bool coded);

  /// Right-hand side and solution on the cut on which a level arrives.
  virtual kernels::Field<T>& arrival_f(std::size_t l);
  virtual kernels::Field<T>& arrival_u(std::size_t l);
  /// The solution of level l for its right-hand side. Collective.
  virtual void solve_level(std::size_t l);

  /// Where the operator of level l is formed: couplings on the level itself, if it works on that
  /// cut, and row sums, which the cycle does not need, in the place of its solution.
  kernels::StarSums<T> arrival_sums(std::size_t l);
  /// Moves sums that have arrived to the cut of the level. Collective.
  kernels::StarSums<T> bring_to_level(std::size_t l, const kernels::StarSums<T>& arrived);
  /// Fills ghosts and the diagonal. Collective.
  void set_up_level(std::size_t l, const kernels::StarSums<T>& sums);
  void factor_level(std::size_t l, const kernels::StarSums<T>& sums);
  /// The fields that a star has in this dimension, on the layout @p l of a level.
  std::vector<kernels::Field<T>> fields_of(const kernels::StarSums<T>& a,
                                           const kernels::Layout& l) const;

  /// The couplings and row sums of @p a with marched layouts.
  static kernels::StarSums<double> sums_of(const kernels::StencilOperator<double>& a);

  std::vector<GridLevel>& grid_;
  int dimension_;
  std::vector<StarLevel<T>> values_;
  kernels::SmootherPolynomial<T> polynomial_ = kernels::detail::smoother_polynomial<T>;

private:
  void allocate(std::size_t l, bool coded);
  void allocate_operator(StarLevel<T>& v, const kernels::Layout& planes, bool is_direct);
  void smooth_and_restrict(std::size_t l);
  void interpolate_and_smooth(std::size_t l);
  template <class Body>
  void with_star(const StarLevel<T>& v, const Body& body) const;
  kernels::StarSums<T> level_sums(std::size_t l);

  DirectSolver direct_;
  bool within_occupied_ = false;
};

/// Calls body(std::integral_constant<int, dimension>).
template <class Body>
void with_dimension(int dimension, const Body& body) {
  if (dimension == 3)
    body(std::integral_constant<int, 3>{});
  else
    body(std::integral_constant<int, 2>{});
}

} // namespace linnet::multigrid
