// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/fractional/kronecker_sum.hpp>

#include <linnet/fractional/banded_lines.hpp>
#include <linnet/fractional/folded_matrix.hpp>
#include <linnet/fractional/toeplitz_lines.hpp>
#include <linnet/kernels/fractional/line_copies.hpp>
#include <linnet/kernels/staging.hpp>

namespace linnet::fractional {

namespace {

std::unique_ptr<LineMatrix> riesz_lines(const RieszAxisTerms& axis) {
  const auto terms = axis.operator_terms();
  if (terms.empty()) return nullptr;
  if (axis.size() > dense_limit) return std::make_unique<ToeplitzLines>(terms);
  return std::make_unique<FoldedLines>(
      FoldedMatrix::fold(axis.size(), dense_rows(terms, 0, axis.size())));
}

} // namespace

KroneckerSum::KroneckerSum(const SlabLayout& slabs, const RieszTerms& terms, bool with_operator,
                           double reaction)
    : slabs_(slabs), terms_(terms), reaction_(reaction),
      with_operator_(with_operator && terms.has_operator) {
  for (const auto& axis : terms.axes)
    axes_.push_back({axis->size(), with_operator_ ? riesz_lines(*axis) : nullptr,
                     std::make_unique<BandedLines>(axis->basis)});
}

// t of the last direction is not needed.
void KroneckerSum::advance(const Axis& axis, LineShape shape, bool transposed, bool last) {
  const long count = shape.inner * axis.size * shape.outer;
  if (has_sum_) axis.mass->multiply(shape, s_.data(), next_s_.resize(count), transposed, false);
  if (axis.riesz) {
    double* sum = has_sum_ ? next_s_.data() : next_s_.resize(count);
    axis.riesz->multiply(shape, t_.data(), sum, transposed, has_sum_);
    has_sum_ = true;
  }
  s_.swap(next_s_);
  if (last || !with_operator_) return;
  axis.mass->multiply(shape, t_.data(), next_t_.resize(count), transposed, false);
  t_.swap(next_t_);
}

void KroneckerSum::exchange_to_pencils(WorkValues& values) {
  const long plane = terms_.plane_size();
  slabs_.to_pencils(plane, values.data(), next_t_.resize(slabs_.pencils(plane) * slabs_.planes()));
  values.swap(next_t_);
}

void KroneckerSum::multiply(const double* x, double* y, bool transposed) {
  const long plane = terms_.plane_size(), count = plane * slabs_.local_planes();
  has_sum_ = reaction_ > 0.0;
  if (with_operator_) kernels::copy_values(x, t_.resize(count), static_cast<std::size_t>(count));
  if (has_sum_) kernels::scale_values(x, count, reaction_, s_.resize(count));
  LineShape shape{1, count};
  for (std::size_t d = 0; d + 1 < axes_.size(); ++d) {
    shape.outer /= axes_[d].size;
    advance(axes_[d], shape, transposed, false);
    shape.inner *= axes_[d].size;
  }
  if (with_operator_) exchange_to_pencils(t_);
  if (has_sum_) exchange_to_pencils(s_);
  advance(axes_.back(), {slabs_.pencils(plane), 1}, transposed, true);
  slabs_.to_slabs(plane, s_.data(), y);
}

std::vector<double> KroneckerSum::diagonal() const {
  std::vector<double> mass_product{1.0}, sum{reaction_};
  for (const auto& axis : terms_.axes) {
    const bool last = axis == terms_.axes.back(); // of which this rank has some planes
    const long begin = last ? slabs_.begin() : 0;
    const long end = last ? begin + slabs_.local_planes() : axis->size();
    std::vector<double> next_mass, next_sum;
    for (long i = begin; i < end; ++i) {
      const double m = entry(axis->mass, i, i);
      const double a = with_operator_ ? axis->factor * entry(axis->riesz, i, i) : 0.0;
      for (std::size_t k = 0; k < sum.size(); ++k) {
        next_mass.push_back(m * mass_product[k]);
        next_sum.push_back(m * sum[k] + a * mass_product[k]);
      }
    }
    mass_product.swap(next_mass);
    sum.swap(next_sum);
  }
  return sum;
}

double KroneckerSum::memory() const {
  double bytes = t_.memory() + s_.memory() + next_t_.memory() + next_s_.memory();
  for (const Axis& axis : axes_)
    bytes += axis.mass->memory() + (axis.riesz ? axis.riesz->memory() : 0.0);
  return bytes;
}

} // namespace linnet::fractional
