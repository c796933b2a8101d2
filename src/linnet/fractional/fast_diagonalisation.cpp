// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/fractional/fast_diagonalisation.hpp>

namespace linnet::fractional {

FastDiagonalisation::FastDiagonalisation(const SlabLayout& slabs,
                                         std::vector<PencilEigenvalues> pencils, double reaction)
    : slabs_(slabs), pencils_(std::move(pencils)), reaction_(reaction) {
  for (std::size_t d = 0; d + 1 < pencils_.size(); ++d) plane_ *= pencils_[d].vectors.size;
}

// V^-1 M^-1 of the values; transposed, V^T.
void FastDiagonalisation::transform_values(std::size_t d, LineShape shape, bool transposed) {
  const FoldedMatrix& m = transposed ? pencils_[d].vectors : pencils_[d].inverse;
  next_.resize(here_.size());
  fold_lines(shape, m.size, here_.data(), next_.data(), transposed);
  multiply_folded(m, shape, next_.data(), here_.data(), transposed);
}

// V of the coefficients; transposed, M^-T V^-T.
void FastDiagonalisation::transform_back(std::size_t d, LineShape shape, bool transposed) {
  const FoldedMatrix& m = transposed ? pencils_[d].inverse : pencils_[d].vectors;
  next_.resize(here_.size());
  multiply_folded(m, shape, here_.data(), next_.data(), transposed);
  unfold_lines(shape, m.size, next_.data(), here_.data(), transposed, false);
}

// Pencils: the lines of this rank, then the last direction.
void FastDiagonalisation::divide() {
  const long lines = slabs_.pencils(plane_), first = slabs_.first_pencil(plane_);
  const auto& along_x = pencils_.front().lambda;
  const auto size_x = static_cast<long>(along_x.size());
  const auto& last = pencils_.back().lambda;
  for (std::size_t k = 0; k < last.size(); ++k) {
    double* values = here_.data() + static_cast<long>(k) * lines;
    for (long line = first; line < first + lines; ++line) {
      double lambda = last[k] + along_x[static_cast<std::size_t>(line % size_x)];
      if (pencils_.size() == 3)
        lambda += pencils_[1].lambda[static_cast<std::size_t>(line / size_x)];
      values[line - first] /= lambda + reaction_;
    }
  }
}

void FastDiagonalisation::apply(const double* x, double* y, bool transposed) {
  const long count = plane_ * slabs_.local_planes(), pencils = slabs_.pencils(plane_);
  const std::size_t last = pencils_.size() - 1;
  here_.assign(x, x + count);
  LineShape shape{1, count};
  for (std::size_t d = 0; d < last; ++d) {
    shape.outer /= pencils_[d].vectors.size;
    transform_values(d, shape, transposed);
    shape.inner *= pencils_[d].vectors.size;
  }
  next_.resize(static_cast<std::size_t>(pencils * slabs_.planes()));
  slabs_.to_pencils(plane_, here_.data(), next_.data());
  here_.swap(next_);
  transform_values(last, {pencils, 1}, transposed);
  divide();
  transform_back(last, {pencils, 1}, transposed);
  next_.resize(static_cast<std::size_t>(count));
  slabs_.to_slabs(plane_, here_.data(), next_.data());
  here_.swap(next_);
  for (std::size_t d = last; d-- > 0;) {
    shape.inner /= pencils_[d].vectors.size;
    transform_back(d, shape, transposed);
    shape.outer *= pencils_[d].vectors.size;
  }
  std::copy_n(here_.begin(), count, y);
}

std::string FastDiagonalisation::description() const {
  std::string text = "fast diagonalisation, ";
  for (std::size_t d = 0; d < pencils_.size(); ++d)
    text += (d > 0 ? " x " : "") + std::to_string(pencils_[d].vectors.size);
  return text;
}

} // namespace linnet::fractional
