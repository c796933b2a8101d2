// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/multigrid/varying_anisotropy.hpp>

#include <algorithm>
#include <bit>
#include <cstdint>

namespace linnet::multigrid {

namespace {

using Strength = std::array<int, 3>;

/// Sample points: `per_block` along each direction of every block.
struct SampleGrid {
  core::Index3 points, blocks, per_block;

  explicit SampleGrid(const core::Index3& n) : points(n) {
    const bool flat = n[0] == 1 || n[1] == 1 || n[2] == 1;
    for (std::size_t d = 0; d < 3; ++d) {
      blocks[d] = std::clamp(n[d] / 8, 1, flat ? 16 : 8);
      // At most every second point: more say nothing new.
      per_block[d] = std::clamp(n[d] / (2 * blocks[d]), 1, flat ? 16 : 5);
    }
  }
  [[nodiscard]] int along(std::size_t d) const { return blocks[d] * per_block[d]; }
  [[nodiscard]] std::size_t count() const {
    return static_cast<std::size_t>(along(0)) * static_cast<std::size_t>(along(1)) *
           static_cast<std::size_t>(along(2));
  }
  /// Grid index of sample @p s along direction @p d, in the middle of its share.
  [[nodiscard]] int index(std::size_t d, int s) const {
    return static_cast<int>((2LL * s + 1) * points[d] / (2LL * along(d)));
  }
  /// First sample along direction @p d at or behind the grid index @p i.
  [[nodiscard]] int first(std::size_t d, int i) const {
    int s = 0;
    while (s < along(d) && index(d, s) < i) ++s;
    return s;
  }
  [[nodiscard]] std::size_t number(int i, int j, int k) const {
    return static_cast<std::size_t>(i) +
           static_cast<std::size_t>(along(0)) *
               (static_cast<std::size_t>(j) +
                static_cast<std::size_t>(along(1)) * static_cast<std::size_t>(k));
  }
};

constexpr int weakest = 100; // below 2^-weakest is as good as nothing

// The exponent of x >= 1; far above `weakest` if x is not finite.
int exponent_of(double x) { return static_cast<int>(std::bit_cast<std::uint64_t>(x) >> 52) - 1023; }

// By sample and direction: 1 + the power of two by which a direction is weaker than the strongest
// one; 0 where a point is not coupled along all directions, or lies on another rank.
std::vector<std::int8_t> sample_strengths(const SampleGrid& samples, const grid::IndexBox& box,
                                          const kernels::StencilOperator<double>& a) {
  using HostView =
      decltype(Kokkos::create_mirror_view_and_copy(kernels::HostSpace{}, a.row_sum.values));
  std::vector<HostView> couplings;
  for (const auto& c : a.couplings)
    couplings.push_back(Kokkos::create_mirror_view_and_copy(kernels::HostSpace{}, c.values));
  std::vector<std::int8_t> strengths(3 * samples.count(), 0);
  core::Index3 lo, hi;
  for (std::size_t d = 0; d < 3; ++d) {
    lo[d] = samples.first(d, box.lo[d]);
    hi[d] = samples.first(d, box.hi[d]);
  }
  for (int k = lo[2]; k < hi[2]; ++k)
    for (int j = lo[1]; j < hi[1]; ++j)
      for (int i = lo[0]; i < hi[0]; ++i) {
        const auto q = a.layout()(samples.index(0, i) - box.lo[0], samples.index(1, j) - box.lo[1],
                                  samples.index(2, k) - box.lo[2]);
        double along[3] = {0.0, 0.0, 0.0};
        for (int m = 0; m < kernels::coupling_count(a.pattern); ++m) {
          const kernels::Offset o = kernels::upper_offset(a.pattern, m);
          const double c = couplings[static_cast<std::size_t>(m)](q);
          if (o.x) along[0] += c;
          if (o.y) along[1] += c;
          if (o.z) along[2] += c;
        }
        const double strongest = std::max({along[0], along[1], along[2]});
        bool coupled = true;
        for (std::size_t d = 0; d < 3; ++d)
          coupled = coupled && (samples.points[d] == 1 || along[d] > 0.0);
        if (!coupled) continue;
        for (std::size_t d = 0; d < 3; ++d)
          strengths[3 * samples.number(i, j, k) + d] = static_cast<std::int8_t>(
              samples.points[d] == 1 ? 1
                                     : 1 + std::min(weakest, exponent_of(strongest / along[d])));
      }
  return strengths;
}

// True where no block can differ from another one by more than @p harmless, which ends the matter
// in most set-ups: if x - y lies between two numbers at all samples, so does the difference of the
// medians of x and of y.
bool varies_little(MPI_Comm comm, const std::vector<std::int8_t>& strengths, int harmless) {
  int extremes[6]; // of the three differences, and of their negatives
  std::fill(extremes, extremes + 6, -2 * weakest);
  for (std::size_t at = 0; at < strengths.size(); at += 3) {
    const std::int8_t* s = &strengths[at];
    if (s[0] == 0) continue;
    for (std::size_t d = 0; d < 3; ++d) {
      const int difference = s[d] - s[(d + 1) % 3];
      extremes[d] = std::max(extremes[d], difference);
      extremes[3 + d] = std::max(extremes[3 + d], -difference);
    }
  }
  MPI_Allreduce(MPI_IN_PLACE, extremes, 6, MPI_INT, MPI_MAX, comm);
  return extremes[0] + extremes[3] <= harmless && extremes[1] + extremes[4] <= harmless &&
         extremes[2] + extremes[5] <= harmless;
}

int median(std::vector<int>& values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

Strength median(const std::vector<Strength>& strengths) {
  Strength m{};
  for (std::size_t d = 0; d < 3; ++d) {
    std::vector<int> values;
    for (const auto& s : strengths) values.push_back(s[d]);
    m[d] = median(values);
  }
  return m;
}

// Blocks that are coupled along all directions at one point in four at least.
std::vector<Strength> block_strengths(const SampleGrid& samples,
                                      const std::vector<std::int8_t>& strengths) {
  std::vector<Strength> blocks;
  const auto& m = samples.per_block;
  for (int bk = 0; bk < samples.blocks[2]; ++bk)
    for (int bj = 0; bj < samples.blocks[1]; ++bj)
      for (int bi = 0; bi < samples.blocks[0]; ++bi) {
        std::vector<Strength> found;
        for (int k = bk * m[2]; k < (bk + 1) * m[2]; ++k)
          for (int j = bj * m[1]; j < (bj + 1) * m[1]; ++j)
            for (int i = bi * m[0]; i < (bi + 1) * m[0]; ++i) {
              const std::int8_t* s = &strengths[3 * samples.number(i, j, k)];
              if (s[0] > 0) found.push_back({1 - s[0], 1 - s[1], 1 - s[2]});
            }
        if (4 * static_cast<std::int64_t>(found.size()) >= core::volume(m))
          blocks.push_back(median(found));
      }
  return blocks;
}

/// Blocks in the order of a measure of theirs.
class Ranking {
public:
  template <class Measure>
  Ranking(std::vector<Strength> blocks, const Measure& measure) : blocks_(std::move(blocks)) {
    std::stable_sort(blocks_.begin(), blocks_.end(),
                     [&](const Strength& x, const Strength& y) { return measure(x) < measure(y); });
    const auto few = static_cast<std::ptrdiff_t>((blocks_.size() + 19) / 20); // 5 %
    low_ = measure(*(blocks_.begin() + few - 1));
    high_ = measure(*(blocks_.end() - few));
    // What suits the middle of a fifth does for its ends; the extremes themselves ask too much.
    tail_ = static_cast<std::ptrdiff_t>((blocks_.size() + 4) / 5);
  }
  /// Reached by 5 % of the blocks at either end.
  [[nodiscard]] int low() const { return low_; }
  [[nodiscard]] int high() const { return high_; }
  [[nodiscard]] Anisotropy lowest() const {
    return middle({blocks_.begin(), blocks_.begin() + tail_});
  }
  [[nodiscard]] Anisotropy highest() const {
    return middle({blocks_.end() - tail_, blocks_.end()});
  }

private:
  static Anisotropy middle(const std::vector<Strength>& blocks) {
    Anisotropy a;
    a.strength = median(blocks);
    const int strongest = std::max({a.strength[0], a.strength[1], a.strength[2]});
    for (int& s : a.strength) s -= strongest;
    return a;
  }

  std::vector<Strength> blocks_;
  std::ptrdiff_t tail_;
  int low_, high_;
};

} // namespace

std::vector<Anisotropy> find_varying_anisotropy(MPI_Comm comm, const grid::Partition& cut,
                                                const kernels::StencilOperator<double>& a) {
  int rank;
  MPI_Comm_rank(comm, &rank);
  const SampleGrid samples(cut.points());
  // One hierarchy copes with regions that differ by less than this power of two.
  constexpr int harmless_spread = 5;
  auto strengths = sample_strengths(samples, cut.box(rank), a);
  if (varies_little(comm, strengths, harmless_spread - 1)) return {};
  MPI_Allreduce(MPI_IN_PLACE, strengths.data(), static_cast<int>(strengths.size()), MPI_INT8_T,
                MPI_SUM, comm);
  const auto blocks = block_strengths(samples, strengths);
  if (blocks.empty()) return {};
  int widest = harmless_spread - 1;
  std::vector<Anisotropy> extremes;
  std::size_t third = 3;
  for (std::size_t d = 0; d < 3; ++d)
    for (std::size_t e = d + 1; e < 3; ++e) {
      if (samples.points[d] == 1 || samples.points[e] == 1) continue;
      const Ranking ranking(blocks, [&](const Strength& s) { return s[d] - s[e]; });
      if (ranking.high() - ranking.low() <= widest) continue;
      widest = ranking.high() - ranking.low();
      extremes = {ranking.lowest(), ranking.highest()};
      third = 3 - d - e;
    }
  if (extremes.empty() || samples.points[third] == 1) return extremes;
  // Regions where the third direction is the strongest.
  const Ranking ranking(blocks, [&](const Strength& s) {
    return s[third] - std::max(s[(third + 1) % 3], s[(third + 2) % 3]);
  });
  if (ranking.high() >= harmless_spread) extremes.push_back(ranking.highest());
  return extremes;
}

} // namespace linnet::multigrid
