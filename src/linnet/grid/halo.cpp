// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/grid/halo.hpp>

#include <linnet/core/log.hpp>
#include <linnet/grid/message_buffer.hpp>
#include <linnet/kernels/box_copy.hpp>

#include <optional>
#include <string>

namespace linnet::grid {

namespace {

using core::Index3;
using kernels::Field;
using kernels::Range;

/// The ghosts on one side, and the owned points that the same neighbour needs from us.
struct Link {
  Index3 direction;
  int rank;
  Range ghosts; ///< local numbering
  Range owned;
  std::int64_t offset; ///< of this link's points in a buffer of one channel
  [[nodiscard]] std::int64_t size() const {
    return core::volume(
        {ghosts.hi[0] - ghosts.lo[0], ghosts.hi[1] - ghosts.lo[1], ghosts.hi[2] - ghosts.lo[2]});
  }
};

void check_parts(const Partition& p, const Index3& width) {
  static const char* names[] = {"x", "y", "z"};
  for (int d = 0; d < 3; ++d) {
    const bool has_ghosts = p.parts()[d] > 1 || p.periodic()[d];
    if (has_ghosts && p.thinnest(d) < width[d])
      core::throw_usage("the grid has a part of " + std::to_string(p.thinnest(d)) +
                        " points in direction " + names[d] + ", fewer than the " +
                        std::to_string(width[d]) +
                        " ghost layers needed there; use fewer ranks in that direction");
  }
}

/// The rank beyond @p direction, if the domain goes on there.
std::optional<int> neighbour(const Partition& p, int rank, const Index3& direction) {
  Index3 c = p.coordinates(rank);
  for (int d = 0; d < 3; ++d) {
    c[d] += direction[d];
    if (c[d] >= 0 && c[d] < p.parts()[d]) continue;
    if (!p.periodic()[d]) return std::nullopt;
    c[d] = (c[d] + p.parts()[d]) % p.parts()[d];
  }
  return p.rank_at(c);
}

Link make_link(const Index3& direction, int rank, const Index3& n, const Index3& width) {
  Link link{direction, rank, {}, {}, 0};
  for (int d = 0; d < 3; ++d) {
    const int w = width[d];
    link.ghosts.lo[d] = direction[d] < 0 ? -w : direction[d] > 0 ? n[d] : 0;
    link.ghosts.hi[d] = direction[d] < 0 ? 0 : direction[d] > 0 ? n[d] + w : n[d];
    link.owned.lo[d] = direction[d] > 0 ? n[d] - w : 0;
    link.owned.hi[d] = direction[d] < 0 ? w : n[d];
  }
  return link;
}

/// All links in the order of their directions; link m and the link of the opposite direction are
/// then mirror images in the list, periodic or not, on the sending and on the receiving side.
std::vector<Link> make_links(const Partition& p, int rank, const Index3& width, HaloShape shape) {
  std::vector<Link> links;
  const IndexBox box = p.box(rank);
  if (box.empty()) return links;
  std::int64_t offset = 0;
  for (int code = 0; code < 27; ++code) {
    const Index3 direction{code % 3 - 1, code / 3 % 3 - 1, code / 9 - 1};
    int sides = 0;
    bool wanted = true;
    for (int d = 0; d < 3; ++d) {
      sides += direction[d] != 0;
      wanted = wanted && (direction[d] == 0 || width[d] > 0);
    }
    if (!wanted || sides == 0 || (shape == HaloShape::star && sides > 1)) continue;
    const auto other = neighbour(p, rank, direction);
    if (!other) continue;
    links.push_back(make_link(direction, *other, box.extent(), width));
    links.back().offset = offset;
    offset += links.back().size();
  }
  return links;
}

template <class T>
struct Channel {
  MessageBuffer<T> sent, received;
  std::vector<MPI_Request> requests;
  int fields = 0;
  bool under_way = false;
};

} // namespace

struct Halo::Impl {
  MessageComm messages;
  int rank;
  Index3 extent;
  Index3 width;
  std::vector<Link> links;
  std::int64_t points = 0; ///< ghosts of one field
  Channel<double> doubles;
  Channel<float> floats;

  Impl(MPI_Comm comm, const Partition& p, const Index3& w, HaloShape shape)
      : messages(comm), rank(messages.rank()), width(w) {
    if (messages.size() != p.ranks())
      throw core::Error(core::ExitCode::internal, "a halo over " + std::to_string(messages.size()) +
                                                      " ranks was asked for a grid cut into " +
                                                      std::to_string(p.ranks()));
    check_parts(p, w);
    extent = p.box(rank).extent();
    links = make_links(p, rank, w, shape);
    for (const Link& link : links) points += link.size();
  }

  template <class T>
  Channel<T>& channel() {
    if constexpr (std::is_same_v<T, double>)
      return doubles;
    else
      return floats;
  }

  /// The link whose owned points are what @p link needs when the neighbour is this rank itself.
  [[nodiscard]] const Link& opposite(const Link& link) const {
    for (const Link& other : links)
      if (other.direction == Index3{-link.direction[0], -link.direction[1], -link.direction[2]})
        return other;
    throw core::Error(core::ExitCode::internal, "a periodic link without its opposite");
  }

  template <class T>
  void check_field(const Field<T>& field, const Index3& ghosts) const {
    for (int d = 0; d < 3; ++d)
      if (field.layout.n[d] != extent[d] || field.layout.g[d] < ghosts[d])
        throw core::Error(core::ExitCode::internal,
                          "a field does not fit the box or the width of its halo");
  }

  template <class T>
  void begin(std::span<const Field<T>> fields);
  template <class T>
  void wait();
};

template <class T>
void Halo::Impl::begin(std::span<const Field<T>> fields) {
  Channel<T>& c = channel<T>();
  if (c.under_way)
    throw core::Error(core::ExitCode::internal,
                      "a second halo exchange began before the first ended");
  for (const auto& field : fields) check_field(field, {0, 0, 0});
  c.fields = static_cast<int>(fields.size());
  c.under_way = true;
  c.requests.clear();
  if (links.empty()) return;
  const std::int64_t channels = c.fields;
  c.sent.reserve(static_cast<std::size_t>(points * channels));
  c.received.reserve(static_cast<std::size_t>(points * channels));
  // Messages between two ranks match in the order of posting: the sender posts in the order of its
  // directions, so the receiver posts in the reverse order of its own.
  for (auto link = links.rbegin(); link != links.rend(); ++link) {
    if (link->rank == rank) continue;
    MPI_Irecv(c.received.host_data() + link->offset * channels,
              message_length(link->size() * channels), mpi_type<T>(), link->rank, messages.tag(),
              messages.comm(), &c.requests.emplace_back());
  }
  for (const Link& link : links)
    for (std::int64_t f = 0; f < channels; ++f)
      kernels::pack_box(fields[static_cast<std::size_t>(f)], link.owned,
                        c.sent.kernel_data() + link.offset * channels + f * link.size());
  c.sent.to_host();
  for (const Link& link : links) {
    if (link.rank == rank) continue;
    MPI_Isend(c.sent.host_data() + link.offset * channels, message_length(link.size() * channels),
              mpi_type<T>(), link.rank, messages.tag(), messages.comm(),
              &c.requests.emplace_back());
  }
}

template <class T>
void Halo::Impl::wait() {
  Channel<T>& c = channel<T>();
  if (!c.under_way)
    throw core::Error(core::ExitCode::internal, "the end of a halo exchange that did not begin");
  c.under_way = false;
  if (links.empty()) return;
  MPI_Waitall(static_cast<int>(c.requests.size()), c.requests.data(), MPI_STATUSES_IGNORE);
  c.received.to_kernel();
}

Halo::Halo(MPI_Comm comm, const Partition& partition, const Index3& width, HaloShape shape)
    : impl_(std::make_unique<Impl>(comm, partition, width, shape)) {}
Halo::~Halo() = default;
Halo::Halo(Halo&&) noexcept = default;
Halo& Halo::operator=(Halo&&) noexcept = default;

template <class T>
void Halo::begin(std::span<const Field<T>> fields) {
  LINNET_CHECK(PetscLogEventBegin(core::events().halo_exchange, 0, 0, 0, 0));
  impl_->begin(fields);
  LINNET_CHECK(PetscLogEventEnd(core::events().halo_exchange, 0, 0, 0, 0));
}

template <class T>
void Halo::wait() {
  LINNET_CHECK(PetscLogEventBegin(core::events().halo_exchange, 0, 0, 0, 0));
  impl_->wait<T>();
  LINNET_CHECK(PetscLogEventEnd(core::events().halo_exchange, 0, 0, 0, 0));
}

template <class T>
void Halo::end(std::span<const Field<T>> fields) {
  for (const auto& field : fields) impl_->check_field(field, impl_->width);
  wait<T>();
  for (std::size_t f = 0; f < fields.size(); ++f) unpack(static_cast<int>(f), fields[f], {0, 0, 0});
}

template <class T>
void Halo::unpack(int number, const Field<T>& window, const Index3& origin) const {
  const Channel<T>& c = impl_->channel<T>();
  if (number < 0 || number >= c.fields)
    throw core::Error(core::ExitCode::internal, "a field that the halo exchange did not carry");
  for (const Link& link : impl_->links) {
    const bool own = link.rank == impl_->rank;
    const Link& source = own ? impl_->opposite(link) : link;
    const T* data = (own ? c.sent : c.received).kernel_data() + source.offset * c.fields +
                    number * source.size();
    Range dense = link.ghosts, part;
    for (int d = 0; d < 3; ++d) {
      dense.lo[d] -= origin[d];
      dense.hi[d] -= origin[d];
      part.lo[d] = std::max(dense.lo[d], -window.layout.g[d]);
      part.hi[d] = std::min(dense.hi[d], window.layout.n[d] + window.layout.g[d]);
    }
    kernels::unpack_box(window, part, dense, data);
  }
}

bool Halo::trivial() const { return impl_->links.empty(); }

bool Halo::has_neighbour(const Index3& direction) const {
  for (const Link& link : impl_->links)
    if (link.direction == direction) return true;
  return false;
}

template void Halo::begin(std::span<const Field<double>>);
template void Halo::begin(std::span<const Field<float>>);
template void Halo::end(std::span<const Field<double>>);
template void Halo::end(std::span<const Field<float>>);
template void Halo::wait<double>();
template void Halo::wait<float>();
template void Halo::unpack(int, const Field<double>&, const Index3&) const;
template void Halo::unpack(int, const Field<float>&, const Index3&) const;

} // namespace linnet::grid
