// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/coarse/basis_vectors.hpp>

#include <linnet/core/agreement.hpp>
#include <linnet/io/numeric_array.hpp>
#include <linnet/linalg/dense_columns.hpp>
#include <linnet/linalg/sparse_rows.hpp>

#include <algorithm>
#include <cmath>
#include <numbers>

namespace linnet::coarse {

using core::Index3;
using core::Owned;
using core::Real3;
using grid::relative_points;
using linalg::LocalColumns;

namespace {

MPI_Comm comm_of(Mat m) { return PetscObjectComm(reinterpret_cast<PetscObject>(m)); }

PetscInt local_rows(Mat matrix) {
  PetscInt rows = 0;
  LINNET_CHECK(MatGetLocalSize(matrix, &rows, nullptr));
  return rows;
}

/// Wave numbers of the lowest @p size products of sines on a grid of @p n points.
std::vector<Index3> lowest_waves(const Index3& n, int dimension, PetscInt size) {
  // Each of the lowest p has at most p waves along a direction.
  Index3 most{1, 1, 1};
  for (std::size_t d = 0; d < static_cast<std::size_t>(dimension); ++d)
    most[d] = std::min<int>(n[d], static_cast<int>(size));
  std::vector<Index3> waves;
  for (int k = 1; k <= most[2]; ++k)
    for (int j = 1; j <= most[1]; ++j)
      for (int i = 1; i <= most[0]; ++i)
        // The product counts the waves that are lower in every direction.
        if (std::int64_t{i} * j * k <= size) waves.push_back({i, j, k});
  const auto energy = [&](const Index3& w) {
    double sum = 0.0;
    for (std::size_t d = 0; d < static_cast<std::size_t>(dimension); ++d)
      sum += std::pow(static_cast<double>(w[d]) / n[d], 2);
    return sum;
  };
  std::stable_sort(waves.begin(), waves.end(),
                   [&](const Index3& a, const Index3& b) { return energy(a) < energy(b); });
  waves.resize(std::min(waves.size(), static_cast<std::size_t>(size)));
  return waves;
}

/// sin(pi w x) along one direction, for w = 1, 2, ... and the places where points of this rank lie.
class SineTable {
public:
  SineTable(const std::vector<Index3>& at, std::size_t direction, int n, int most_waves,
            GridPoints points) {
    if (at.empty()) return;
    const auto [low, high] =
        std::minmax_element(at.begin(), at.end(), [=](const Index3& a, const Index3& b) {
          return a[direction] < b[direction];
        });
    first_ = (*low)[direction];
    count_ = (*high)[direction] - first_ + 1;
    for (int w = 1; w <= most_waves; ++w)
      for (int i = first_; i < first_ + count_; ++i)
        values_.push_back(
            std::sin(std::numbers::pi * w * grid::relative_place(i, n, false, points)));
  }
  /// At the first point of this rank along the direction and those behind it.
  [[nodiscard]] const double* wave(int w) const {
    return values_.data() + std::ptrdiff_t{w - 1} * count_;
  }
  [[nodiscard]] int first() const { return first_; }

private:
  int first_ = 0, count_ = 0;
  std::vector<double> values_;
};

/// The first @p count functions with the values of a point side by side, as they are read.
std::vector<double> point_by_point(const linalg::TabulatedBasis& basis, PetscInt count) {
  const std::int64_t n = basis.points();
  std::vector<double> table(static_cast<std::size_t>(n * count));
  for (std::int64_t i = 0; i < n; ++i)
    for (PetscInt j = 0; j < count; ++j)
      table[static_cast<std::size_t>(i * count + j)] =
          basis.values[static_cast<std::size_t>(n * j + i)];
  return table;
}

/// "FILE.h5" and the dataset in it.
std::pair<std::string, std::string> split(const std::string& file) {
  const std::size_t at = file.rfind(":/");
  if (at == std::string::npos || at == 0) return {file, "/basis/phi"};
  return {file.substr(0, at), file.substr(at + 1)};
}

/// Rows of this rank in the order of the file, in runs of neighbours: first of the file, first of
/// the rank, how many.
struct Run {
  std::int64_t in_file;
  PetscInt here, count;
};

std::vector<Run> runs_of(Mat matrix, const grid::GridMap* map) {
  PetscInt first = 0, last = 0;
  LINNET_CHECK(MatGetOwnershipRange(matrix, &first, &last));
  std::vector<Run> runs;
  for (PetscInt row = first; row < last; ++row) {
    std::int64_t place = row;
    if (map) {
      const Index3 p = map->point_of(row), n = map->partition().points();
      place = p[0] + std::int64_t{n[0]} * (p[1] + std::int64_t{n[1]} * p[2]);
    }
    if (!runs.empty() && runs.back().in_file + runs.back().count == place)
      ++runs.back().count;
    else
      runs.push_back({place, row - first, 1});
  }
  return runs;
}

/// Number of vectors in the file.
PetscInt vectors_in(const io::NumericArray& array, std::int64_t rows) {
  const io::Shape& shape = array.shape();
  if (shape.size() != 2 || array.is_matlab())
    core::throw_data(array.name() + ": must have two directions (vector,row), in the order of C");
  if (shape[1] != rows)
    core::throw_data(array.name() + ": has the shape " + io::to_string(shape) +
                     ", and the matrix " + std::to_string(rows) +
                     " rows; give vectors of its size");
  return static_cast<PetscInt>(std::min<std::int64_t>(shape[0], PETSC_MAX_INT));
}

} // namespace

Owned<Mat> tabulated_vectors(Mat matrix, const grid::GridMap& map, GridPoints points,
                             const linalg::TabulatedBasis& basis, PetscInt size,
                             const std::string& where) {
  if (basis.dimension != map.dimension())
    core::throw_data(where + ": has a basis in " + std::to_string(basis.dimension) +
                     " dimensions, and the grid of the matrix has " +
                     std::to_string(map.dimension()));
  const auto columns = static_cast<PetscInt>(std::min<std::int64_t>(size, basis.size()));
  Owned<Mat> vectors = linalg::make_columns(comm_of(matrix), local_rows(matrix), columns);
  const LocalColumns to(vectors.get(), LocalColumns::Access::write);
  const std::vector<double> table = point_by_point(basis, columns);
  const std::vector<Real3> at = relative_points(matrix, map, points);
  std::vector<double> sum(static_cast<std::size_t>(columns));
  for (PetscInt i = 0; i < to.rows(); ++i) {
    const auto in = linalg::interpolate(basis, at[static_cast<std::size_t>(i)]);
    std::fill(sum.begin(), sum.end(), 0.0);
    for (std::size_t c = 0; c < static_cast<std::size_t>(in.count); ++c) {
      const double* values = table.data() + in.place[c] * columns;
      for (std::size_t j = 0; j < sum.size(); ++j) sum[j] += in.weight[c] * values[j];
    }
    for (PetscInt j = 0; j < columns; ++j) to.column(j)[i] = sum[static_cast<std::size_t>(j)];
  }
  return vectors;
}

Owned<Mat> sine_vectors(Mat matrix, const grid::GridMap& map, GridPoints points, PetscInt size) {
  const Index3 n = map.partition().points();
  const auto dimension = static_cast<std::size_t>(map.dimension());
  for (std::size_t d = 0; d < dimension; ++d)
    if (map.wraps()[d])
      core::throw_usage("basis: sines vanish on the border, and the grid wraps in direction " +
                        std::string(1, "xyz"[d]) + "; take another -pc_basis_type");
  const std::vector<Index3> waves = lowest_waves(n, map.dimension(), size);
  Owned<Mat> vectors = linalg::make_columns(comm_of(matrix), local_rows(matrix),
                                            static_cast<PetscInt>(waves.size()));
  const LocalColumns to(vectors.get(), LocalColumns::Access::write);
  PetscInt first = 0, last = 0;
  LINNET_CHECK(MatGetOwnershipRange(matrix, &first, &last));
  std::vector<Index3> at;
  for (PetscInt row = first; row < last; ++row) at.push_back(map.point_of(row));
  std::vector<SineTable> sines;
  for (std::size_t d = 0; d < dimension; ++d) {
    int most = 1;
    for (const Index3& w : waves) most = std::max(most, w[d]);
    sines.emplace_back(at, d, n[d], most, points);
  }
  for (PetscInt j = 0; j < to.columns(); ++j) {
    std::fill_n(to.column(j), to.rows(), 1.0);
    for (std::size_t d = 0; d < dimension; ++d) {
      const double* const sine = sines[d].wave(waves[static_cast<std::size_t>(j)][d]);
      for (PetscInt i = 0; i < to.rows(); ++i)
        to.column(j)[i] *= sine[at[static_cast<std::size_t>(i)][d] - sines[d].first()];
    }
  }
  return vectors;
}

Owned<Mat> file_vectors(Mat matrix, const grid::GridMap* map, const std::string& file,
                        PetscInt size) {
  const auto [path, dataset] = split(file);
  PetscInt rows = 0;
  LINNET_CHECK(MatGetSize(matrix, &rows, nullptr));
  std::unique_ptr<io::NumericArray> array;
  PetscInt columns = 0;
  core::together(comm_of(matrix), [&, p = path, d = dataset] {
    array = std::make_unique<io::NumericArray>(p, d);
    columns = std::min(size, vectors_in(*array, rows));
  });
  Owned<Mat> vectors = linalg::make_columns(comm_of(matrix), local_rows(matrix), columns);
  const LocalColumns to(vectors.get(), LocalColumns::Access::write);
  core::together(comm_of(matrix), [&] {
    for (PetscInt j = 0; j < columns; ++j)
      for (const Run& run : runs_of(matrix, map))
        array->read({{j, run.in_file}, {1, run.count}}, to.column(j) + run.here);
  });
  return vectors;
}

PetscInt mask_uncoupled_rows(Mat matrix, Mat vectors) {
  bool has_rows = false;
  LINNET_CHECK(linalg::has_sparse_rows(matrix, &has_rows));
  if (!has_rows) return 0;
  PetscInt first = 0, last = 0, masked = 0;
  LINNET_CHECK(MatGetOwnershipRange(matrix, &first, &last));
  const LocalColumns to(vectors, LocalColumns::Access::write);
  for (PetscInt row = first; row < last; ++row) {
    PetscInt count = 0;
    const PetscInt* columns = nullptr;
    const PetscScalar* values = nullptr;
    LINNET_CHECK(MatGetRow(matrix, row, &count, &columns, &values));
    bool coupled = false;
    for (PetscInt c = 0; c < count; ++c)
      coupled = coupled || (columns[c] != row && values[c] != 0.0);
    LINNET_CHECK(MatRestoreRow(matrix, row, &count, &columns, &values));
    if (coupled) continue;
    ++masked;
    for (PetscInt j = 0; j < to.columns(); ++j) to.column(j)[row - first] = 0.0;
  }
  MPI_Allreduce(MPI_IN_PLACE, &masked, 1, MPIU_INT, MPI_SUM, comm_of(matrix));
  return masked;
}

} // namespace linnet::coarse
