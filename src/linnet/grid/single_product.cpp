// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/grid/single_product.hpp>

#include <linnet/grid/stencil_product.hpp>
#include <linnet/kernels/aligned_field.hpp>
#include <linnet/kernels/stencil/planes.hpp>
#include <linnet/kernels/stencil/single_cg_kernels.hpp>

namespace linnet::grid {

using kernels::Field;
using kernels::marched;
using kernels::Range;
using kernels::StencilPattern;

namespace {

int rank_of(MPI_Comm comm) {
  int rank;
  MPI_Comm_rank(comm, &rank);
  return rank;
}

/// Takes from @p inside, layer by layer, what has neighbours on other ranks.
std::vector<Range> peel(Range& inside, const Halo& halo) {
  std::vector<Range> faces;
  for (int d = 2; d >= 0; --d)
    for (const int side : {-1, 1}) {
      core::Index3 direction{0, 0, 0};
      direction[static_cast<std::size_t>(d)] = side;
      if (inside.empty() || !halo.has_neighbour(direction)) continue;
      Range face = inside;
      const int layer = side < 0 ? inside.lo[d]++ : --inside.hi[d];
      face.lo[d] = layer;
      face.hi[d] = layer + 1;
      faces.push_back(face);
    }
  return faces;
}

} // namespace

SingleProduct::SingleProduct(MPI_Comm comm, const Partition& partition, StencilPattern pattern)
    : partition_(partition), pattern_(pattern),
      dimension_(kernels::is_three_dimensional(pattern) ? 3 : 2),
      halo_(comm, partition, pattern_ghosts(pattern), pattern_shape(pattern)) {
  const kernels::Layout layout = kernels::with_aligned_rows(
      kernels::Layout(partition.box(rank_of(comm)).extent(), pattern_ghosts(pattern)),
      sizeof(float));
  exchanged_ = kernels::aligned_field<float>("linnet::grid::direction", layout);
  p_ = marched(exchanged_, dimension_);
  w_ = marched(kernels::aligned_field<float>("linnet::grid::product", layout), dimension_);
  Range inside = Range::box(layout.n);
  for (const Range& face : peel(inside, halo_)) faces_.push_back(marched(face, dimension_));
  interior_ = marched(inside, dimension_);
}

void SingleProduct::set_operator(const std::vector<Field<float>>& couplings,
                                 const Field<double>& row_sum, double factor) {
  coded_.reset();
  couplings_ = couplings;
  for (auto& c : couplings_) c = marched(c, dimension_);
  row_sum_ = marched(row_sum, dimension_);
  factor_ = factor;
}

void SingleProduct::set_operator(const kernels::CodedStar<float>& star,
                                 const Field<double>& row_sum, double factor) {
  couplings_.clear();
  coded_ = star;
  row_sum_ = marched(row_sum, dimension_);
  factor_ = factor;
}

void SingleProduct::forget_operator() {
  couplings_.clear();
  coded_.reset();
  row_sum_ = {};
}

double SingleProduct::turn_and_multiply(const Field<float>& z, double beta,
                                        const kernels::RowSpans& spans) {
  if (coded_)
    return dimension_ == 3 ? march(z, beta, spans, coded_kernel<3>())
                           : march(z, beta, spans, coded_kernel<2>());
  double sum = 0.0;
  kernels::with_pattern(
      pattern_, [&](auto pattern) { sum = march(z, beta, spans, plain_kernel<pattern()>()); });
  return sum;
}

template <StencilPattern P>
kernels::detail::SingleMultAndDot<P> SingleProduct::plain_kernel() const {
  kernels::detail::SingleMultAndDot<P> kernel{
      p_.values.data(),     w_.values.data(), p_.layout, {}, row_sum_.values.data(),
      couplings_[0].layout, row_sum_.layout,  factor_,   {}, {}};
  const auto step = [this](const kernels::Layout& l, const kernels::Offset& o) {
    const kernels::Offset m = dimension_ == 3 ? o : kernels::Offset{o.x, 0, o.y};
    return l(m.x, m.y, m.z) - l(0, 0, 0);
  };
  for (int m = 0; m < kernel.count; ++m) {
    kernel.c[m] = couplings_[static_cast<std::size_t>(m)].values.data();
    kernel.step[m] = step(p_.layout, upper_offset(P, m));
    kernel.step_c[m] = step(couplings_[0].layout, upper_offset(P, m));
  }
  return kernel;
}

template <int Dim>
kernels::detail::CodedMultAndDot<Dim> SingleProduct::coded_kernel() const {
  return {kernels::detail::CodedStarPointers<float, Dim>(*coded_),
          kernels::Planes<const float>(p_),
          kernels::Planes<float>(w_),
          row_sum_.values.data(),
          row_sum_.layout,
          factor_};
}

template <class Kernel>
double SingleProduct::march(const Field<float>& z, double beta, const kernels::RowSpans& spans,
                            const Kernel& kernel) {
  const auto multiply = [&](const Range& range) {
    return kernels::sum_in_packs("linnet::grid::single_product", range, spans, kernel);
  };
  const auto mz = marched(z, dimension_);
  double sum = 0.0;
  kernels::March march(kernels::planes_per_chunk(p_.layout));
  march.add(Range::box(p_.layout.n), [&](const Range& planes) {
    kernels::turn_single_direction(mz, beta, p_, planes, spans);
  });
  march.add(interior_, [&](const Range& planes) { sum += multiply(planes); });
  march.run();
  if (halo_.trivial()) return sum;
  halo_.exchange(exchanged_);
  for (const Range& face : faces_) sum += multiply(face);
  return sum;
}

} // namespace linnet::grid
