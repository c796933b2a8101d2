// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Several stencil passes over a grid in one march through its planes, so that what one pass writes
/// the next one finds in the cache.
///
/// A grid is marched through along its last direction: z, in 2-D y. There kernels see the layout
/// marched(l), in which a 2-D grid has planes of one row.
#pragma once

#include <linnet/kernels/aligned_field.hpp>
#include <linnet/kernels/parallel.hpp>

#include <algorithm>
#include <functional>
#include <vector>

namespace linnet::kernels {

/// @p l with the last direction of a @p dimension-al grid as z. The memory is the same.
inline Layout marched(const Layout& l, int dimension) {
  if (dimension == 3) return l;
  Layout m = l;
  m.n[1] = 1, m.g[1] = 0;
  m.n[2] = l.n[1], m.g[2] = l.g[1];
  m.pitch_z = l.pitch_y;
  return m;
}

/// The same for the points of @p r.
inline Range marched(const Range& r, int dimension) {
  if (dimension == 3) return r;
  Range m = r;
  m.lo[1] = 0, m.hi[1] = 1;
  m.lo[2] = r.lo[1], m.hi[2] = r.hi[1];
  return m;
}

/// The values of @p f under the layout marched(f.layout).
template <class T>
Field<T> marched(const Field<T>& f, int dimension) {
  Field<T> m;
  m.values = f.values;
  m.layout = marched(f.layout, dimension);
  return m;
}

/// Rows of a field of which the memory may hold the latest planes only.
template <class T>
struct Planes {
  T* data = nullptr; ///< the point (0,0,0)
  int pitch_y = 0;
  std::ptrdiff_t pitch_z = 0;
  int mask = -1; ///< plane k lies at k & mask: so many less one are kept, a power of two; -1: all

  Planes() = default;
  explicit Planes(const Field<std::remove_const_t<T>>& f, int plane_mask = -1)
      : data(f.origin()), pitch_y(f.layout.pitch_y), pitch_z(f.layout.pitch_z), mask(plane_mask) {}

  /// The point (0,j,k).
  KOKKOS_FORCEINLINE_FUNCTION T* row(int j, int k) const {
    return data + static_cast<std::ptrdiff_t>(j) * pitch_y + (k & mask) * pitch_z;
  }
};

/// The passes of one march. A pass may go on to its plane k as soon as the pass before has done its
/// plane stride * k + shift + 1, the farthest that k reads.
class March {
public:
  /// @p chunk planes at a time.
  explicit March(int chunk) : chunk_(chunk) {}

  /// Planes of @p range by @p run(range with fewer planes).
  void add(const Range& range, std::function<void(const Range&)> run, int stride = 1,
           int shift = 0) {
    passes_.push_back({range, range.lo[2], stride, shift, std::move(run)});
  }

  void run() {
    for (bool done = false; !done;) {
      done = true;
      for (std::size_t p = 0; p < passes_.size(); ++p) {
        advance(p);
        done = done && passes_[p].next >= passes_[p].range.hi[2];
      }
    }
  }

private:
  struct Pass {
    Range range;
    int next; ///< first plane not done
    int stride, shift;
    std::function<void(const Range&)> run;
  };

  void advance(std::size_t p) {
    Pass& pass = passes_[p];
    int end = pass.range.hi[2];
    if (p == 0) {
      end = std::min(end, pass.next + chunk_);
    } else if (const Pass& before = passes_[p - 1]; before.next < before.range.hi[2]) {
      const int last = before.next - pass.shift - 2; // stride * k <= last
      end = std::min(
          end, (last >= 0 ? last / pass.stride : -((-last + pass.stride - 1) / pass.stride)) + 1);
    }
    if (end <= pass.next) return;
    Range planes = pass.range;
    planes.lo[2] = pass.next;
    planes.hi[2] = end;
    pass.run(planes);
    pass.next = end;
  }

  int chunk_;
  std::vector<Pass> passes_;
};

/// Planes of a grid that a march takes at a time, enough to hide the cost of a launch; all of them
/// on a GPU, where a pass wants the whole grid.
inline int planes_per_chunk(const Layout& marched_layout) {
  const auto [nx, ny, nz] = marched_layout.n;
  constexpr int least_points = 4096;
  if (on_device || static_cast<std::int64_t>(nx) * ny * nz < 8 * least_points)
    return nz + 2 * marched_layout.g[2];
  return std::max(1, least_points / (nx * ny));
}

/// Planes between the newest one of a pass and the oldest one that the next pass still reads.
inline constexpr int planes_behind = 6;

/// Scratch between two passes of a march over a grid of layout @p marched_layout.
template <class T>
class RollingPlanes {
public:
  RollingPlanes() = default;
  explicit RollingPlanes(const Layout& marched_layout) {
    const Layout& l = marched_layout;
    const int all = l.n[2] + 2 * l.g[2];
    int kept = 1;
    while (kept < planes_per_chunk(l) + planes_behind) kept *= 2;
    mask_ = kept < all ? kept - 1 : -1;
    Layout planes = l;
    if (mask_ >= 0) planes.n[2] = kept, planes.g[2] = 0;
    field_ = aligned_field<T>("linnet::kernels::planes", planes);
  }
  [[nodiscard]] Planes<T> planes() const { return Planes<T>(field_, mask_); }
  [[nodiscard]] std::size_t bytes() const { return field_.values.size() * sizeof(T); }

private:
  Field<T> field_;
  int mask_ = -1;
};

} // namespace linnet::kernels
