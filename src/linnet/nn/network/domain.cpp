// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/nn/network/domain.hpp>

#include <linnet/kernels/network/padding.hpp>

#include <string>

namespace linnet::nn {

using core::Index3;
using kernels::Layout;
using kernels::Side;
using kernels::Tensor;

namespace {

const char* const padding_names[] = {"zero", "reflect", "periodic"};
const char* const coarsening_names[] = {"even", "odd"};

template <class Scale>
grid::Partition scaled(const grid::Partition& p, const Scale& scale) {
  std::array<std::vector<int>, 3> starts;
  for (int d = 0; d < 3; ++d)
    for (const int s : p.starts(d)) starts[d].push_back(scale(d, s));
  return {starts, p.periodic()};
}

/// Parts begin at even numbers; a grid that wraps ends at one, too.
bool can_be_halved(const grid::Partition& p, const std::array<bool, 3>& flat) {
  for (int d = 0; d < 3; ++d)
    for (const int s : p.starts(d))
      if (!flat[d] && s % 2 != 0 && (p.periodic()[d] || s != p.points()[d])) return false;
  return true;
}

/// Points of the next coarser grid in a direction of @p n.
int halved_extent(int n, bool wraps, Coarsening coarsening) {
  if (wraps || coarsening == Coarsening::even) return (n + 1) / 2;
  return (n - 1) / 2;
}

grid::Partition halved(const grid::Partition& p, const std::array<bool, 3>& flat,
                       Coarsening coarsening) {
  const Index3 n = p.points();
  return scaled(p, [&](int d, int s) {
    if (flat[d]) return s;
    return s == n[d] ? halved_extent(n[d], p.periodic()[d], coarsening) : s / 2;
  });
}

template <class Value>
Value parse_name(const char* const* names, int count, const std::string& what,
                 std::string_view name) {
  std::string all;
  for (int i = 0; i < count; ++i) {
    if (name == names[i]) return static_cast<Value>(i);
    all += (i == 0 ? "" : i == count - 1 ? " or " : ", ") + std::string(names[i]);
  }
  core::throw_usage(what + " '" + std::string(name) + "': must be " + all);
}

} // namespace

Padding parse_padding(std::string_view name) {
  return parse_name<Padding>(padding_names, 3, "padding", name);
}

const char* name_of(Padding padding) { return padding_names[static_cast<int>(padding)]; }

Coarsening parse_coarsening(std::string_view name) {
  return parse_name<Coarsening>(coarsening_names, 2, "coarsening", name);
}

const char* name_of(Coarsening coarsening) {
  return coarsening_names[static_cast<int>(coarsening)];
}

struct Domain::Level {
  grid::Partition partition;
  Index3 extent{};
  std::vector<Side> border; ///< the sides of this rank's box that end the domain
  std::vector<Side> seam;   ///< those where it wraps
};

Domain::Domain(MPI_Comm comm, const grid::Partition& finest, int levels, Padding padding,
               Coarsening coarsening)
    : comm_(comm), padding_(padding), coarsening_(coarsening) {
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
      partition = halved(partition, flat_, coarsening);
    }
    for (int d = 0; d < 3; ++d)
      if (partition.thinnest(d) < 1)
        core::throw_usage("a network of " + std::to_string(levels) + " levels leaves grid " +
                          std::to_string(l) +
                          " without points on some rank; use fewer ranks or a larger grid");
    auto level = std::make_unique<Level>();
    level->partition = partition;
    level->extent = partition.box(rank).extent();
    const Index3 place = partition.coordinates(rank), parts = partition.parts();
    for (int d = 0; d < 3; ++d) {
      if (flat_[d]) continue;
      std::vector<Side>& sides = partition.periodic()[d] ? level->seam : level->border;
      if (place[d] == 0) sides.push_back({d, false});
      if (place[d] == parts[d] - 1) sides.push_back({d, true});
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

Index3 Domain::coarse_points(const Index3& points, int level, Padding padding,
                             Coarsening coarsening) {
  Index3 coarse = points;
  for (int d = 0; d < 3; ++d)
    for (int l = 0; l < level && points[d] > 1; ++l) {
      coarse[d] = halved_extent(coarse[d], padding == Padding::periodic, coarsening);
      if (coarse[d] < 1)
        core::throw_usage("a grid of " + std::to_string(points[d]) +
                          " points is too small for a network of " + std::to_string(level + 1) +
                          " levels");
    }
  return coarse;
}

grid::Partition Domain::exact_cut(const Index3& points, int levels, Padding padding,
                                  Coarsening coarsening, int ranks) {
  const Index3 coarse = coarse_points(points, levels - 1, padding, coarsening);
  std::array<bool, 3> periodic{};
  for (int d = 0; d < 3; ++d) periodic[d] = padding == Padding::periodic && points[d] > 1;
  const grid::Partition partition = grid::Partition::balanced(coarse, periodic, ranks);
  return scaled(partition, [&](int d, int s) {
    return points[d] == 1 ? s : s == coarse[d] ? points[d] : s << (levels - 1);
  });
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

void Domain::require_children(int level, const std::string& what) const {
  const Index3 fine = partition(level).points(), coarse = partition(level + 1).points();
  for (int d = 0; d < 3; ++d)
    if (fine[d] != ratio()[d] * coarse[d] || coarsening_ != Coarsening::even)
      core::throw_usage(what + " needs grids of even extent and coarsening 'even', not " +
                        std::to_string(fine[d]) + " points; use convolutions with stride 2");
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
  if (beyond != Beyond::cut) return;
  for (const Side& side : levels_[static_cast<std::size_t>(level)]->seam)
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
