// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Values in kernel memory as the host has them: to fill and to read small tables, and for MPI. On
/// the CPU the memory is the same, on a GPU there are copies.
#pragma once

#include <linnet/kernels/allocation.hpp>

#include <iterator>
#include <string>

namespace linnet::kernels {

/// Views of memory that somebody else has.
template <class T, class Space>
using Unmanaged = Kokkos::View<T*, Space, Kokkos::MemoryTraits<Kokkos::Unmanaged>>;

/// to = from, both in kernel memory, which must not overlap.
template <class T>
void copy_values(const T* from, T* to, std::size_t count) {
  Kokkos::deep_copy(Unmanaged<T, MemorySpace>(to, count),
                    Unmanaged<const T, MemorySpace>(from, count));
}

/// The numbers of @p from as T in kernel memory.
template <class T, class Range>
Array<T> device_copy(const char* label, const Range& from) {
  const Array<T> to = detail::untouched<T>(label, std::size(from));
  const HostArray<T> host =
      Kokkos::create_mirror_view(static_cast<const Kokkos::View<T*, MemorySpace>&>(to));
  std::size_t i = 0;
  for (const auto& value : from) host(i++) = static_cast<T>(value);
  Kokkos::deep_copy(to, host);
  return to;
}

/// The numbers of @p from on the host.
template <class T>
HostArray<T> host_copy(const Array<T>& from) {
  return Kokkos::create_mirror_view_and_copy(
      HostSpace{}, static_cast<const Kokkos::View<T*, MemorySpace>&>(from));
}

/// @p count values of kernel memory for the host to read.
template <class T>
class HostRead {
public:
  HostRead(const T* values, std::size_t count) : data_(values) {
    if constexpr (on_device) {
      copy_ =
          Kokkos::View<T*, HostSpace>(Kokkos::view_alloc(std::string("linnet::kernels::host_read"),
                                                         Kokkos::WithoutInitializing),
                                      count);
      Kokkos::deep_copy(copy_, Unmanaged<const T, MemorySpace>(values, count));
      data_ = copy_.data();
    }
  }
  [[nodiscard]] const T* data() const { return data_; }

private:
  const T* data_;
  Initialised<Kokkos::View<T*, HostSpace>> copy_;
};

/// @p count values of kernel memory for the host to write, all of them, before finish().
template <class T>
class HostWrite {
public:
  HostWrite(T* values, std::size_t count) : values_(values), data_(values) {
    if constexpr (on_device) {
      copy_ =
          Kokkos::View<T*, HostSpace>(Kokkos::view_alloc(std::string("linnet::kernels::host_write"),
                                                         Kokkos::WithoutInitializing),
                                      count);
      data_ = copy_.data();
    }
  }
  [[nodiscard]] T* data() const { return data_; }
  /// Brings the values where kernels see them.
  void finish() const {
    if constexpr (on_device)
      Kokkos::deep_copy(Unmanaged<T, MemorySpace>(values_, copy_.extent(0)), copy_);
  }

private:
  T* values_;
  T* data_;
  Initialised<Kokkos::View<T*, HostSpace>> copy_;
};

} // namespace linnet::kernels
