// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Values of a tensor's owned points in memory of the host: x fastest, channels slowest.
#pragma once

#include <linnet/kernels/tensor.hpp>

#include <span>

namespace linnet::nn {

namespace detail {

/// use(number, place in the tensor's memory) for the owned points.
template <class T, class Use>
void for_each_value(const kernels::Tensor<T>& t, const Use& use) {
  const std::ptrdiff_t origin = t.origin() - t.values.data();
  const kernels::Layout& l = t.layout;
  std::size_t number = 0;
  for (int c = 0; c < t.channels; ++c)
    for (int k = 0; k < l.n[2]; ++k)
      for (int j = 0; j < l.n[1]; ++j)
        for (int i = 0; i < l.n[0]; ++i)
          use(number++,
              static_cast<std::size_t>(origin + c * t.pitch + i + j * l.pitch_y + k * l.pitch_z));
}

template <class T>
const Kokkos::View<T*, kernels::MemorySpace>& view_of(const kernels::Tensor<T>& t) {
  return t.values;
}

} // namespace detail

/// Values of all channels of one box.
template <class T>
std::size_t value_count(const kernels::Tensor<T>& t) {
  const auto& n = t.layout.n;
  return static_cast<std::size_t>(core::volume({n[0], n[1], n[2]})) *
         static_cast<std::size_t>(t.channels);
}

/// @p values to the tensor, rounded to T. Ghosts keep theirs.
template <class T>
void to_tensor(std::span<const double> values, const kernels::Tensor<T>& t) {
  const auto host = Kokkos::create_mirror_view_and_copy(kernels::HostSpace(), detail::view_of(t));
  detail::for_each_value(t, [&](std::size_t number, std::size_t place) {
    host(place) = static_cast<T>(values[number]);
  });
  Kokkos::deep_copy(detail::view_of(t), host);
}

template <class T>
void from_tensor(const kernels::Tensor<T>& t, std::span<double> values) {
  const auto host = Kokkos::create_mirror_view_and_copy(kernels::HostSpace(), detail::view_of(t));
  detail::for_each_value(t, [&](std::size_t number, std::size_t place) {
    values[number] = static_cast<double>(host(place));
  });
}

} // namespace linnet::nn
