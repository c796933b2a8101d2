// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Exchange of ghost layers between the ranks of a Partition.
#pragma once

#include <linnet/grid/partition.hpp>
#include <linnet/kernels/field.hpp>

#include <memory>
#include <span>
#include <vector>

namespace linnet::grid {

/// Which ghosts are filled: those beyond faces only, or those beyond edges and corners too.
enum class HaloShape { star, box };

/// Fills the ghost layers of fields from the ranks that own the points. T is double or float.
///
/// Ghosts outside the domain keep their values; periodic directions wrap, also with one part. The
/// fields' own ghost layers may be wider than the halo. All fields of one exchange travel in one
/// message per neighbour ("channels"). Buffers are kept between exchanges; at most one exchange per
/// value type is under way at a time. With a GPU the messages go through host memory.
class Halo {
public:
  /// Collective on @p comm, whose rank r owns `partition.box(r)`; PETSc's private duplicate of
  /// @p comm carries the messages. @p width: layers per direction, 0 for none. Throws core::Error
  /// on all ranks when the sizes do not match or a part is thinner than the width.
  Halo(MPI_Comm comm, const Partition& partition, const core::Index3& width, HaloShape shape);
  ~Halo();
  Halo(Halo&&) noexcept;
  Halo& operator=(Halo&&) noexcept;
  Halo(const Halo&) = delete;
  Halo& operator=(const Halo&) = delete;

  /// Sends the owned points that neighbours need and returns; the fields may be read meanwhile.
  /// A field without ghosts may be sent. Collective, as are all calls below but unpack().
  template <class T>
  void begin(std::span<const kernels::Field<T>> fields);
  /// Waits for the values that begin() asked for and writes them into the ghosts of @p fields (as
  /// many as were given to begin). On a GPU the writing is ordered before later kernels.
  template <class T>
  void end(std::span<const kernels::Field<T>> fields);

  /// The two halves of end(): first wait() ...
  template <class T>
  void wait();
  /// ... then copy the ghosts of field number @p channel that lie inside @p window: a field whose
  /// owned point (0,0,0) is the local point @p origin of this rank's box. Until the next begin().
  template <class T>
  void unpack(int channel, const kernels::Field<T>& window, const core::Index3& origin) const;

  template <class T>
  void exchange(std::span<const kernels::Field<T>> fields) {
    begin(fields);
    end(fields);
  }
  template <class T>
  void begin(const kernels::Field<T>& field) {
    begin(std::span<const kernels::Field<T>>(&field, 1));
  }
  template <class T>
  void end(const kernels::Field<T>& field) {
    end(std::span<const kernels::Field<T>>(&field, 1));
  }
  template <class T>
  void exchange(const kernels::Field<T>& field) {
    exchange(std::span<const kernels::Field<T>>(&field, 1));
  }
  template <class T>
  void begin(const std::vector<kernels::Field<T>>& fields) {
    begin(std::span<const kernels::Field<T>>(fields));
  }
  template <class T>
  void end(const std::vector<kernels::Field<T>>& fields) {
    end(std::span<const kernels::Field<T>>(fields));
  }
  template <class T>
  void exchange(const std::vector<kernels::Field<T>>& fields) {
    exchange(std::span<const kernels::Field<T>>(fields));
  }

  /// True where this rank has no ghost to fill, from itself or others.
  [[nodiscard]] bool trivial() const;
  /// True where the ghosts beyond the face or edge or corner @p direction (each -1, 0 or 1) exist.
  [[nodiscard]] bool has_neighbour(const core::Index3& direction) const;

private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

} // namespace linnet::grid
