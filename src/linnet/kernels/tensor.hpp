// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Several fields on one box: the activations of a network.
#pragma once

#include <linnet/kernels/field.hpp>

#include <string>
#include <utility>

namespace linnet::kernels {

/// Channels on one Layout, channel after channel, x fastest. Copies share the values.
///
/// A batch of vectors is a tensor, too: the channels are the entries of a vector and its n[0]
/// points the members of the batch.
template <class T>
struct Tensor {
  Array<T> values;
  Layout layout;
  int channels = 0;
  std::ptrdiff_t pitch = 0; ///< distance of two channels

  Tensor() = default;
  /// All values zero, ghosts included. @p label begins with "linnet::".
  Tensor(const char* label, int count, const Layout& l)
      : Tensor(zeros<T>(label, size(count, l)), count, l) {}
  /// On the values at @p memory, size() of them.
  Tensor(const Array<T>& memory, int count, const Layout& l)
      : values(memory), layout(l), channels(count),
        pitch(static_cast<std::ptrdiff_t>(channel_size(l))) {}

  /// Whole cache lines, but not whole pages, where the rows of all channels would compete for the
  /// same few lines of the cache.
  [[nodiscard]] static std::size_t channel_size(const Layout& l) {
    constexpr std::size_t line = 64 / sizeof(T), page = 4096 / sizeof(T);
    const std::size_t rounded = (l.size() + line - 1) / line * line;
    return rounded % page == 0 ? rounded + line : rounded;
  }
  /// Values of @p count channels, with the slack that packs may read behind the last one.
  [[nodiscard]] static std::size_t size(int count, const Layout& l) {
    return static_cast<std::size_t>(count) * channel_size(l) + pack_slack;
  }

  /// Address of the owned point (0,0,0) of @p channel.
  [[nodiscard]] T* origin(int channel = 0) const {
    return values.data() + channel * pitch + layout(0, 0, 0);
  }
  /// @p count channels from @p first on, as a tensor that shares their values.
  [[nodiscard]] Tensor part(int first, int count) const {
    const std::size_t begin = static_cast<std::size_t>(first) * static_cast<std::size_t>(pitch);
    return Tensor(Array<T>(Kokkos::subview(values, std::pair(begin, begin + size(count, layout)))),
                  count, layout);
  }
  /// One channel as a field that shares its values.
  [[nodiscard]] Field<T> channel(int number) const {
    const std::size_t first = static_cast<std::size_t>(number) * static_cast<std::size_t>(pitch);
    Field<T> field;
    field.values =
        Array<T>(Kokkos::subview(values, std::pair(first, first + layout.size() + pack_slack)));
    field.layout = layout;
    return field;
  }
};

} // namespace linnet::kernels
