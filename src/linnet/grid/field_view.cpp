// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/grid/field_view.hpp>

#include <string>

namespace linnet::grid {

namespace {
using HostValues =
    Kokkos::View<double*, Kokkos::HostSpace, Kokkos::MemoryTraits<Kokkos::Unmanaged>>;
}

FieldView::FieldView(Vec vec, const kernels::Layout& layout, Access access)
    : vec_(vec), access_(access) {
  field_.layout = layout;
  PetscInt size;
  LINNET_CHECK(VecGetLocalSize(vec, &size));
  const auto count = layout.size();
  if (size < 0 || static_cast<std::size_t>(size) != count)
    throw core::Error(core::ExitCode::internal, "a Vec of " + std::to_string(size) +
                                                    " local values was taken for a field of " +
                                                    std::to_string(count));
  take_array();
  if (!staged_) {
    field_.values = kernels::Array<double>(array_, count);
    return;
  }
  field_.values = kernels::Array<double>(
      Kokkos::view_alloc(std::string("linnet::grid::staged"), Kokkos::WithoutInitializing), count);
  if (access != Access::write) Kokkos::deep_copy(field_.values, HostValues(array_, count));
}

FieldView::~FieldView() {
  try {
    restore();
  } catch (const core::Error&) { // PETSc has reported it
  }
}

void FieldView::restore() {
  if (!open_) return;
  open_ = false;
  Kokkos::fence();
  if (staged_ && access_ != Access::read)
    Kokkos::deep_copy(HostValues(array_, field_.values.extent(0)), field_.values);
  give_array();
  field_ = {};
}

// Where kernels run on the host, PETSc itself brings the values of a device Vec to the host. Where
// they run on a device, a Vec may still live on the host: then its array is staged.
void FieldView::take_array() {
  if constexpr (kernels::on_device) {
    PetscMemType memory = PETSC_MEMTYPE_HOST;
    const PetscScalar* values = nullptr;
    switch (access_) {
    case Access::read:
      LINNET_CHECK(VecGetArrayReadAndMemType(vec_, &values, &memory));
      array_ = const_cast<PetscScalar*>(values);
      break;
    case Access::write: LINNET_CHECK(VecGetArrayWriteAndMemType(vec_, &array_, &memory)); break;
    case Access::read_write: LINNET_CHECK(VecGetArrayAndMemType(vec_, &array_, &memory)); break;
    }
    staged_ = PetscMemTypeHost(memory);
  } else {
    const PetscScalar* values = nullptr;
    switch (access_) {
    case Access::read:
      LINNET_CHECK(VecGetArrayRead(vec_, &values));
      array_ = const_cast<PetscScalar*>(values);
      break;
    case Access::write: LINNET_CHECK(VecGetArrayWrite(vec_, &array_)); break;
    case Access::read_write: LINNET_CHECK(VecGetArray(vec_, &array_)); break;
    }
  }
  open_ = true;
}

void FieldView::give_array() {
  const PetscScalar* values = array_;
  if constexpr (kernels::on_device) {
    switch (access_) {
    case Access::read: LINNET_CHECK(VecRestoreArrayReadAndMemType(vec_, &values)); break;
    case Access::write: LINNET_CHECK(VecRestoreArrayWriteAndMemType(vec_, &array_)); break;
    case Access::read_write: LINNET_CHECK(VecRestoreArrayAndMemType(vec_, &array_)); break;
    }
  } else {
    switch (access_) {
    case Access::read: LINNET_CHECK(VecRestoreArrayRead(vec_, &values)); break;
    case Access::write: LINNET_CHECK(VecRestoreArrayWrite(vec_, &array_)); break;
    case Access::read_write: LINNET_CHECK(VecRestoreArray(vec_, &array_)); break;
    }
  }
  array_ = nullptr;
}

} // namespace linnet::grid
