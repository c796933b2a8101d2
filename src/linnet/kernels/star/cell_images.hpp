// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Images of the kinds of cells of a fluid domain, for networks that read geometry.
#pragma once

#include <linnet/kernels/parallel.hpp>
#include <linnet/kernels/tensor.hpp>

namespace linnet::kernels {

namespace detail {

template <class T>
struct CellImagesKernel {
  static constexpr int width = 1;
  const T* fluid;
  const T* excess;
  int flat[3]; ///< 1 in a direction without neighbours
  int stride[3];
  T *air_image, *fluid_image, *open_image;
  int pitch[3]; ///< of the images
  template <int W>
  KOKKOS_FORCEINLINE_FUNCTION void apply(int i, int j, int k) const {
    const std::ptrdiff_t q =
        i + static_cast<std::ptrdiff_t>(j) * stride[1] + static_cast<std::ptrdiff_t>(k) * stride[2];
    bool is_held = false, is_wall = false;
    for (int d = 0; d < 3; ++d)
      for (int side = -1; side <= 1 && !flat[d]; side += 2) {
        const std::ptrdiff_t neighbour = q + side * static_cast<std::ptrdiff_t>(stride[d]);
        if (fluid[neighbour] == T(0)) continue;
        (excess[neighbour] != T(0) ? is_held : is_wall) = true;
      }
    const bool is_fluid = fluid[q] != T(0), is_air = !is_fluid && is_held && !is_wall;
    const std::ptrdiff_t p =
        i + static_cast<std::ptrdiff_t>(j) * pitch[1] + static_cast<std::ptrdiff_t>(k) * pitch[2];
    air_image[p] = is_air ? T(1) : T(0);
    fluid_image[p] = is_fluid ? T(1) : T(0);
    open_image[p] = is_air || is_fluid ? T(1) : T(0);
  }
};

} // namespace detail

/// Channels air, fluid and not solid of @p images on the owned points @p range. @p rows holds, in
/// two channels with one layer of ghosts (none in a flat direction), 1 in fluid cells, and 1 where
/// the row of such a cell has an excess on its diagonal. A cell that is not fluid is air if it has
/// a fluid neighbour across a face and all such neighbours have the excess; otherwise it is solid.
template <class T>
void cell_images(const Tensor<T>& rows, const Tensor<T>& images, const Range& range) {
  const Layout &a = rows.layout, &b = images.layout;
  detail::CellImagesKernel<T> kernel{rows.origin(0),
                                     rows.origin(1),
                                     {a.g[0] == 0, a.g[1] == 0, a.g[2] == 0},
                                     {1, a.pitch_y, a.pitch_z},
                                     images.origin(0),
                                     images.origin(1),
                                     images.origin(2),
                                     {1, b.pitch_y, b.pitch_z}};
  for_each_point("linnet::kernels::cell_images", range, kernel);
}

} // namespace linnet::kernels
