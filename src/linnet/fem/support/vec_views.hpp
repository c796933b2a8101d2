// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Vecs of a mesh's DM, as kernels and as loops of the host see them.
#pragma once

#include <linnet/core/owned.hpp>
#include <linnet/grid/field_view.hpp>

#include <span>

namespace linnet::fem {

/// Zeros. Not collective.
core::Owned<Vec> local_vector(DM dm);
/// Zeros. Collective.
core::Owned<Vec> global_vector(DM dm);

/// All local numbers of a Vec where kernels can reach them. The destructor gives them back.
class KernelValues {
public:
  KernelValues(Vec vec, grid::Access access) : view_(vec, extent(vec), access) {}
  [[nodiscard]] double* data() const { return view_.field().values.data(); }
  /// Waits for the kernels; errors come here, not from the destructor.
  void restore() { view_.restore(); }

private:
  static core::Index3 extent(Vec vec);
  grid::FieldView view_;
};

/// All local numbers of a Vec on the host, to read and write.
class HostValues {
public:
  explicit HostValues(Vec vec) : vec_(vec) { LINNET_CHECK(VecGetArray(vec_, &data_)); }
  ~HostValues() { static_cast<void>(VecRestoreArray(vec_, &data_)); }
  HostValues(const HostValues&) = delete;
  HostValues& operator=(const HostValues&) = delete;
  [[nodiscard]] double& operator[](PetscInt i) const { return data_[i]; }

private:
  Vec vec_;
  PetscScalar* data_ = nullptr;
};

/// The numbers of @p from as T in the kernels' memory.
template <class T, class Range>
kernels::Array<T> device_copy(const char* label, const Range& from) {
  const kernels::Array<T> to(Kokkos::view_alloc(std::string(label), Kokkos::WithoutInitializing),
                             std::size(from));
  const kernels::HostArray<T> host =
      Kokkos::create_mirror_view(static_cast<const Kokkos::View<T*, kernels::MemorySpace>&>(to));
  std::size_t i = 0;
  for (const auto& value : from) host(i++) = static_cast<T>(value);
  Kokkos::deep_copy(to, host);
  return to;
}

/// The numbers of @p from on the host.
template <class T>
kernels::HostArray<T> host_copy(const kernels::Array<T>& from) {
  return Kokkos::create_mirror_view_and_copy(
      kernels::HostSpace{}, static_cast<const Kokkos::View<T*, kernels::MemorySpace>&>(from));
}

} // namespace linnet::fem
