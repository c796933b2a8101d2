// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/grid/redistribution.hpp>

#include <linnet/grid/message_buffer.hpp>
#include <linnet/kernels/box_copy.hpp>

namespace linnet::grid {

namespace {

using kernels::Field;
using kernels::Range;

/// Points that this rank shares with another rank's box of the other cut.
struct Share {
  int rank;
  Range points; ///< in the local numbering of this rank's box
  std::int64_t offset;
  std::int64_t size;
};

std::vector<Share> make_shares(const IndexBox& mine, const std::vector<IndexBox>& others) {
  std::vector<Share> shares;
  std::int64_t offset = 0;
  for (std::size_t r = 0; r < others.size(); ++r) {
    const IndexBox common = intersection(mine, others[r]);
    if (mine.empty() || others[r].empty() || common.empty()) continue;
    Share share{static_cast<int>(r), {}, offset, common.size()};
    for (int d = 0; d < 3; ++d) {
      share.points.lo[d] = common.lo[d] - mine.lo[d];
      share.points.hi[d] = common.hi[d] - mine.lo[d];
    }
    offset += share.size;
    shares.push_back(share);
  }
  return shares;
}

std::int64_t total(const std::vector<Share>& shares) {
  return shares.empty() ? 0 : shares.back().offset + shares.back().size;
}

template <class T>
void check_field(const Field<T>& field, const IndexBox& box) {
  if (box.empty()) return;
  for (int d = 0; d < 3; ++d)
    if (field.layout.n[d] < box.extent()[d])
      throw core::Error(core::ExitCode::internal,
                        "a field does not fit the box it is moved to or from");
}

template <class T>
struct Buffers {
  MessageBuffer<T> sent, received;
};

} // namespace

struct Redistribution::Impl {
  MessageComm messages;
  int rank;
  IndexBox from, to;
  std::vector<Share> leaving;  ///< parts of `from` by the rank that has them in `to`
  std::vector<Share> arriving; ///< parts of `to` by the rank that has them in `from`
  Buffers<double> doubles;
  Buffers<float> floats;

  Impl(MPI_Comm comm, const std::vector<IndexBox>& from_boxes,
       const std::vector<IndexBox>& to_boxes)
      : messages(comm), rank(messages.rank()) {
    const auto ranks = static_cast<std::size_t>(messages.size());
    if (from_boxes.size() != ranks || to_boxes.size() != ranks)
      throw core::Error(core::ExitCode::internal, "a redistribution needs one box per rank");
    const auto me = static_cast<std::size_t>(rank);
    from = from_boxes[me];
    to = to_boxes[me];
    leaving = make_shares(from, to_boxes);
    arriving = make_shares(to, from_boxes);
  }

  template <class T>
  Buffers<T>& buffers() {
    if constexpr (std::is_same_v<T, double>)
      return doubles;
    else
      return floats;
  }

  template <class T>
  void move(const std::vector<Share>& out, const Field<T>& src, const std::vector<Share>& in,
            const Field<T>& dst);
};

template <class T>
void Redistribution::Impl::move(const std::vector<Share>& out, const Field<T>& src,
                                const std::vector<Share>& in, const Field<T>& dst) {
  Buffers<T>& b = buffers<T>();
  b.sent.reserve(static_cast<std::size_t>(total(out)));
  b.received.reserve(static_cast<std::size_t>(total(in)));
  std::vector<MPI_Request> requests;
  requests.reserve(out.size() + in.size());
  for (const Share& share : in)
    if (share.rank != rank)
      MPI_Irecv(b.received.host_data() + share.offset, message_length(share.size), mpi_type<T>(),
                share.rank, messages.tag(), messages.comm(), &requests.emplace_back());
  for (const Share& share : out)
    kernels::pack_box(src, share.points, b.sent.kernel_data() + share.offset);
  if (!out.empty()) b.sent.to_host();
  const T* own = nullptr;
  for (const Share& share : out) {
    if (share.rank == rank)
      own = b.sent.kernel_data() + share.offset;
    else
      MPI_Isend(b.sent.host_data() + share.offset, message_length(share.size), mpi_type<T>(),
                share.rank, messages.tag(), messages.comm(), &requests.emplace_back());
  }
  MPI_Waitall(static_cast<int>(requests.size()), requests.data(), MPI_STATUSES_IGNORE);
  if (!in.empty()) b.received.to_kernel();
  for (const Share& share : in)
    kernels::unpack_box<T>(dst, share.points, share.points,
                           share.rank == rank ? own : b.received.kernel_data() + share.offset);
}

Redistribution::Redistribution(MPI_Comm comm, const std::vector<IndexBox>& from,
                               const std::vector<IndexBox>& to)
    : impl_(std::make_unique<Impl>(comm, from, to)) {}
Redistribution::~Redistribution() = default;
Redistribution::Redistribution(Redistribution&&) noexcept = default;
Redistribution& Redistribution::operator=(Redistribution&&) noexcept = default;

template <class T>
void Redistribution::forward(const Field<T>& src, const Field<T>& dst) {
  check_field(src, impl_->from);
  check_field(dst, impl_->to);
  impl_->move(impl_->leaving, src, impl_->arriving, dst);
}

template <class T>
void Redistribution::backward(const Field<T>& src, const Field<T>& dst) {
  check_field(src, impl_->to);
  check_field(dst, impl_->from);
  impl_->move(impl_->arriving, src, impl_->leaving, dst);
}

template void Redistribution::forward(const Field<double>&, const Field<double>&);
template void Redistribution::forward(const Field<float>&, const Field<float>&);
template void Redistribution::backward(const Field<double>&, const Field<double>&);
template void Redistribution::backward(const Field<float>&, const Field<float>&);

} // namespace linnet::grid
