// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/multigrid/inverse_pattern.hpp>

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace linnet::multigrid {

namespace {

using kernels::AdaptedPattern;
using kernels::Offset;
using kernels::StencilOperator;
using kernels::StencilPattern;

// Sums of integers do not depend on the order, and with it on the number of ranks.
std::int64_t fixed_point(double x) { return std::llround(x * (std::int64_t{1} << 30)); }

std::vector<Offset> lower_offsets(StencilPattern pattern, int reach) {
  std::vector<Offset> offsets;
  const int z_reach = kernels::is_three_dimensional(pattern) ? reach : 0;
  for (int z = -z_reach; z <= 0; ++z)
    for (int y = -reach; y <= reach; ++y)
      for (int x = -reach; x <= reach; ++x)
        if (z < 0 || (z == 0 && (y < 0 || (y == 0 && x < 0)))) offsets.push_back({x, y, z});
  return offsets;
}

bool in_stencil(const Offset& o) { return std::max({-o.x, o.x, -o.y, o.y, -o.z, o.z}) <= 1; }

/// Rows of A around sample points, in the memory of the host. Point number n of a row is candidate
/// n-1; number 0 the row's own.
template <class T>
class Samples {
public:
  Samples(const StencilOperator<T>& a, const kernels::Field<double>& diagonal,
          const std::vector<Offset>& candidates)
      : layout_(a.layout()) {
    for (const auto& c : a.couplings)
      couplings_.push_back(Kokkos::create_mirror_view_and_copy(kernels::HostSpace{}, c.values));
    diagonal_ = Kokkos::create_mirror_view_and_copy(kernels::HostSpace{}, diagonal.values);
    std::vector<Offset> all{{0, 0, 0}};
    all.insert(all.end(), candidates.begin(), candidates.end());
    size_ = all.size();
    for (const Offset& p : all) {
      distance_.push_back(kernels::distance(layout_, p));
      for (const Offset& q : all)
        stored_.push_back(kernels::detail::stored_coupling(a.pattern, layout_, p, q));
    }
  }

  /// Every few points of the whole grid, as far as they lie in @p box and are coupled.
  void take(const grid::IndexBox& box, const core::Index3& points, bool three_dimensional) {
    const int along = three_dimensional ? 8 : 24;
    core::Index3 step, first;
    for (std::size_t d = 0; d < 3; ++d) {
      step[d] = std::max(1, points[d] / along) | 1; // odd: media often come in blocks of even size
      const int start = step[d] / 2;
      const int beyond = (box.lo[d] - start + step[d] - 1) / step[d];
      first[d] = start + std::max(0, beyond) * step[d];
    }
    for (int k = first[2]; k < box.hi[2]; k += step[2])
      for (int j = first[1]; j < box.hi[1]; j += step[1])
        for (int i = first[0]; i < box.hi[0]; i += step[0]) {
          const std::ptrdiff_t q = layout_(i - box.lo[0], j - box.lo[1], k - box.lo[2]);
          if (diagonal_(q) > 0.0) at_.push_back(q);
        }
  }

  [[nodiscard]] std::size_t count() const { return at_.size(); }
  [[nodiscard]] double entry(std::size_t sample, std::size_t p, std::size_t q) const {
    const std::ptrdiff_t at = at_[sample];
    if (p == q) return diagonal_(at + distance_[p]);
    const auto& s = stored_[p * size_ + q];
    return s.number < 0
               ? 0.0
               : -static_cast<double>(couplings_[static_cast<std::size_t>(s.number)](at + s.at));
  }

  /// The row of G on @p members, the last of which is the point itself; 0 for members outside.
  [[nodiscard]] std::vector<double> row(std::size_t sample,
                                        const std::vector<std::size_t>& members) const {
    constexpr double least_pivot = 1e-13;
    const std::size_t m = members.size();
    std::vector<double> l(m * m, 0.0), scale(m), x(m), inverse(m);
    for (std::size_t c = 0; c < m; ++c) {
      const double d = entry(sample, members[c], members[c]);
      scale[c] = d > 0.0 ? 1.0 / std::sqrt(d) : 0.0;
    }
    for (std::size_t c = 0; c < m; ++c) {
      double pivot = 1.0;
      for (std::size_t p = 0; p < c; ++p) pivot -= l[c * m + p] * l[c * m + p];
      inverse[c] = pivot > least_pivot ? 1.0 / std::sqrt(pivot) : 0.0;
      for (std::size_t r = c + 1; r < m; ++r) {
        double v = entry(sample, members[r], members[c]) * scale[r] * scale[c];
        for (std::size_t p = 0; p < c; ++p) v -= l[r * m + p] * l[c * m + p];
        l[r * m + c] = v * inverse[c];
      }
    }
    for (std::size_t r = m; r-- > 0;) {
      double v = r + 1 == m ? 1.0 : 0.0;
      for (std::size_t p = r + 1; p < m; ++p) v -= l[p * m + r] * x[p];
      x[r] = v * inverse[r];
    }
    for (std::size_t c = 0; c < m; ++c) x[c] *= scale[c];
    return x;
  }

private:
  kernels::Layout layout_;
  std::vector<decltype(Kokkos::create_mirror_view_and_copy(kernels::HostSpace{},
                                                           kernels::Array<T>{}))>
      couplings_;
  decltype(Kokkos::create_mirror_view_and_copy(kernels::HostSpace{},
                                               kernels::Array<double>{})) diagonal_;
  std::size_t size_ = 0;
  std::vector<std::ptrdiff_t> distance_;
  std::vector<kernels::detail::StoredCoupling> stored_;
  std::vector<std::ptrdiff_t> at_;
};

// How much the next member n would shorten the row, for every candidate.
template <class T>
std::vector<std::int64_t> gains(const Samples<T>& samples, const std::vector<std::size_t>& members,
                                std::size_t candidates) {
  std::vector<std::int64_t> sum(candidates + 1, 0);
  for (std::size_t s = 0; s < samples.count(); ++s) {
    const auto g = samples.row(s, members);
    for (std::size_t n = 1; n <= candidates; ++n) {
      const double d = samples.entry(s, n, n);
      if (!(d > 0.0)) continue;
      double slope = 0.0;
      for (std::size_t m = 0; m < members.size(); ++m)
        slope += samples.entry(s, n, members[m]) * g[m];
      sum[n] += fixed_point(slope * slope / d);
    }
  }
  return sum;
}

// Mean over the samples of log(1 / (g_ii^2 a_ii)): the sum over all rows is the logarithm of
// det(A) times det(G)^-2 and diag(A)^-1, as good as G can be.
template <class T>
double mean_log_pivot(MPI_Comm comm, const Samples<T>& samples,
                      const std::vector<std::size_t>& members) {
  std::int64_t sum[2] = {0, 0};
  for (std::size_t s = 0; s < samples.count(); ++s) {
    const double g = samples.row(s, members).back();
    const double pivot = 1.0 / (g * g * samples.entry(s, 0, 0));
    if (!(pivot > 0.0 && pivot <= 1.0)) continue; // rounding
    sum[0] += fixed_point(std::log(pivot));
    ++sum[1];
  }
  MPI_Allreduce(MPI_IN_PLACE, sum, 2, MPI_INT64_T, MPI_SUM, comm);
  return sum[1] > 0 ? static_cast<double>(sum[0]) / static_cast<double>(fixed_point(1.0)) /
                          static_cast<double>(sum[1])
                    : 0.0;
}

} // namespace

template <class T>
std::optional<AdaptedPattern> choose_inverse_pattern(MPI_Comm comm, const grid::IndexBox& box,
                                                     const core::Index3& points, int reach,
                                                     const StencilOperator<T>& a,
                                                     const kernels::Field<double>& diagonal) {
  const auto candidates = lower_offsets(a.pattern, reach);
  Samples<T> samples(a, diagonal, candidates);
  samples.take(box, points, kernels::is_three_dimensional(a.pattern));
  AdaptedPattern chosen;
  std::vector<std::size_t> members{0}; // the point itself stays the last one
  for (Offset& offset : chosen) {
    auto sum = gains(samples, members, candidates.size());
    MPI_Allreduce(MPI_IN_PLACE, sum.data(), static_cast<int>(sum.size()), MPI_INT64_T, MPI_SUM,
                  comm);
    std::size_t best = 0;
    for (std::size_t n = 1; n < sum.size(); ++n)
      if (std::find(members.begin(), members.end(), n) == members.end() &&
          (best == 0 || sum[n] > sum[best]))
        best = n;
    members.insert(members.end() - 1, best);
    offset = candidates[best - 1];
  }
  std::vector<std::size_t> stencil;
  for (std::size_t n = 1; n <= candidates.size(); ++n)
    if (in_stencil(candidates[n - 1])) stencil.push_back(n);
  stencil.push_back(0);
  // Constant coefficients, 2-D: 0.01 to 0.03 without anisotropy, 0.04 to 0.06 at 1:10, 0.08 to 0.13
  // at 1:100 at any angle. In 3-D the stencil has 13 lower offsets, and 8 that do as well are
  // better.
  const double worthwhile = kernels::is_three_dimensional(a.pattern) ? 0.0 : 0.05;
  if (mean_log_pivot(comm, samples, stencil) - mean_log_pivot(comm, samples, members) < worthwhile)
    return std::nullopt;
  return chosen;
}

template std::optional<AdaptedPattern> choose_inverse_pattern(MPI_Comm, const grid::IndexBox&,
                                                              const core::Index3&, int,
                                                              const StencilOperator<float>&,
                                                              const kernels::Field<double>&);
template std::optional<AdaptedPattern> choose_inverse_pattern(MPI_Comm, const grid::IndexBox&,
                                                              const core::Index3&, int,
                                                              const StencilOperator<double>&,
                                                              const kernels::Field<double>&);

} // namespace linnet::multigrid
