// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Sums over the children of a coarse point, and its adjoint, which spreads a value to them:
/// average pooling and nearest-neighbour upsampling are these two with a factor.
#pragma once

#include <linnet/kernels/copy.hpp>
#include <linnet/kernels/tensor.hpp>

namespace linnet::kernels {

namespace detail {

/// p[0], p[2], ... and p[1], p[3], ...
template <int W, class T>
KOKKOS_FORCEINLINE_FUNCTION std::pair<Pack<T, W>, Pack<T, W>> load_pairs(const T* p) {
  if constexpr (W == 1)
    return {p[0], p[1]};
  else
    return {load_strided<W, 2>(p), load_strided<W, 2>(p + 1)};
}

template <class T>
struct ChildrenKernel {
  static constexpr int width = native_width<T>;
  T* fine;
  Strides at_fine;
  T* coarse;
  Strides at_coarse;
  int ratio[3];
  T factor;
  bool add;

  ChildrenKernel(const Tensor<T>& f, const Tensor<T>& c, int channel, const core::Index3& r,
                 T scale, bool adds)
      : fine(f.origin(channel)), at_fine(f.layout), coarse(c.origin(channel)),
        at_coarse(c.layout), ratio{r[0], r[1], r[2]}, factor(scale), add(adds) {}
};

template <class T>
struct SumChildren : ChildrenKernel<T> {
  using ChildrenKernel<T>::ChildrenKernel;
  template <int W>
  KOKKOS_FORCEINLINE_FUNCTION void apply(int i, int j, int k) const {
    Pack<T, W> sum = splat<W>(T(0));
    const auto& r = this->ratio;
    for (int z = 0; z < r[2]; ++z)
      for (int y = 0; y < r[1]; ++y) {
        const T* row = this->fine + this->at_fine(i * r[0], j * r[1] + y, k * r[2] + z);
        if (r[0] == 2) {
          const auto [even, odd] = load_pairs<W>(row);
          sum += even + odd;
        } else {
          sum += load<W>(row);
        }
      }
    T* to = this->coarse + this->at_coarse(i, j, k);
    sum *= splat<W>(this->factor);
    store<W>(to, this->add ? load<W>(to) + sum : sum);
  }
};

template <class T>
struct SpreadToChildren : ChildrenKernel<T> {
  using ChildrenKernel<T>::ChildrenKernel;
  template <int W>
  KOKKOS_FORCEINLINE_FUNCTION void apply(int i, int j, int k) const {
    const Pack<T, W> value =
        splat<W>(this->factor) * load<W>(this->coarse + this->at_coarse(i, j, k));
    const auto& r = this->ratio;
    for (int z = 0; z < r[2]; ++z)
      for (int y = 0; y < r[1]; ++y) {
        T* row = this->fine + this->at_fine(i * r[0], j * r[1] + y, k * r[2] + z);
        if (!this->add) set<W>(row, splat<W>(T(0)), false);
        set<W>(row, value, true);
      }
  }
  template <int W>
  KOKKOS_FORCEINLINE_FUNCTION void set(T* row, const Pack<T, W>& value, bool adds) const {
    if (this->ratio[0] == 2) {
      if (adds) return add_interleaved<W>(row, value, value);
      store<W>(row, value);
      store<W>(row + W, value);
    } else {
      store<W>(row, adds ? load<W>(row) + value : value);
    }
  }
};

} // namespace detail

/// coarse = (or, with @p add, +=) factor times the sum of the children, on the owned points;
/// @p ratio of the grids per direction: 1 or 2.
template <class T>
void sum_children(const Tensor<T>& fine, const core::Index3& ratio, T factor,
                  const Tensor<T>& coarse, bool add) {
  for (int c = 0; c < coarse.channels; ++c)
    for_each_point("linnet::kernels::sum_children", Range::box(coarse.layout.n),
                   detail::SumChildren<T>(fine, coarse, c, ratio, factor, add));
}

/// Every child = (or +=) factor times the value of its parent.
template <class T>
void spread_to_children(const Tensor<T>& coarse, const core::Index3& ratio, T factor,
                        const Tensor<T>& fine, bool add) {
  for (int c = 0; c < coarse.channels; ++c)
    for_each_point("linnet::kernels::spread_to_children", Range::box(coarse.layout.n),
                   detail::SpreadToChildren<T>(fine, coarse, c, ratio, factor, add));
}

} // namespace linnet::kernels
