// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/nn/domain.hpp>

#include <linnet/kernels/padding.hpp>

#include <string>

namespace linnet::nn {

using core::Index3;
using kernels::Layout;
using kernels::Side;
using kernels::Tensor;

namespace {

const char* const padding_names[] = {"zero", "reflect", "periodic"};

template <class Scale>
grid::Partition scaled(const grid::Partition& p, const Scale& scale) {
  std::array<std::vector<int>, 3> starts;
  for (int d = 0; d < 3; ++d)
    for (const int s : p.starts(d)) starts[d].push_back(scale(d, s));
  return {starts, p.periodic()};
}

bool can_be_halved(const grid::Partition& p, const std::array<bool, 3>& flat) {
  for (int d = 0; d < 3; ++d)
    for (const int s : p.starts(d))
      if (!flat[d] && s % 2 != 0) return false;
  return true;
}

} // namespace

Padding parse_padding(std::string_view name) {
  for (int i = 0; i < 3; ++i)
    if (name == padding_names[i]) return static_cast<Padding>(i);
  core::throw_usage("padding '" + std::string(name) + "': must be zero, reflect or periodic");
}

const char* name_of(Padding padding) { return padding_names[static_cast<int>(padding)]; }

struct Domain::Level {
  grid::Partition partition;
  Index3 extent{};
  std::vector<Side> border; ///< the sides of this rank's box that end the domain
};

Domain::Domain(MPI_Comm comm, const grid::Partition& finest, int levels, Padding padding)
    : comm_(comm), padding_(padding) {
  int rank = 0;
  MPI_Comm_rank(comm, &rank);
  grid::Partition partition = finest;
  for (int d = 0; d < 3; ++d) flat_[d] = finest.points()[d] == 1;
  for (int l = 0; l < levels; ++l) {
    if (l > 0) {
      if (!can_be_halved(partition, flat_))
        core::throw_usage("a network of " + std::to_string(levels) +
                          " levels needs parts that begin at multiples of " +
                          std::to_string(1 << (levels - 1)));
      partition = scaled(partition, [&](int d, int s) { return flat_[d] ? s : s / 2; });
    }
    auto level = std::make_unique<Level>();
    level->partition = partition;
    level->extent = partition.box(rank).extent();
    const Index3 place = partition.coordinates(rank), parts = partition.parts();
    for (int d = 0; d < 3; ++d) {
      if (partition.periodic()[d] || flat_[d]) continue;
      if (place[d] == 0) level->border.push_back({d, false});
      if (place[d] == parts[d] - 1) level->border.push_back({d, true});
    }
    levels_.push_back(std::move(level));
  }
}

Domain::~Domain() = default;

grid::Partition Domain::cut(const Index3& points, int levels, Padding padding, int ranks) {
  Index3 coarse{};
  std::array<bool, 3> periodic{};
  const int factor = 1 << (levels - 1);
  for (int d = 0; d < 3; ++d) {
    coarse[d] = points[d] == 1 ? 1 : (points[d] + factor - 1) / factor;
    periodic[d] = padding == Padding::periodic && points[d] > 1;
  }
  grid::Partition partition = grid::Partition::balanced(coarse, periodic, ranks);
  for (int l = 1; l < levels; ++l)
    partition = scaled(partition, [&](int d, int s) { return points[d] == 1 ? s : 2 * s; });
  return partition;
}

const grid::Partition& Domain::partition(int level) const {
  return levels_.at(static_cast<std::size_t>(level))->partition;
}

const Index3& Domain::extent(int level) const {
  return levels_.at(static_cast<std::size_t>(level))->extent;
}

Index3 Domain::ratio() const {
  Index3 r{};
  for (int d = 0; d < 3; ++d) r[d] = flat_[d] ? 1 : 2;
  return r;
}

Index3 Domain::ghosts(int width) const {
  Index3 g{};
  for (int d = 0; d < 3; ++d) g[d] = flat_[d] ? 0 : width;
  return g;
}

void Domain::prepare(int level, int width) {
  if (width == 0) return;
  auto& halo = halos_[{level, width}];
  if (!halo)
    halo =
        std::make_unique<grid::Halo>(comm_, partition(level), ghosts(width), grid::HaloShape::box);
}

template <class T>
void Domain::exchange(int level, const Tensor<T>& t, int width) {
  prepare(level, width);
  grid::Halo& halo = *halos_.at({level, width});
  if (halo.trivial()) return;
  std::vector<kernels::Field<T>> channels;
  for (int c = 0; c < t.channels; ++c) channels.push_back(t.channel(c));
  halo.exchange(channels);
}

/// The mirror image must be this rank's own.
void Domain::require_mirror(int level, int width) const {
  for (int d = 0; d < 3; ++d)
    if (!flat_[d] && partition(level).thinnest(d) <= width)
      core::throw_usage(
          "reflecting padding needs more than " + std::to_string(width) +
          " points of every rank in each direction; use fewer ranks or a larger grid");
}

template <class T>
void Domain::fill(int level, const Tensor<T>& t, int width, Beyond beyond) {
  if (width == 0) return;
  const bool mirrors = beyond == Beyond::padding && padding_ == Padding::reflect;
  if (mirrors) require_mirror(level, width);
  exchange(level, t, width);
  for (const Side& side : levels_[static_cast<std::size_t>(level)]->border)
    if (mirrors)
      kernels::mirror_ghosts(t, side, width);
    else if (beyond == Beyond::nearest)
      kernels::repeat_border(t, side, width);
    else
      kernels::zero_ghosts(t, side, width);
}

template <class T>
void Domain::zero_border(int level, const Tensor<T>& t, int width) const {
  for (const Side& side : levels_[static_cast<std::size_t>(level)]->border)
    kernels::zero_ghosts(t, side, width);
}

template <class T>
Tensor<T> Domain::with_border(int level, const Tensor<T>& t, int width) const {
  Tensor<T> wider = t;
  for (const Side& side : levels_[static_cast<std::size_t>(level)]->border) {
    wider.layout.n[side.direction] += width;
    // The layout's number of ghosts says where the origin lies.
    if (!side.high) wider.layout.g[side.direction] -= width;
  }
  return wider;
}

template <class T>
void Domain::fold(int level, const Tensor<T>& t, int width) const {
  const auto& border = levels_[static_cast<std::size_t>(level)]->border;
  for (auto side = border.rbegin(); side != border.rend(); ++side)
    kernels::fold_ghosts(t, *side, width);
}

#define LINNET_INSTANTIATE(T)                                                                      \
  template void Domain::fill(int, const Tensor<T>&, int, Beyond);                                  \
  template void Domain::zero_border(int, const Tensor<T>&, int) const;                             \
  template Tensor<T> Domain::with_border(int, const Tensor<T>&, int) const;                        \
  template void Domain::fold(int, const Tensor<T>&, int) const;
LINNET_INSTANTIATE(float)
LINNET_INSTANTIATE(double)
#undef LINNET_INSTANTIATE

} // namespace linnet::nn
