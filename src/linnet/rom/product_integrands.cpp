// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/core/agreement.hpp>
#include <linnet/linalg/dense_columns.hpp>
#include <linnet/linalg/gemm.hpp>
#include <linnet/rom/integrands.hpp>

#include <algorithm>
#include <string>

namespace linnet::rom {

namespace {

/// Points that are multiplied at once: their products stay in cache.
constexpr std::size_t block = 256;
/// Points whose products of components are summed at once.
constexpr std::size_t few = 64;

std::int64_t integer(std::size_t n) { return static_cast<std::int64_t>(n); }

} // namespace

/// Columns of a dense matrix: its own, or a copy of some rows.
class ProductIntegrands::Fields {
public:
  explicit Fields(Mat matrix) : matrix_(matrix) {
    LINNET_CHECK(PetscObjectReference(reinterpret_cast<PetscObject>(matrix)));
    PetscInt rows = 0, columns = 0, stride = 0;
    LINNET_CHECK(MatGetLocalSize(matrix, &rows, nullptr));
    LINNET_CHECK(MatGetSize(matrix, nullptr, &columns));
    LINNET_CHECK(MatDenseGetLDA(matrix, &stride));
    LINNET_CHECK(MatDenseGetArrayRead(matrix, &data_));
    rows_ = static_cast<std::size_t>(rows);
    size_ = static_cast<std::size_t>(columns);
    stride_ = std::max<std::size_t>(static_cast<std::size_t>(stride), 1);
  }
  Fields(const Fields& from, std::size_t components, std::span<const std::size_t> points)
      : rows_(components * points.size()), size_(from.size_),
        stride_(std::max<std::size_t>(rows_, 1)), copy_(rows_ * size_) {
    for (std::size_t j = 0; j < size_; ++j)
      for (std::size_t p = 0; p < points.size(); ++p)
        std::copy_n(from.at(components * points[p], j), components,
                    copy_.data() + components * p + rows_ * j);
    data_ = copy_.data();
  }
  ~Fields() {
    if (!matrix_) return;
    static_cast<void>(MatDenseRestoreArrayRead(matrix_, &data_));
    static_cast<void>(MatDestroy(&matrix_));
  }
  Fields(const Fields&) = delete;
  Fields& operator=(const Fields&) = delete;

  [[nodiscard]] std::size_t rows() const { return rows_; }
  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] std::size_t stride() const { return stride_; }
  [[nodiscard]] const double* at(std::size_t row, std::size_t field) const {
    return data_ + row + stride_ * field;
  }

private:
  Mat matrix_ = nullptr;
  const double* data_ = nullptr;
  std::size_t rows_ = 0, size_ = 0, stride_ = 1;
  std::vector<double> copy_;
};

ProductIntegrands::ProductIntegrands(Mat left, Mat right, std::vector<double> multiplicity)
    : left_(std::make_unique<Fields>(left)), right_(std::make_unique<Fields>(right)),
      multiplicity_(std::move(multiplicity)) {
  const std::size_t components = multiplicity_.size();
  if (components == 0 || left_->rows() != right_->rows() || left_->rows() % components != 0)
    core::throw_usage("products of fields: " + std::to_string(left_->rows()) + " and " +
                      std::to_string(right_->rows()) +
                      " rows on a rank are not those of points with " + std::to_string(components) +
                      " components");
  points_ = left_->rows() / components;
  if (right_->size() == 0) return;
  for (std::size_t g = 0; g < points_; ++g)
    for (std::size_t c = 0; c < components; ++c) {
      const double value = *right_->at(components * g + c, 0);
      reference_ += multiplicity_[c] * value * value;
    }
}

ProductIntegrands::ProductIntegrands(const ProductIntegrands& from,
                                     std::span<const std::size_t> points)
    : left_(std::make_unique<Fields>(*from.left_, from.multiplicity_.size(), points)),
      right_(std::make_unique<Fields>(*from.right_, from.multiplicity_.size(), points)),
      multiplicity_(from.multiplicity_), points_(points.size()), reference_(from.reference_) {}

ProductIntegrands::~ProductIntegrands() = default;

std::size_t ProductIntegrands::size() const { return left_->size() * right_->size(); }

void ProductIntegrands::project(std::span<const double> r, std::span<double> values) const {
  const std::size_t components = multiplicity_.size(), n = left_->size();
  std::fill(values.begin(), values.end(), 0.0);
  if (size() == 0) return;
  std::vector<double> sums(components * block * n);
  for (std::size_t first = 0; first < points_; first += block) {
    const std::size_t count = std::min(block, points_ - first), rows = components * count;
    // Row (c, g) of S R^T: by which the strain of each mode is multiplied.
    linalg::gemm('N', 'T', integer(rows), integer(n), integer(right_->size()), 1.0,
                 right_->at(components * first, 0), integer(right_->stride()), r.data(), integer(n),
                 0.0, sums.data(), integer(rows));
    for (std::size_t i = 0; i < n; ++i) {
      const double* e = left_->at(components * first, i);
      const double* s = sums.data() + rows * i;
      for (std::size_t g = 0; g < count; ++g) {
        double sum = 0.0;
        for (std::size_t c = 0; c < components; ++c)
          sum += multiplicity_[c] * e[components * g + c] * s[components * g + c];
        values[first + g] += sum;
      }
    }
  }
}

void ProductIntegrands::column(std::size_t point, std::span<double> values) const {
  const std::size_t components = multiplicity_.size(), n = left_->size();
  for (std::size_t k = 0; k < right_->size(); ++k)
    for (std::size_t i = 0; i < n; ++i) {
      const double *e = left_->at(components * point, i), *s = right_->at(components * point, k);
      double sum = 0.0;
      for (std::size_t c = 0; c < components; ++c) sum += multiplicity_[c] * e[c] * s[c];
      values[i + n * k] = sum;
    }
}

// |E^T D S|_F^2 = sum over c <= d of (1 or 2) m_c m_d (E E^T)_cd (S S^T)_cd. Components of a few
// points side by side fill the vector units.
void ProductIntegrands::squared_norms(std::span<double> values) const {
  const std::size_t nc = multiplicity_.size(), pairs = nc * (nc + 1) / 2;
  std::vector<double> left(few * pairs), right(few * pairs), part(few * nc);
  const auto products = [&](const Fields& fields, std::size_t first, std::size_t count,
                            std::vector<double>& sums) {
    std::fill(sums.begin(), sums.end(), 0.0);
    std::fill(part.begin(), part.end(), 0.0);
    for (std::size_t j = 0; j < fields.size(); ++j) {
      const double* v = fields.at(nc * first, j);
      for (std::size_t g = 0; g < count; ++g)
        for (std::size_t c = 0; c < nc; ++c) part[few * c + g] = v[nc * g + c];
      double* sum = sums.data();
      for (std::size_t c = 0; c < nc; ++c)
        for (std::size_t d = c; d < nc; ++d, sum += few)
          for (std::size_t g = 0; g < few; ++g) sum[g] += part[few * c + g] * part[few * d + g];
    }
  };
  for (std::size_t first = 0; first < points_; first += few) {
    const std::size_t count = std::min(few, points_ - first);
    products(*left_, first, count, left);
    products(*right_, first, count, right);
    double square[few] = {};
    std::size_t at = 0;
    for (std::size_t c = 0; c < nc; ++c)
      for (std::size_t d = c; d < nc; ++d, at += few) {
        const double factor = (c == d ? 1.0 : 2.0) * multiplicity_[c] * multiplicity_[d];
        for (std::size_t g = 0; g < few; ++g) square[g] += factor * left[at + g] * right[at + g];
      }
    for (std::size_t g = 0; g < count; ++g) values[first + g] = std::max(square[g], 0.0);
  }
}

void ProductIntegrands::integrate(std::span<const double> w, std::span<double> b) const {
  const std::size_t components = multiplicity_.size(), n = left_->size();
  std::fill(b.begin(), b.end(), 0.0);
  if (size() == 0) return;
  std::vector<double> scaled(components * block * n);
  for (std::size_t first = 0; first < points_; first += block) {
    const std::size_t count = std::min(block, points_ - first), rows = components * count;
    for (std::size_t i = 0; i < n; ++i) {
      const double* e = left_->at(components * first, i);
      for (std::size_t g = 0; g < count; ++g)
        for (std::size_t c = 0; c < components; ++c)
          scaled[components * g + c + rows * i] =
              w[first + g] * multiplicity_[c] * e[components * g + c];
    }
    linalg::gemm('T', 'N', integer(n), integer(right_->size()), integer(rows), 1.0, scaled.data(),
                 integer(rows), right_->at(components * first, 0), integer(right_->stride()), 1.0,
                 b.data(), integer(n));
  }
}

std::unique_ptr<Integrands> ProductIntegrands::subset(std::span<const std::size_t> points) const {
  return std::unique_ptr<Integrands>(new ProductIntegrands(*this, points));
}

double ProductIntegrands::bytes_per_sweep() const {
  return 8.0 * static_cast<double>(multiplicity_.size() * points_) *
         static_cast<double>(left_->size() + right_->size());
}
double ProductIntegrands::flops_per_sweep() const {
  return 2.0 * static_cast<double>(multiplicity_.size() * points_) *
         static_cast<double>(size() + left_->size());
}

} // namespace linnet::rom
