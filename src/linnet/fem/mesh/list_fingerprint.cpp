// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/fem/mesh/list_fingerprint.hpp>

#include <array>
#include <bit>
#include <cstdint>
#include <cstdio>
#include <string_view>

namespace linnet::fem {

namespace {

/// The finaliser of splitmix64 (Steele, Lea, Flood, "Fast splittable pseudorandom number
/// generators", OOPSLA'14).
std::uint64_t mixed(std::uint64_t x) {
  x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9u;
  x = (x ^ (x >> 27)) * 0x94D049BB133111EBu;
  return x ^ (x >> 31);
}

/// The hash of one item: a kind, its number and its content in order.
class ItemHash {
public:
  explicit ItemHash(std::uint64_t kind)
      : lanes_{mixed(kind + 1), mixed(kind + 0x9E3779B97F4A7C15u)} {}
  ItemHash& add(std::uint64_t word) {
    lanes_[0] = mixed(lanes_[0] + word + 0x9E3779B97F4A7C15u);
    lanes_[1] = mixed((lanes_[1] ^ word) * 0xD6E8FEB86659FD93u + 1);
    return *this;
  }
  ItemHash& add(double value) { return add(std::bit_cast<std::uint64_t>(value + 0.0)); }
  ItemHash& add(std::string_view text) {
    add(static_cast<std::uint64_t>(text.size()));
    for (const char c : text) add(static_cast<std::uint64_t>(static_cast<unsigned char>(c)));
    return *this;
  }
  void into(std::array<std::uint64_t, 2>& sum) const {
    sum[0] += lanes_[0];
    sum[1] += lanes_[1];
  }

private:
  std::array<std::uint64_t, 2> lanes_;
};

std::uint64_t word(std::int64_t value) { return static_cast<std::uint64_t>(value); }

void add_cells(const CellList& list, std::array<std::uint64_t, 2>& sum) {
  const auto width = static_cast<std::size_t>(nodes_per_cell(list.shape));
  for (std::size_t c = 0; c < list.cell_regions.size(); ++c) {
    ItemHash hash(width);
    hash.add(word(list.first_cell) + c).add(word(list.cell_regions[c]));
    for (std::size_t n = 0; n < width; ++n) hash.add(word(list.cells[c * width + n]));
    hash.into(sum);
  }
}

void add_nodes(const CellList& list, std::array<std::uint64_t, 2>& sum) {
  for (std::size_t n = 0; n < list.coordinates.size() / 3; ++n) {
    ItemHash hash(1);
    hash.add(word(list.first_node) + n);
    for (std::size_t d = 0; d < 3; ++d) hash.add(list.coordinates[3 * n + d]);
    hash.into(sum);
  }
}

void add_names(const CellList& list, std::array<std::uint64_t, 2>& sum) {
  for (std::size_t r = 0; r < list.regions.size(); ++r)
    ItemHash(2).add(word(static_cast<std::int64_t>(r))).add(list.regions[r]).into(sum);
  for (const GroupList& group : list.groups) {
    ItemHash hash(3);
    hash.add(group.name).add(word(group.dimension));
    for (const PetscInt n : group.nodes) hash.add(word(n));
    hash.into(sum);
  }
}

} // namespace

std::string list_fingerprint(MPI_Comm comm, const CellList& list) {
  int rank = 0;
  MPI_Comm_rank(comm, &rank);
  std::array<std::uint64_t, 2> sum{};
  add_cells(list, sum);
  add_nodes(list, sum);
  if (rank == 0) add_names(list, sum);
  MPI_Allreduce(MPI_IN_PLACE, sum.data(), 2, MPI_UINT64_T, MPI_SUM, comm);
  std::array<char, 33> text{};
  std::snprintf(text.data(), text.size(), "%016llx%016llx", static_cast<unsigned long long>(sum[0]),
                static_cast<unsigned long long>(sum[1]));
  return {text.data(), 32};
}

} // namespace linnet::fem
