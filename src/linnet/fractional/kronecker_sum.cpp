// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/fractional/kronecker_sum.hpp>

#include <linnet/fractional/banded_lines.hpp>
#include <linnet/fractional/folded_matrix.hpp>
#include <linnet/fractional/toeplitz_lines.hpp>

#include <algorithm>

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
    axes_.push_back({with_operator_ ? riesz_lines(*axis) : nullptr,
                     std::make_unique<BandedLines>(axis->basis)});
}

// t of the last direction is not needed.
void KroneckerSum::advance(const Axis& axis, LineShape shape, bool transposed, bool last) {
  const bool has_sum = !s_.empty();
  next_s_.resize(axis.riesz || has_sum ? std::max(t_.size(), s_.size()) : 0);
  if (has_sum) axis.mass->multiply(shape, s_.data(), next_s_.data(), transposed, false);
  if (axis.riesz) axis.riesz->multiply(shape, t_.data(), next_s_.data(), transposed, has_sum);
  if (!last && with_operator_) {
    next_t_.resize(t_.size());
    axis.mass->multiply(shape, t_.data(), next_t_.data(), transposed, false);
    t_.swap(next_t_);
  }
  s_.swap(next_s_);
}

void KroneckerSum::multiply(const double* x, double* y, bool transposed) {
  const long plane = terms_.plane_size(), planes = slabs_.local_planes();
  t_.clear();
  s_.clear();
  if (with_operator_) t_.assign(x, x + plane * planes);
  if (reaction_ > 0.0) s_.assign(x, x + plane * planes);
  for (double& value : s_) value *= reaction_;
  LineShape shape{1, plane * planes};
  for (std::size_t d = 0; d + 1 < axes_.size(); ++d) {
    const long size = terms_.axes[d]->size();
    shape.outer /= size;
    advance(axes_[d], shape, transposed, false);
    shape.inner *= size;
  }
  const long pencils = slabs_.pencils(plane);
  const bool has_sum = std::any_of(terms_.axes.begin(), terms_.axes.end() - 1,
                                   [&](const auto& a) { return a->factor > 0.0; });
  for (std::vector<double>* v : {&t_, &s_}) {
    const bool present = v == &t_ ? with_operator_ : reaction_ > 0.0 || (with_operator_ && has_sum);
    if (!present) continue;
    next_t_.resize(static_cast<std::size_t>(pencils * slabs_.planes()));
    slabs_.to_pencils(plane, v->data(), next_t_.data());
    v->swap(next_t_);
  }
  advance(axes_.back(), {pencils, 1}, transposed, true);
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
  double bytes = static_cast<double>(
      sizeof(double) * (t_.capacity() + s_.capacity() + next_t_.capacity() + next_s_.capacity()));
  for (const Axis& axis : axes_)
    bytes += axis.mass->memory() + (axis.riesz ? axis.riesz->memory() : 0.0);
  return bytes;
}

} // namespace linnet::fractional
