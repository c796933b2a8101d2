// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Owning handles of PETSc objects and communicators.
#pragma once

#include <linnet/core/petsc.hpp>

#include <petscdm.h>

#include <memory>
#include <type_traits>
#include <utility>

namespace linnet::core {

struct PetscDeleter {
  void operator()(Vec v) const { static_cast<void>(VecDestroy(&v)); }
  void operator()(DM d) const { static_cast<void>(DMDestroy(&d)); }
  void operator()(Mat m) const { static_cast<void>(MatDestroy(&m)); }
  void operator()(KSP k) const { static_cast<void>(KSPDestroy(&k)); }
  void operator()(MatNullSpace n) const { static_cast<void>(MatNullSpaceDestroy(&n)); }
};
template <class T>
using Owned = std::unique_ptr<std::remove_pointer_t<T>, PetscDeleter>;

/// A communicator that is freed with its owner.
class OwnedComm {
public:
  OwnedComm() = default;
  explicit OwnedComm(MPI_Comm comm) : comm_(comm) {}
  OwnedComm(OwnedComm&& other) noexcept : comm_(other.comm_) { other.comm_ = MPI_COMM_NULL; }
  OwnedComm& operator=(OwnedComm&& other) noexcept {
    std::swap(comm_, other.comm_);
    return *this;
  }
  ~OwnedComm() {
    if (comm_ != MPI_COMM_NULL) MPI_Comm_free(&comm_);
  }
  [[nodiscard]] MPI_Comm get() const { return comm_; }

private:
  MPI_Comm comm_ = MPI_COMM_NULL;
};

} // namespace linnet::core
