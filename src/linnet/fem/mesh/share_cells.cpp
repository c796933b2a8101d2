// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/fem/mesh/share_cells.hpp>

#include <cstdint>
#include <type_traits>

namespace linnet::fem {

namespace {

template <class Number>
MPI_Datatype mpi_type() {
  if constexpr (std::is_same_v<Number, double>)
    return MPI_DOUBLE;
  else if constexpr (sizeof(Number) == 8)
    return MPI_INT64_T;
  else
    return MPI_INT32_T;
}

class Sharing {
public:
  explicit Sharing(MPI_Comm comm) : comm_(comm) {
    MPI_Comm_rank(comm, &rank_);
    MPI_Comm_size(comm, &size_);
  }

  template <class Value>
  void broadcast_value(Value& value) const {
    MPI_Bcast(&value, sizeof value, MPI_BYTE, 0, comm_);
  }

  template <class Number>
  void broadcast(std::vector<Number>& values) const {
    auto count = static_cast<std::int64_t>(values.size());
    broadcast_value(count);
    values.resize(static_cast<std::size_t>(count));
    MPI_Bcast(values.data(), static_cast<int>(count), mpi_type<Number>(), 0, comm_);
  }

  void broadcast(std::string& text) const {
    auto count = static_cast<std::int64_t>(text.size());
    broadcast_value(count);
    text.resize(static_cast<std::size_t>(count));
    MPI_Bcast(text.data(), static_cast<int>(count), MPI_CHAR, 0, comm_);
  }

  /// The first of this rank's of @p all rows.
  [[nodiscard]] std::int64_t first(std::int64_t all, int rank) const { return all * rank / size_; }

  /// This rank's rows of a table of @p all rows on rank 0.
  template <class Number>
  void scatter(std::vector<Number>& table, std::int64_t all, int width) const {
    MPI_Datatype row = MPI_DATATYPE_NULL;
    MPI_Type_contiguous(width, mpi_type<Number>(), &row);
    MPI_Type_commit(&row);
    std::vector<int> counts, offsets;
    for (int r = 0; r < size_; ++r) {
      offsets.push_back(static_cast<int>(first(all, r)));
      counts.push_back(static_cast<int>(first(all, r + 1) - first(all, r)));
    }
    const int mine = counts[static_cast<std::size_t>(rank_)];
    std::vector<Number> share(static_cast<std::size_t>(mine) * static_cast<std::size_t>(width));
    MPI_Scatterv(table.data(), counts.data(), offsets.data(), row, share.data(), mine, row, 0,
                 comm_);
    MPI_Type_free(&row);
    table = std::move(share);
  }

  [[nodiscard]] int rank() const { return rank_; }

private:
  MPI_Comm comm_;
  int rank_ = 0, size_ = 1;
};

} // namespace

CellList shared_out(MPI_Comm comm, CellList list) {
  const Sharing share(comm);
  share.broadcast_value(list.shape);
  share.broadcast(list.source);
  std::int64_t sizes[4] = {static_cast<std::int64_t>(list.cell_regions.size()),
                           static_cast<std::int64_t>(list.coordinates.size() / 3),
                           static_cast<std::int64_t>(list.regions.size()),
                           static_cast<std::int64_t>(list.groups.size())};
  share.broadcast_value(sizes);
  list.regions.resize(static_cast<std::size_t>(sizes[2]));
  for (std::string& name : list.regions) share.broadcast(name);
  list.groups.resize(static_cast<std::size_t>(sizes[3]));
  for (GroupList& group : list.groups) {
    share.broadcast(group.name);
    share.broadcast_value(group.dimension);
    share.broadcast(group.nodes);
  }
  list.first_cell = static_cast<PetscInt>(share.first(sizes[0], share.rank()));
  list.first_node = static_cast<PetscInt>(share.first(sizes[1], share.rank()));
  share.scatter(list.cells, sizes[0], nodes_per_cell(list.shape));
  share.scatter(list.cell_regions, sizes[0], 1);
  share.scatter(list.cell_tags, sizes[0], 1);
  share.scatter(list.coordinates, sizes[1], 3);
  return list;
}

} // namespace linnet::fem
