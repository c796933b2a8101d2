// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/problems/geometry/components.hpp>

#include <linnet/problems/cells/cell_values.hpp>

#include <algorithm>
#include <numeric>
#include <unordered_map>

namespace linnet::problems {

namespace {

using Roots = std::vector<std::int64_t>;

/// Sets of owned cells, merged pairwise; the representative is the smallest member.
class DisjointSets {
public:
  explicit DisjointSets(std::size_t count) : parent_(count) {
    std::iota(parent_.begin(), parent_.end(), std::size_t{0});
  }
  std::size_t find(std::size_t a) {
    while (parent_[a] != a) a = parent_[a] = parent_[parent_[a]];
    return a;
  }
  void join(std::size_t a, std::size_t b) {
    a = find(a), b = find(b);
    if (a < b)
      parent_[b] = a;
    else
      parent_[a] = b;
  }

private:
  std::vector<std::size_t> parent_;
};

constexpr double no_root = -1.0;

/// For each owned fluid cell the smallest natural index of its part of the rank's box, else
/// no_root. Local places and natural indices grow together, so the smallest place gives the
/// smallest index.
void label_box(const CellGrid& grid, Vec mask, Vec roots) {
  const auto n = grid.box.extent();
  const auto cells = static_cast<std::size_t>(grid.box.size());
  std::vector<bool> fluid(cells, true);
  if (mask) {
    const ConstCellValues solid(mask);
    for (std::size_t c = 0; c < cells; ++c) fluid[c] = solid[static_cast<std::ptrdiff_t>(c)] < 0.5;
  }
  DisjointSets sets(cells);
  const std::ptrdiff_t stride[3] = {1, n[0], std::ptrdiff_t{n[0]} * n[1]};
  visit_cells(grid.box, [&](int i, int j, int k) {
    const auto cell = static_cast<std::size_t>(grid.local_index(i, j, k));
    const bool has_lower[3] = {i > grid.box.lo[0], j > grid.box.lo[1], k > grid.box.lo[2]};
    for (int d = 0; d < 3; ++d) {
      const auto lower = cell - static_cast<std::size_t>(stride[d]);
      if (has_lower[d] && fluid[cell] && fluid[lower]) sets.join(cell, lower);
    }
  });
  CellValues root(roots);
  for (std::size_t c = 0; c < cells; ++c) {
    const auto place = static_cast<int>(sets.find(c));
    const int i = grid.box.lo[0] + place % n[0], j = grid.box.lo[1] + place / n[0] % n[1];
    const int k = grid.box.lo[2] + place / (n[0] * n[1]);
    // Natural indices are exact in double precision up to 2^53.
    root[static_cast<std::ptrdiff_t>(c)] =
        fluid[c] ? static_cast<double>(grid.natural_index(i, j, k)) : no_root;
  }
}

/// Pairs of roots that meet at the faces of the rank's box, each once; @p local has ghosts.
std::vector<std::array<std::int64_t, 2>> meeting_roots(DM cells, const CellGrid& grid, Vec local) {
  PetscInt lo[3], n[3];
  LINNET_CHECK(DMDAGetGhostCorners(cells, &lo[0], &lo[1], &lo[2], &n[0], &n[1], &n[2]));
  const ConstCellValues root(local);
  const auto at = [&](const core::Index3& p) {
    return static_cast<std::int64_t>(
        root[(p[0] - lo[0]) +
             std::ptrdiff_t{n[0]} * ((p[1] - lo[1]) + std::ptrdiff_t{n[1]} * (p[2] - lo[2]))]);
  };
  std::vector<std::array<std::int64_t, 2>> pairs;
  for (int d = 0; d < grid.dim; ++d)
    for (const int side : {0, 1}) {
      const int edge = side ? grid.box.hi[d] - 1 : grid.box.lo[d];
      const int beyond = side ? edge + 1 : edge - 1;
      if (!grid.periodic[d] && (beyond < 0 || beyond >= grid.cells[d])) continue;
      auto face = grid.box;
      face.lo[d] = edge, face.hi[d] = edge + 1;
      visit_cells(face, [&](int i, int j, int k) {
        core::Index3 other{i, j, k};
        other[d] = beyond;
        const auto a = at({i, j, k}), b = at(other);
        if (a >= 0 && b >= 0 && a != b) pairs.push_back({std::min(a, b), std::max(a, b)});
      });
    }
  std::sort(pairs.begin(), pairs.end());
  pairs.erase(std::unique(pairs.begin(), pairs.end()), pairs.end());
  return pairs;
}

/// The lists of all ranks one after another. Collective.
Roots gather(MPI_Comm comm, const Roots& mine) {
  int ranks;
  MPI_Comm_size(comm, &ranks);
  const int count = static_cast<int>(mine.size());
  std::vector<int> counts(static_cast<std::size_t>(ranks)), starts(counts.size());
  MPI_Allgather(&count, 1, MPI_INT, counts.data(), 1, MPI_INT, comm);
  std::exclusive_scan(counts.begin(), counts.end(), starts.begin(), 0);
  Roots all(static_cast<std::size_t>(starts.back() + counts.back()));
  MPI_Allgatherv(mine.data(), count, MPI_INT64_T, all.data(), counts.data(), starts.data(),
                 MPI_INT64_T, comm);
  return all;
}

/// Root of a rank's part -> smallest root of the whole component, for the parts that meet others.
class GlobalRoots {
public:
  void join(std::int64_t a, std::int64_t b) {
    a = find(a), b = find(b);
    if (a != b) parent_[std::max(a, b)] = std::min(a, b);
  }
  std::int64_t find(std::int64_t a) {
    for (auto next = parent_.find(a); next != parent_.end(); next = parent_.find(a)) {
      const auto above = parent_.find(next->second);
      if (above != parent_.end()) next->second = above->second;
      a = next->second;
    }
    return a;
  }

private:
  std::unordered_map<std::int64_t, std::int64_t> parent_;
};

GlobalRoots merge_roots(DM cells, const CellGrid& grid, Vec roots) {
  Vec local;
  LINNET_CHECK(DMGetLocalVector(cells, &local));
  LINNET_CHECK(DMGlobalToLocal(cells, roots, INSERT_VALUES, local));
  Roots mine;
  for (const auto& pair : meeting_roots(cells, grid, local))
    mine.insert(mine.end(), pair.begin(), pair.end());
  LINNET_CHECK(DMRestoreLocalVector(cells, &local));
  const auto all = gather(grid.comm, mine);
  GlobalRoots merged;
  for (std::size_t p = 0; p + 1 < all.size(); p += 2) merged.join(all[p], all[p + 1]);
  return merged;
}

/// Sends each value to the rank that keeps its block of natural indices and returns what came, rank
/// by rank; @p counts gets how many from each. Values are sorted. Collective.
Roots send_to_blocks(MPI_Comm comm, const Roots& values, std::int64_t block, std::vector<int>& sent,
                     std::vector<int>& received) {
  int ranks;
  MPI_Comm_size(comm, &ranks);
  sent.assign(static_cast<std::size_t>(ranks), 0), received = sent;
  for (const auto v : values) ++sent[static_cast<std::size_t>(v / block)];
  MPI_Alltoall(sent.data(), 1, MPI_INT, received.data(), 1, MPI_INT, comm);
  std::vector<int> from(sent.size()), to(sent.size());
  std::exclusive_scan(sent.begin(), sent.end(), from.begin(), 0);
  std::exclusive_scan(received.begin(), received.end(), to.begin(), 0);
  Roots arrived(static_cast<std::size_t>(to.back() + received.back()));
  MPI_Alltoallv(values.data(), sent.data(), from.data(), MPI_INT64_T, arrived.data(),
                received.data(), to.data(), MPI_INT64_T, comm);
  return arrived;
}

/// The number of each of @p mine (sorted component roots, some of them held by several ranks) in
/// the order of all roots; no rank ever holds them all. Returns how many there are. Collective.
std::int64_t number_roots(const CellGrid& grid, const Roots& mine, Roots& numbers) {
  int ranks;
  MPI_Comm_size(grid.comm, &ranks);
  const auto block = (core::volume(grid.cells) + ranks - 1) / ranks;
  std::vector<int> sent, received;
  const auto asked = send_to_blocks(grid.comm, mine, block, sent, received);
  Roots kept = asked;
  std::sort(kept.begin(), kept.end());
  kept.erase(std::unique(kept.begin(), kept.end()), kept.end());
  std::int64_t count = static_cast<std::int64_t>(kept.size()), end = 0;
  MPI_Scan(&count, &end, 1, MPI_INT64_T, MPI_SUM, grid.comm);
  Roots answers;
  for (const auto root : asked)
    answers.push_back(end - count +
                      (std::lower_bound(kept.begin(), kept.end(), root) - kept.begin()));
  std::vector<int> from(sent.size()), to(sent.size());
  std::exclusive_scan(received.begin(), received.end(), from.begin(), 0);
  std::exclusive_scan(sent.begin(), sent.end(), to.begin(), 0);
  numbers.resize(mine.size());
  MPI_Alltoallv(answers.data(), received.data(), from.data(), MPI_INT64_T, numbers.data(),
                sent.data(), to.data(), MPI_INT64_T, grid.comm);
  MPI_Allreduce(MPI_IN_PLACE, &count, 1, MPI_INT64_T, MPI_SUM, grid.comm);
  return count;
}

std::int64_t label(DM cells, Vec mask, Vec labels) {
  const auto grid = CellGrid::of(cells);
  label_box(grid, mask, labels);
  auto merged = merge_roots(cells, grid, labels);
  CellValues root(labels);
  const auto count = static_cast<std::ptrdiff_t>(grid.box.size());
  Roots present;
  std::int64_t last = -1;
  for (std::ptrdiff_t c = 0; c < count; ++c) {
    if (root[c] < 0.0) continue;
    const auto whole = merged.find(static_cast<std::int64_t>(root[c]));
    root[c] = static_cast<double>(whole);
    if (whole != last) present.push_back(last = whole);
  }
  std::sort(present.begin(), present.end());
  present.erase(std::unique(present.begin(), present.end()), present.end());
  Roots numbers;
  const auto components = number_roots(grid, present, numbers);
  for (std::ptrdiff_t c = 0; c < count; ++c) {
    if (root[c] < 0.0) continue;
    const auto place =
        std::lower_bound(present.begin(), present.end(), static_cast<std::int64_t>(root[c]));
    root[c] = static_cast<double>(numbers[static_cast<std::size_t>(place - present.begin())]);
  }
  return components;
}

/// Calls @p body(label, place) for the fluid cells that this rank owns.
template <class Body>
void for_each_label(Vec labels, Body body) {
  PetscInt owned;
  LINNET_CHECK(VecGetLocalSize(labels, &owned));
  const ConstCellValues label(labels);
  for (PetscInt c = 0; c < owned; ++c)
    if (label[c] >= 0.0) body(static_cast<std::size_t>(label[c]), c);
}

bool at_face(const CellGrid& grid, const FaceFlags& faces, const core::Index3& p) {
  for (std::size_t d = 0; d < static_cast<std::size_t>(grid.dim); ++d)
    if (!grid.periodic[d] &&
        ((faces[2 * d] && p[d] == 0) || (faces[2 * d + 1] && p[d] == grid.cells[d] - 1)))
      return true;
  return false;
}

std::int64_t close_isolated(DM cells, const FaceFlags& open, Vec mask) {
  const auto grid = CellGrid::of(cells);
  Vec local;
  LINNET_CHECK(DMGetLocalVector(cells, &local));
  LINNET_CHECK(DMGlobalToLocal(cells, mask, INSERT_VALUES, local));
  PetscInt lo[3], n[3];
  LINNET_CHECK(DMDAGetGhostCorners(cells, &lo[0], &lo[1], &lo[2], &n[0], &n[1], &n[2]));
  std::int64_t closed = 0;
  {
    const ConstCellValues old(local);
    CellValues now(mask);
    const auto at = [&](const core::Index3& p) {
      return old[(p[0] - lo[0]) +
                 std::ptrdiff_t{n[0]} * ((p[1] - lo[1]) + std::ptrdiff_t{n[1]} * (p[2] - lo[2]))];
    };
    const auto joins = [&](core::Index3 p, int d, int step) {
      p[d] += step;
      if (!grid.periodic[d] && (p[d] < 0 || p[d] >= grid.cells[d])) return false;
      return at(p) < 0.5 || at(p) >= 1.5;
    };
    visit_cells(grid.box, [&](int i, int j, int k) {
      const core::Index3 p{i, j, k};
      bool keep = at(p) >= 0.5 || at_face(grid, open, p);
      // A periodic direction of one cell joins the cell to itself: no neighbour.
      for (int d = 0; d < grid.dim; ++d)
        if (grid.cells[d] > 1) keep = keep || joins(p, d, -1) || joins(p, d, 1);
      if (!keep) now[grid.local_index(i, j, k)] = 1.0, ++closed;
    });
  }
  LINNET_CHECK(DMRestoreLocalVector(cells, &local));
  MPI_Allreduce(MPI_IN_PLACE, &closed, 1, MPI_INT64_T, MPI_SUM, grid.comm);
  return closed;
}

} // namespace

PetscErrorCode label_components(DM cells, Vec mask, Vec labels, PetscInt* count) {
  PetscFunctionBegin;
  LINNET_PETSC_GUARD(*count = static_cast<PetscInt>(label(cells, mask, labels)));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode component_sizes(Vec labels, PetscInt count, std::vector<PetscInt>* sizes) {
  PetscFunctionBegin;
  sizes->assign(static_cast<std::size_t>(count), 0);
  LINNET_PETSC_GUARD(for_each_label(labels, [&](std::size_t c, PetscInt) { ++(*sizes)[c]; }));
  PetscCallMPI(MPI_Allreduce(MPI_IN_PLACE, sizes->data(), static_cast<int>(count), MPIU_INT,
                             MPI_SUM, PetscObjectComm(reinterpret_cast<PetscObject>(labels))));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode components_at_faces(DM cells, Vec labels, PetscInt count, const FaceFlags& faces,
                                   std::vector<bool>* touches) {
  PetscFunctionBegin;
  std::vector<unsigned char> flags(static_cast<std::size_t>(count), 0);
  LINNET_PETSC_GUARD({
    const auto grid = CellGrid::of(cells);
    const ConstCellValues label(labels);
    std::ptrdiff_t place = 0;
    visit_cells(grid.box, [&](int i, int j, int k) {
      const double number = label[place++];
      if (number >= 0.0 && at_face(grid, faces, {i, j, k}))
        flags[static_cast<std::size_t>(number)] = 1;
    });
  });
  PetscCallMPI(MPI_Allreduce(MPI_IN_PLACE, flags.data(), static_cast<int>(count), MPI_UNSIGNED_CHAR,
                             MPI_MAX, PetscObjectComm(reinterpret_cast<PetscObject>(labels))));
  touches->assign(flags.begin(), flags.end());
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode component_indicator(Vec labels, PetscInt number, Vec indicator) {
  PetscFunctionBegin;
  PetscCall(VecSet(indicator, 0.0));
  LINNET_PETSC_GUARD({
    CellValues values(indicator);
    for_each_label(labels, [&](std::size_t c, PetscInt place) {
      if (static_cast<PetscInt>(c) == number) values[place] = 1.0;
    });
  });
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode close_isolated_cells(DM cells, const FaceFlags& open, Vec mask, PetscInt* closed) {
  PetscFunctionBegin;
  LINNET_PETSC_GUARD(*closed = static_cast<PetscInt>(close_isolated(cells, open, mask)));
  PetscFunctionReturn(PETSC_SUCCESS);
}

} // namespace linnet::problems
