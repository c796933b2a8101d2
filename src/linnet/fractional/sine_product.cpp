// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/fractional/sine_product.hpp>

#include <linnet/core/kokkos_session.hpp>
#include <linnet/core/petsc.hpp>
#include <linnet/fractional/tau_inverse.hpp>
#include <linnet/kernels/fractional/eigenvalue_quotient.hpp>
#include <linnet/kernels/staging.hpp>

#include <array>

namespace linnet::fractional {

SineProduct::SineProduct(const SlabLayout& slabs, const RieszTerms& terms, double reaction)
    : slabs_(slabs), reaction_(reaction), plane_(terms.plane_size()) {
  LINNET_CHECK(core::ensure_kokkos());
  const auto keep = [](const std::vector<double>& values) {
    return kernels::device_copy<double>("linnet::fractional::eigenvalues", values);
  };
  for (const auto& a : terms.axes) {
    std::vector<double> riesz(static_cast<std::size_t>(a->size()), 0.0);
    if (a->factor > 0.0) riesz = tau_eigenvalues(a->operator_terms(), a->size());
    const bool is_last = axes_.size() + 1 == terms.axes.size();
    const long lines =
        is_last ? slabs_.pencils(plane_) : plane_ * slabs_.local_planes() / a->size();
    axes_.push_back({SineTransform(a->size(), lines), keep(riesz),
                     keep(tau_eigenvalues(a->mass_terms(), a->size()))});
  }
}

void SineProduct::divide() {
  std::array<kernels::AxisEigenvalues, 3> axes{};
  for (std::size_t d = 0; d < axes_.size(); ++d)
    axes[d] = {axes_[d].riesz.data(), axes_[d].mass.data(), axes_[d].size()};
  kernels::divide_by_eigenvalues(axes.data(), static_cast<int>(axes_.size()), reaction_,
                                 slabs_.first_pencil(plane_), slabs_.pencils(plane_), here_.data());
}

// Symmetric: its own transpose.
void SineProduct::apply(const double* x, double* y, bool) {
  const long count = plane_ * slabs_.local_planes(), pencils = slabs_.pencils(plane_);
  kernels::copy_values(x, here_.resize(count), static_cast<std::size_t>(count));
  LineShape shape{1, count};
  for (std::size_t d = 0; d + 1 < axes_.size(); ++d) {
    shape.outer /= axes_[d].size();
    axes_[d].transform.apply(shape, here_.data());
    shape.inner *= axes_[d].size();
  }
  slabs_.to_pencils(plane_, here_.data(), next_.resize(pencils * slabs_.planes()));
  here_.swap(next_);
  axes_.back().transform.apply({pencils, 1}, here_.data());
  divide();
  axes_.back().transform.apply({pencils, 1}, here_.data());
  slabs_.to_slabs(plane_, here_.data(), next_.resize(count));
  here_.swap(next_);
  for (std::size_t d = axes_.size() - 1; d-- > 0;) {
    shape.inner /= axes_[d].size();
    axes_[d].transform.apply(shape, here_.data());
    shape.outer *= axes_[d].size();
  }
  kernels::copy_values(here_.data(), y, static_cast<std::size_t>(count));
}

std::string SineProduct::description() const {
  std::string text = "sine transforms, ";
  for (std::size_t d = 0; d < axes_.size(); ++d)
    text += (d > 0 ? " x " : "") + std::to_string(axes_[d].size());
  return text;
}

} // namespace linnet::fractional
