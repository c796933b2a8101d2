// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/grid/stencil_product.hpp>

#include <linnet/kernels/box_copy.hpp>
#include <linnet/kernels/stencil/cg_kernels.hpp>
#include <linnet/kernels/stencil/planes.hpp>
#include <linnet/kernels/stencil/single_cg_kernels.hpp>
#include <linnet/kernels/stencil/stencil_mult.hpp>

namespace linnet::grid {

using core::Index3;
using kernels::Field;
using kernels::Placed;
using kernels::Range;
using kernels::StencilPattern;
using kernels::Target;

namespace {
int rank_of(MPI_Comm comm) {
  int rank;
  MPI_Comm_rank(comm, &rank);
  return rank;
}
} // namespace

StencilProduct::StencilProduct(MPI_Comm comm, const Partition& partition, StencilPattern pattern)
    : pattern_(pattern), extent_(partition.box(rank_of(comm)).extent()),
      ghosts_(pattern_ghosts(pattern)), halo_(comm, partition, ghosts_, pattern_shape(pattern)) {
  make_faces();
}

// Faces are peeled off in the order z, y, x, low before high, so that every point is computed once,
// also in boxes of one or two layers. Faces across x are slow, with one point per row, and not
// needed where nothing lies beyond them (RowEnds).
void StencilProduct::make_faces() {
  for (int d = 0; d < 3; ++d) interior_.hi[d] = extent_[d];
  for (int d = 2; d >= 0; --d) {
    if (ghosts_[d] == 0) continue;
    if (d == 0 && !halo_.has_neighbour({-1, 0, 0}) && !halo_.has_neighbour({1, 0, 0})) {
      ends_ = {0, extent_[0] - 1};
      continue;
    }
    for (const bool low : {true, false}) {
      if (interior_.empty()) return;
      Face face;
      face.points = interior_;
      const int layer = low ? interior_.lo[d]++ : --interior_.hi[d];
      face.points.lo[d] = layer;
      face.points.hi[d] = layer + 1;
      face.origin[d] = layer;
      Index3 n = extent_;
      n[d] = 1;
      face.window = Field<double>("linnet::grid::face", kernels::Layout(n, ghosts_));
      for (int other = 0; other < 3; ++other)
        if (other != d) face.origin[other] = 0;
      faces_.push_back(face);
    }
  }
}

void StencilProduct::copy_owned(const Field<double>& x, const Face& face) const {
  const Placed from(x), to(face.window, face.origin);
  Range owned;
  for (int d = 0; d < 3; ++d) {
    owned.lo[d] = std::max(0, face.origin[d] - ghosts_[d]);
    owned.hi[d] = std::min(extent_[d], face.origin[d] + face.window.layout.n[d] + ghosts_[d]);
  }
  kernels::for_each_point("linnet::grid::face", owned, kernels::CopyPlaced{from, to});
}

template <class MakeKernel, class Loop>
void StencilProduct::run(const Field<double>& x, const MakeKernel& make_kernel, const Loop& loop) {
  halo_.begin(x);
  loop(interior_, make_kernel(Placed(x), ends_));
  for (const Face& face : faces_) copy_owned(x, face);
  halo_.wait<double>();
  for (const Face& face : faces_) {
    halo_.unpack(0, face.window, face.origin);
    loop(face.points, make_kernel(Placed(face.window, face.origin), kernels::RowEnds()));
  }
}

namespace {
const auto multiply = [](const Range& points, const auto& kernel) {
  kernels::for_each_point("linnet::grid::stencil_mult", points, kernel);
};
} // namespace

void StencilProduct::symmetric(const std::vector<Field<double>>& couplings,
                               const Field<double>& row_sum, const Field<double>& x,
                               const Field<double>& y, const double* z, double factor) {
  const Target target{Placed(y), z, factor};
  kernels::with_pattern(pattern_, [&](auto pattern) {
    constexpr StencilPattern P = pattern();
    const auto kernel = [&](const Placed& source, const kernels::RowEnds& ends) {
      return kernels::SymmetricMult<P>(source, ends, couplings, row_sum, target);
    };
    run(x, kernel, multiply);
  });
}

std::array<double, 2> StencilProduct::renew_residual(const std::vector<Field<double>>& couplings,
                                                     const Field<double>& row_sum,
                                                     const Field<double>& x, const Field<double>& b,
                                                     double scale, double scale_before,
                                                     const Field<float>& r, const Field<float>& f) {
  std::array<double, 2> sums{};
  kernels::with_pattern(pattern_, [&](auto pattern) {
    constexpr StencilPattern P = pattern();
    const auto kernel = [&](const Placed& source, const kernels::RowEnds& ends) {
      return kernels::detail::RenewResidual<P>{
          kernels::SymmetricMult<P>(source, ends, couplings, row_sum, Target()),
          b.values.data(),
          b.layout,
          r.values.data(),
          r.layout,
          kernels::detail::unless_same(f, r),
          scale,
          scale_before};
    };
    run(x, kernel, [&](const Range& points, const auto& renew) {
      const auto more = kernels::sums_in_packs("linnet::grid::renew_residual", points, renew);
      for (std::size_t i = 0; i < sums.size(); ++i) sums[i] += more[i];
    });
  });
  return sums;
}

double StencilProduct::turn_and_multiply(const std::vector<Field<double>>& couplings,
                                         const Field<double>& row_sum, const Field<float>& z,
                                         double scale, double beta, const Field<double>& p,
                                         const Field<double>& w, const kernels::RowSpans& spans) {
  const int dimension = kernels::is_three_dimensional(pattern_) ? 3 : 2;
  double sum = 0.0;
  kernels::with_pattern(pattern_, [&](auto pattern) {
    constexpr StencilPattern P = pattern();
    using Kernel = kernels::detail::MultAndDot<P>;
    const auto kernel = [&](const Placed& source, const kernels::RowEnds& ends,
                            const Field<double>& sums, const Field<double>& target) {
      return Kernel{kernels::SymmetricMult<P>(source, ends, couplings, sums,
                                              Target{Placed(target), nullptr, 1.0})};
    };
    // Marched layouts have a 2-D grid's y as z.
    const auto mp = kernels::marched(p, dimension), mw = kernels::marched(w, dimension);
    const auto mz = kernels::marched(z, dimension);
    const auto inner = kernel(Placed(mp), ends_, kernels::marched(row_sum, dimension), mw);
    kernels::March march(kernels::planes_per_chunk(mp.layout));
    march.add(Range::box(mp.layout.n), [&](const Range& planes) {
      kernels::turn_direction(mz, scale, beta, mp, planes, spans);
    });
    march.add(kernels::marched(interior_, dimension), [&](const Range& planes) {
      sum += kernels::sum_in_packs("linnet::grid::stencil_mult", planes, spans, inner);
    });
    march.run();
    halo_.begin(p);
    for (const Face& face : faces_) copy_owned(p, face);
    halo_.wait<double>();
    for (const Face& face : faces_) {
      halo_.unpack(0, face.window, face.origin);
      sum += kernels::sum_in_packs(
          "linnet::grid::stencil_mult", face.points,
          kernel(Placed(face.window, face.origin), kernels::RowEnds(), row_sum, w));
    }
  });
  return sum;
}

void StencilProduct::general(const std::vector<Field<double>>& entries, const Field<double>& x,
                             const Field<double>& y, const double* z, double factor) {
  const Target target{Placed(y), z, factor};
  kernels::with_pattern(pattern_, [&](auto pattern) {
    constexpr StencilPattern P = pattern();
    const auto kernel = [&](const Placed& source, const kernels::RowEnds& ends) {
      return kernels::GeneralMult<P>(source, ends, entries, target);
    };
    run(x, kernel, multiply);
  });
}

} // namespace linnet::grid
