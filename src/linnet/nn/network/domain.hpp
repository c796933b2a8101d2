// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// The grids that the tensors of a network live on, cut over the ranks of a communicator.
#pragma once

#include <linnet/grid/halo.hpp>
#include <linnet/kernels/tensor.hpp>
#include <linnet/kernels/workspace.hpp>

#include <array>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

namespace linnet::nn {

/// What a kernel reads beyond the border of the domain. reflect: the mirror image, without the
/// border itself.
enum class Padding { zero, reflect, periodic };
Padding parse_padding(std::string_view name);
const char* name_of(Padding padding);

/// Which points of a grid make up the next coarser one: those with even numbers, from the first on,
/// or those with odd numbers, none of them on a border (from 2m+1 or 2m+2 points, m).
enum class Coarsening { even, odd };
Coarsening parse_coarsening(std::string_view name);
const char* name_of(Coarsening coarsening);

/// What ghosts beyond a border of the domain hold, unless it is periodic, where they always hold
/// what lies on the other side. nearest: the value of the nearest point inside. cut: zeros, also
/// where it is periodic.
enum class Beyond { padding, zeros, nearest, cut };

/// A grid and its coarsenings by two in every direction that has more than one point.
///
/// The same object serves both ways of training in parallel: on a communicator of one rank it holds
/// a whole sample; on several ranks each holds a box of one. A batch of vectors is a domain of
/// (batch, 1, 1) points with one level.
class Domain {
public:
  /// Level 0 is @p finest, whose parts must begin at multiples of 2^(levels-1), as those of cut()
  /// do; so must the number of points where it wraps. Periodic padding is taken where @p finest is
  /// periodic, and there only. Collective; @throws core::Error on all ranks.
  Domain(MPI_Comm comm, const grid::Partition& finest, int levels, Padding padding,
         Coarsening coarsening = Coarsening::even);
  ~Domain();
  Domain(const Domain&) = delete;
  Domain& operator=(const Domain&) = delete;

  /// A cut of @p points, rounded up to a multiple of 2^(levels-1), that a Domain accepts.
  static grid::Partition cut(const core::Index3& points, int levels, Padding padding, int ranks);
  /// Points of grid @p level below one of @p points. @throws core::Error where none are left.
  static core::Index3 coarse_points(const core::Index3& points, int level, Padding padding,
                                    Coarsening coarsening);
  /// A cut of exactly @p points: the last parts take what is over.
  static grid::Partition exact_cut(const core::Index3& points, int levels, Padding padding,
                                   Coarsening coarsening, int ranks);
  [[nodiscard]] MPI_Comm comm() const { return comm_; }
  [[nodiscard]] int levels() const { return static_cast<int>(levels_.size()); }
  [[nodiscard]] Padding padding() const { return padding_; }
  [[nodiscard]] Coarsening coarsening() const { return coarsening_; }
  [[nodiscard]] const grid::Partition& partition(int level) const;
  /// Points of this rank.
  [[nodiscard]] const core::Index3& extent(int level) const;
  /// Ratio of a grid to the next coarser one: 2, or 1 in a flat direction, one whose finest grid
  /// has one point.
  [[nodiscard]] core::Index3 ratio() const;
  /// Refuses a grid whose points are not all children of the next coarser one, 2^d of each, which
  /// @p what needs. @throws core::Error.
  void require_children(int level, const std::string& what) const;
  /// Ghost layers of a tensor that is read up to @p width points away: none in a flat direction.
  [[nodiscard]] core::Index3 ghosts(int width) const;

  /// Makes the exchange of @p width layers at @p level ready, so that the calls below allocate
  /// nothing. Collective.
  void prepare(int level, int width);
  /// Values in @p width ghost layers: those of neighbours, and @p beyond the border what it says.
  /// Collective.
  template <class T>
  void fill(int level, const kernels::Tensor<T>& t, int width, Beyond beyond);

  /// True where a kernel's adjoint must be taken to the @p width ghosts beyond the border, too, and
  /// be folded back: with reflect.
  [[nodiscard]] bool folds() const { return padding_ == Padding::reflect; }
  /// @p t as a tensor that owns @p width ghosts beyond the border; those between ranks stay ghosts.
  template <class T>
  [[nodiscard]] kernels::Tensor<T> with_border(int level, const kernels::Tensor<T>& t,
                                               int width) const;
  /// The adjoint of the padding: adds the ghosts beyond the border to their images.
  template <class T>
  void fold(int level, const kernels::Tensor<T>& t, int width) const;
  /// Zeros in the ghosts beyond the border.
  template <class T>
  void zero_border(int level, const kernels::Tensor<T>& t, int width) const;

  /// From now on no layer's value at a point depends in any bit on where among the others it lies,
  /// as long as no layer reads neighbours: for answers that are the same in any order of questions.
  void treat_points_alike() { alike_ = true; }
  [[nodiscard]] bool treats_points_alike() const { return alike_; }

  /// Memory that layers on this domain share, for the time of one call of theirs.
  template <class T>
  [[nodiscard]] kernels::Workspace<T>& workspace() {
    return std::get<kernels::Workspace<T>>(workspaces_);
  }

private:
  struct Level;
  void require_mirror(int level, int width) const;
  template <class T>
  void exchange(int level, const kernels::Tensor<T>& t, int width);

  MPI_Comm comm_;
  Padding padding_;
  Coarsening coarsening_;
  std::array<bool, 3> flat_{};
  bool alike_ = false;
  std::vector<std::unique_ptr<Level>> levels_;
  std::map<std::pair<int, int>, std::unique_ptr<grid::Halo>> halos_; // by level and width
  std::tuple<kernels::Workspace<float>, kernels::Workspace<double>> workspaces_;
};

} // namespace linnet::nn
