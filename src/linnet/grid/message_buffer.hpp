// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Memory for messages, and the communicator they travel on.
#pragma once

#include <linnet/core/petsc.hpp>
#include <linnet/kernels/compat.hpp>

#include <limits>
#include <string>
#include <type_traits>

namespace linnet::grid {

template <class T>
MPI_Datatype mpi_type() {
  static_assert(std::is_same_v<T, double> || std::is_same_v<T, float>);
  return std::is_same_v<T, double> ? MPI_DOUBLE : MPI_FLOAT;
}

/// Length of a message; throws where MPI's int does not hold it.
inline int message_length(std::int64_t values) {
  if (values > std::numeric_limits<int>::max())
    throw core::Error(
        core::ExitCode::usage,
        "the face of one rank's block has more points than one message can carry; use "
        "more ranks");
  return static_cast<int>(values);
}

/// A buffer that kernels fill or read and MPI sends or receives: one memory on the CPU, a pair with
/// copies in between on a GPU.
template <class T>
class MessageBuffer {
public:
  /// Room for @p count values; contents are lost when it grows.
  void reserve(std::size_t count) {
    if (kernel_.extent(0) >= count) return;
    kernel_ = kernels::Array<T>(std::string("linnet::grid::message"), count);
    host_ = Kokkos::create_mirror_view(kernel_);
  }
  [[nodiscard]] T* kernel_data() const { return kernel_.data(); }
  [[nodiscard]] T* host_data() const { return host_.data(); }
  /// After the kernels that filled it, before MPI reads it.
  void to_host() const {
    Kokkos::fence();
    if (kernels::on_device) Kokkos::deep_copy(host_, kernel_);
  }
  /// After MPI filled it, before kernels read it.
  void to_kernel() const {
    if (kernels::on_device) Kokkos::deep_copy(kernel_, host_);
  }

private:
  kernels::Array<T> kernel_;
  kernels::HostArray<T> host_;
};

/// PETSc's private duplicate of a communicator with a tag of our own: no message of ours can meet
/// one of the user's, and a program full of levels does not run out of communicators.
class MessageComm {
public:
  /// Collective on @p comm.
  explicit MessageComm(MPI_Comm comm) { LINNET_CHECK(PetscCommDuplicate(comm, &comm_, &tag_)); }
  ~MessageComm() {
    if (comm_ != MPI_COMM_NULL && PetscInitializeCalled && !PetscFinalizeCalled)
      (void)PetscCommDestroy(&comm_);
  }
  MessageComm(const MessageComm&) = delete;
  MessageComm& operator=(const MessageComm&) = delete;
  [[nodiscard]] MPI_Comm comm() const { return comm_; }
  [[nodiscard]] int tag() const { return tag_; }
  [[nodiscard]] int rank() const {
    int r;
    MPI_Comm_rank(comm_, &r);
    return r;
  }
  [[nodiscard]] int size() const {
    int s;
    MPI_Comm_size(comm_, &s);
    return s;
  }

private:
  MPI_Comm comm_ = MPI_COMM_NULL;
  PetscMPIInt tag_ = 0;
};

} // namespace linnet::grid
