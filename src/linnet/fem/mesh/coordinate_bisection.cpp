// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/fem/mesh/coordinate_bisection.hpp>

#include <linnet/fem/mesh/row_fetch.hpp>

#include <algorithm>
#include <array>
#include <numeric>
#include <span>
#include <utility>

namespace linnet::fem {

namespace {

/// Sums of the corners of this rank's cells, cells x 3.
std::vector<double> centres(MPI_Comm comm, const CellList& list) {
  const auto width = static_cast<std::size_t>(nodes_per_cell(list.shape));
  const RowFetch fetch(comm, static_cast<PetscInt>(list.coordinates.size() / 3), list.cells);
  const std::vector<double> x = fetch.rows(list.coordinates, 3);
  std::vector<double> result(3 * list.cell_regions.size(), 0.0);
  for (std::size_t n = 0; n < list.cells.size(); ++n)
    for (std::size_t d = 0; d < 3; ++d) result[3 * (n / width) + d] += x[3 * n + d];
  return result;
}

std::vector<double> gathered(MPI_Comm comm, const std::vector<double>& mine) {
  int size = 1;
  MPI_Comm_size(comm, &size);
  const int count = static_cast<int>(mine.size());
  std::vector<int> counts(static_cast<std::size_t>(size)), offsets(counts.size(), 0);
  MPI_Allgather(&count, 1, MPI_INT, counts.data(), 1, MPI_INT, comm);
  std::partial_sum(counts.begin(), counts.end() - 1, offsets.begin() + 1);
  std::vector<double> all(static_cast<std::size_t>(offsets.back() + counts.back()));
  MPI_Allgatherv(mine.data(), count, MPI_DOUBLE, all.data(), counts.data(), offsets.data(),
                 MPI_DOUBLE, comm);
  return all;
}

class Bisection {
public:
  explicit Bisection(const std::vector<double>& centres)
      : centres_(centres), part_(centres.size() / 3, 0) {}

  /// The cells go to the ranks first .. first + ranks - 1.
  void split(std::span<std::size_t> cells, int first, int ranks) {
    if (ranks == 1) {
      for (const std::size_t c : cells) part_[c] = first;
      return;
    }
    const int below = ranks / 2;
    const std::size_t cut =
        cells.size() * static_cast<std::size_t>(below) / static_cast<std::size_t>(ranks);
    const std::size_t d = longest(cells);
    const auto order = [&](std::size_t a, std::size_t b) {
      return std::pair(centres_[3 * a + d], a) < std::pair(centres_[3 * b + d], b);
    };
    std::nth_element(cells.begin(), cells.begin() + static_cast<std::ptrdiff_t>(cut), cells.end(),
                     order);
    split(cells.first(cut), first, below);
    split(cells.subspan(cut), first + below, ranks - below);
  }

  [[nodiscard]] const std::vector<int>& part() const { return part_; }

private:
  [[nodiscard]] std::size_t longest(std::span<const std::size_t> cells) const {
    std::array<double, 3> extent{};
    for (std::size_t d = 0; d < 3 && !cells.empty(); ++d) {
      const auto [low, high] = std::ranges::minmax_element(
          cells, {}, [&](std::size_t c) { return centres_[3 * c + d]; });
      extent[d] = centres_[3 * *high + d] - centres_[3 * *low + d];
    }
    return static_cast<std::size_t>(std::ranges::max_element(extent) - extent.begin());
  }

  const std::vector<double>& centres_;
  std::vector<int> part_;
};

} // namespace

std::vector<int> bisected_cells(MPI_Comm comm, const CellList& list) {
  int size = 1;
  MPI_Comm_size(comm, &size);
  const std::vector<double> all = gathered(comm, centres(comm, list));
  std::vector<std::size_t> cells(all.size() / 3);
  std::iota(cells.begin(), cells.end(), std::size_t{0});
  Bisection bisection(all);
  bisection.split(cells, 0, size);
  const auto begin = bisection.part().begin() + list.first_cell;
  return {begin, begin + static_cast<std::ptrdiff_t>(list.cell_regions.size())};
}

} // namespace linnet::fem
