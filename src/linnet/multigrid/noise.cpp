// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/multigrid/noise.hpp>

#include <linnet/kernels/parallel.hpp>

namespace linnet::multigrid {
namespace {

// SplitMix64 of the natural index.
struct NoiseKernel {
  static constexpr int width = 1;
  float* y;
  int pitch_y, pitch_z;
  int lo[3];
  std::uint64_t points[2];
  std::uint64_t stream;
  template <int W>
  KOKKOS_FUNCTION void apply(int i, int j, int k) const {
    const auto x = static_cast<std::uint64_t>(i + lo[0]);
    const auto row = static_cast<std::uint64_t>(j + lo[1]);
    const auto plane = static_cast<std::uint64_t>(k + lo[2]);
    std::uint64_t z = x + points[0] * (row + points[1] * plane) + (stream << 56);
    z = (z + 1) * 0x9E3779B97F4A7C15u;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    z ^= z >> 31;
    y[i + static_cast<std::ptrdiff_t>(j) * pitch_y + static_cast<std::ptrdiff_t>(k) * pitch_z] =
        static_cast<float>(static_cast<double>(z >> 11) * 0x1p-52 - 1.0);
  }
};

} // namespace

void fill_with_noise(const grid::IndexBox& box, const core::Index3& points, std::uint64_t stream,
                     const kernels::Field<float>& y) {
  kernels::for_each_point(
      "linnet::multigrid::noise", kernels::Range::box(y.layout.n),
      NoiseKernel{y.origin(),
                  y.layout.pitch_y,
                  y.layout.pitch_z,
                  {box.lo[0], box.lo[1], box.lo[2]},
                  {static_cast<std::uint64_t>(points[0]), static_cast<std::uint64_t>(points[1])},
                  stream});
}

} // namespace linnet::multigrid
