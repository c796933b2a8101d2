// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Pieces of a grid within which an operator couples strongly.
///
/// The coupling of i and j is strong if it is at least a fixed fraction of the largest coupling of
/// either point. In a two-phase medium of high contrast the pieces are those of the two phases.
#pragma once

#include <linnet/grid/halo.hpp>
#include <linnet/kernels/stencil/stencil.hpp>
#include <linnet/multigrid/shared_sums.hpp>

#include <cstdint>
#include <vector>

namespace linnet::multigrid {

/// A field in host memory whose ghosts can be filled.
struct HostField {
  kernels::Field<double> field;
  kernels::HostArray<double> values;

  HostField() = default;
  HostField(const char* label, const kernels::Layout& layout);
  void exchange(grid::Halo& halo);
  double& operator[](std::ptrdiff_t q) { return values[static_cast<std::size_t>(q)]; }
  double operator[](std::ptrdiff_t q) const { return values[static_cast<std::size_t>(q)]; }
};

/// The couplings of an operator with valid ghosts, in host memory, point by point.
class HostLinks {
public:
  /// @p a with one valid ghost layer on couplings; @p halo fills one layer. Collective.
  HostLinks(const kernels::StencilOperator<double>& a, grid::Halo& halo);

  [[nodiscard]] const kernels::Layout& layout() const { return layout_; }
  /// From a point to its neighbours in front, in memory.
  [[nodiscard]] const std::vector<std::ptrdiff_t>& distances() const { return distance_; }
  /// Calls visit(neighbour, coupling) for every neighbour of the owned point at @p q.
  template <class Visit>
  void visit(std::ptrdiff_t q, const Visit& visit) const {
    for (std::size_t m = 0; m < couplings_.size(); ++m) {
      visit(q + distance_[m], couplings_[m](static_cast<std::size_t>(q)));
      visit(q - distance_[m], couplings_[m](static_cast<std::size_t>(q - distance_[m])));
    }
  }
  [[nodiscard]] double row_sum(std::ptrdiff_t q) const {
    return row_sum_(static_cast<std::size_t>(q));
  }
  [[nodiscard]] bool is_strong(std::ptrdiff_t q, std::ptrdiff_t neighbour, double coupling) const {
    return coupling > 0.0 && coupling >= least_ratio * std::max(largest_[q], largest_[neighbour]);
  }
  /// True if a coupling of the owned point at @p q is neither zero nor strong.
  [[nodiscard]] bool is_weak(std::ptrdiff_t q) const {
    return weak_[static_cast<std::size_t>(q)] != 0;
  }
  /// Largest over smallest coupling of one point, zero couplings apart; the most on any rank.
  /// Collective.
  [[nodiscard]] double local_contrast(MPI_Comm comm) const;
  /// Largest over smallest coupling of all points, zero couplings apart. Collective.
  [[nodiscard]] double contrast(MPI_Comm comm) const;
  /// True on all ranks if a coupling anywhere is neither zero nor strong. Collective.
  [[nodiscard]] bool has_weak(MPI_Comm comm) const;

private:
  static constexpr double least_ratio = 1e-2;

  void find_extremes();
  void find_weak();

  kernels::Layout layout_;
  std::vector<kernels::HostArray<double>> couplings_;
  std::vector<std::ptrdiff_t> distance_;
  kernels::HostArray<double> row_sum_;
  HostField largest_;               // coupling of each point
  std::vector<unsigned char> weak_; // by point: has a coupling that is neither zero nor strong
  double local_contrast_ = 1.0;     // of the points of this rank
  double smallest_, most_ = 0.0;    // of their couplings
};

/// The part of one piece that lies on this rank, with sums over the whole piece.
struct ComponentPart {
  double points = 0.0;
  double diagonal = 0.0;
  double outward = 0.0; ///< couplings to other pieces, and row sums
  double label = 0.0;   ///< natural index of its first point in the domain
};

/// The small pieces that reach into the box of this rank.
struct StrongComponents {
  static constexpr int large = -1;

  std::vector<ComponentPart>
      parts;                      ///< those with the label `large` belong to large pieces after all
  std::vector<std::int32_t> part; ///< by position: index into `parts` of owned points, or `large`,
                                  ///< less for points that are not owned
  [[nodiscard]] bool owns(std::ptrdiff_t q) const {
    return part[static_cast<std::size_t>(q)] >= large;
  }
};

/// Pieces of up to @p most_points points that have weak couplings. Collective on @p comm, whose
/// rank r owns `partition.box(r)`. The same on any number of ranks.
StrongComponents find_strong_components(MPI_Comm comm, const grid::Partition& partition,
                                        const HostLinks& links, std::size_t most_points,
                                        grid::Halo& halo);

/// Rank and number among its points (x fastest) of a point of the domain.
Place place_of(const grid::Partition& partition, double natural_index);

/// True on all ranks if @p mine is on any. Collective.
bool any_rank(bool mine, MPI_Comm comm);

} // namespace linnet::multigrid
