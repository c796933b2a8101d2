// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/fractional/sine_product.hpp>

#include <linnet/fractional/tau_inverse.hpp>

#include <algorithm>

namespace linnet::fractional {

SineProduct::SineProduct(const SlabLayout& slabs, const RieszTerms& terms, double reaction)
    : slabs_(slabs), reaction_(reaction), plane_(terms.plane_size()) {
  for (const auto& a : terms.axes) {
    std::vector<double> riesz(static_cast<std::size_t>(a->size()), 0.0);
    if (a->factor > 0.0) riesz = tau_eigenvalues(a->operator_terms(), a->size());
    axes_.push_back(
        {SineTransform(a->size()), std::move(riesz), tau_eigenvalues(a->mass_terms(), a->size())});
  }
}

// In place; its own inverse.
void SineProduct::transform(Axis& axis, LineShape shape) {
  const long size = axis.size();
  std::vector<double> line(static_cast<std::size_t>(size));
  for (long b = 0; b < shape.outer; ++b)
    for (long a = 0; a < shape.inner; ++a) {
      double* values = here_.data() + a + shape.inner * size * b;
      for (long i = 0; i < size; ++i) line[static_cast<std::size_t>(i)] = values[shape.inner * i];
      axis.transform.apply(line.data());
      for (long i = 0; i < size; ++i) values[shape.inner * i] = line[static_cast<std::size_t>(i)];
    }
}

void SineProduct::divide() {
  const long lines = slabs_.pencils(plane_), first = slabs_.first_pencil(plane_);
  const Axis &x = axes_.front(), &z = axes_.back();
  const long size_x = x.size();
  for (long k = 0; k < z.size(); ++k)
    for (long line = first; line < first + lines; ++line) {
      const auto i = static_cast<std::size_t>(line % size_x);
      double riesz = x.riesz[i], mass = x.mass[i];
      const auto with = [&](const Axis& axis, std::size_t at) {
        riesz = riesz * axis.mass[at] + mass * axis.riesz[at];
        mass *= axis.mass[at];
      };
      if (axes_.size() == 3) with(axes_[1], static_cast<std::size_t>(line / size_x));
      with(z, static_cast<std::size_t>(k));
      here_[static_cast<std::size_t>(k * lines + line - first)] /= riesz + reaction_ * mass;
    }
}

// Symmetric: its own transpose.
void SineProduct::apply(const double* x, double* y, bool) {
  const long count = plane_ * slabs_.local_planes(), pencils = slabs_.pencils(plane_);
  here_.assign(x, x + count);
  LineShape shape{1, count};
  for (std::size_t d = 0; d + 1 < axes_.size(); ++d) {
    shape.outer /= axes_[d].size();
    transform(axes_[d], shape);
    shape.inner *= axes_[d].size();
  }
  next_.resize(static_cast<std::size_t>(pencils * slabs_.planes()));
  slabs_.to_pencils(plane_, here_.data(), next_.data());
  here_.swap(next_);
  transform(axes_.back(), {pencils, 1});
  divide();
  transform(axes_.back(), {pencils, 1});
  next_.resize(static_cast<std::size_t>(count));
  slabs_.to_slabs(plane_, here_.data(), next_.data());
  here_.swap(next_);
  for (std::size_t d = axes_.size() - 1; d-- > 0;) {
    shape.inner /= axes_[d].size();
    transform(axes_[d], shape);
    shape.outer *= axes_[d].size();
  }
  std::copy_n(here_.begin(), count, y);
}

std::string SineProduct::description() const {
  std::string text = "sine transforms, ";
  for (std::size_t d = 0; d < axes_.size(); ++d)
    text += (d > 0 ? " x " : "") + std::to_string(axes_[d].size());
  return text;
}

} // namespace linnet::fractional
