// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/fractional/fast_diagonalisation.hpp>

#include <linnet/core/kokkos_session.hpp>
#include <linnet/core/petsc.hpp>
#include <linnet/kernels/fractional/eigenvalue_quotient.hpp>
#include <linnet/kernels/fractional/folding.hpp>
#include <linnet/kernels/staging.hpp>

#include <array>

namespace linnet::fractional {

FastDiagonalisation::FastDiagonalisation(const SlabLayout& slabs,
                                         const std::vector<PencilEigenvalues>& pencils,
                                         double reaction)
    : slabs_(slabs), reaction_(reaction) {
  LINNET_CHECK(core::ensure_kokkos());
  for (const PencilEigenvalues& p : pencils)
    axes_.push_back({kernels::device_copy<double>("linnet::fractional::lambda", p.lambda),
                     FoldedProduct(p.vectors), FoldedProduct(p.inverse)});
  for (std::size_t d = 0; d + 1 < axes_.size(); ++d) plane_ *= axes_[d].size();
}

// V^-1 M^-1 of the values; transposed, V^T.
void FastDiagonalisation::transform_values(const Axis& axis, LineShape shape, bool transposed) {
  const FoldedProduct& m = transposed ? axis.vectors : axis.inverse;
  double* parts = next_.resize(shape.inner * m.size() * shape.outer);
  kernels::fold_lines(shape, m.size(), here_.data(), parts, transposed);
  m.multiply(shape, parts, here_.data(), transposed);
}

// V of the coefficients; transposed, M^-T V^-T.
void FastDiagonalisation::transform_back(const Axis& axis, LineShape shape, bool transposed) {
  const FoldedProduct& m = transposed ? axis.inverse : axis.vectors;
  double* parts = next_.resize(shape.inner * m.size() * shape.outer);
  m.multiply(shape, here_.data(), parts, transposed);
  kernels::unfold_lines(shape, m.size(), parts, here_.data(), transposed, false);
}

// Pencils: the lines of this rank, then the last direction.
void FastDiagonalisation::divide() {
  std::array<kernels::AxisEigenvalues, 3> axes{};
  for (std::size_t d = 0; d < axes_.size(); ++d)
    axes[d] = {axes_[d].lambda.data(), nullptr, axes_[d].size()};
  kernels::divide_by_eigenvalues(axes.data(), static_cast<int>(axes_.size()), reaction_,
                                 slabs_.first_pencil(plane_), slabs_.pencils(plane_), here_.data());
}

void FastDiagonalisation::apply(const double* x, double* y, bool transposed) {
  const long count = plane_ * slabs_.local_planes(), pencils = slabs_.pencils(plane_);
  const std::size_t last = axes_.size() - 1;
  kernels::copy_values(x, here_.resize(count), static_cast<std::size_t>(count));
  LineShape shape{1, count};
  for (std::size_t d = 0; d < last; ++d) {
    shape.outer /= axes_[d].size();
    transform_values(axes_[d], shape, transposed);
    shape.inner *= axes_[d].size();
  }
  slabs_.to_pencils(plane_, here_.data(), next_.resize(pencils * slabs_.planes()));
  here_.swap(next_);
  transform_values(axes_[last], {pencils, 1}, transposed);
  divide();
  transform_back(axes_[last], {pencils, 1}, transposed);
  slabs_.to_slabs(plane_, here_.data(), next_.resize(count));
  here_.swap(next_);
  for (std::size_t d = last; d-- > 0;) {
    shape.inner /= axes_[d].size();
    transform_back(axes_[d], shape, transposed);
    shape.outer *= axes_[d].size();
  }
  kernels::copy_values(here_.data(), y, static_cast<std::size_t>(count));
}

std::string FastDiagonalisation::description() const {
  std::string text = "fast diagonalisation, ";
  for (std::size_t d = 0; d < axes_.size(); ++d)
    text += (d > 0 ? " x " : "") + std::to_string(axes_[d].size());
  return text;
}

} // namespace linnet::fractional
