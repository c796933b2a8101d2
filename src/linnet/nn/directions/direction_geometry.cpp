// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/nn/directions/direction_geometry.hpp>

#include <linnet/io/vec_array.hpp>
#include <linnet/linalg/fluid_rows.hpp>
#include <linnet/linalg/row_features.hpp>

#include <string>

namespace linnet::nn {

using kernels::Tensor;

namespace {

/// visit(row, place in the tensor's memory from its origin).
template <class Visit>
void for_each_row(const core::Index3& n, const kernels::Layout& l, const Visit& visit) {
  std::size_t row = 0;
  for (int k = 0; k < n[2]; ++k)
    for (int j = 0; j < n[1]; ++j)
      for (int i = 0; i < n[0]; ++i)
        visit(row++, i + static_cast<std::ptrdiff_t>(j) * l.pitch_y +
                         static_cast<std::ptrdiff_t>(k) * l.pitch_z);
}

} // namespace

DirectionGeometry::DirectionGeometry(Mat A, const core::Index3& points, Domain& domain,
                                     MatrixView view)
    : points_(points) {
  LINNET_CHECK(PetscObjectReference(reinterpret_cast<PetscObject>(A)));
  matrix_.reset(A);
  PetscInt rows = 0;
  LINNET_CHECK(MatGetSize(A, &rows, nullptr));
  if (rows != core::volume(points))
    core::throw_data("samples have " + std::to_string(core::volume(points)) +
                     " points, and the matrix has " + std::to_string(rows) + " rows");
  const linalg::FluidRows unknowns = linalg::read_fluid_rows(A);
  {
    const io::VecReadArray fluid(unknowns.fluid.get());
    has_unknown_.assign(fluid.data(), fluid.data() + rows);
  }
  if (view == MatrixView::images) view_images(domain, unknowns.excess.get());
  if (view == MatrixView::rows) view_rows(domain);
}

void DirectionGeometry::view_images(Domain& domain, Vec excess) {
  const kernels::Layout layout(domain.extent(0), {0, 0, 0});
  const Tensor<float> rows("linnet::nn::rows", 2, layout);
  const io::VecReadArray has_excess(excess);
  for_each_row(points_, layout, [&](std::size_t row, std::ptrdiff_t place) {
    rows.origin(0)[place] = has_unknown_[row] ? 1.0F : 0.0F;
    rows.origin(1)[place] = static_cast<float>(has_excess.data()[row]);
  });
  view_ = Tensor<float>("linnet::nn::images", channels_of(MatrixView::images), layout);
  fill_images(domain, rows.channel(0), rows.channel(1), points_, view_);
}

void DirectionGeometry::view_rows(Domain& domain) {
  const linalg::RowFeatures features = linalg::read_row_features(matrix_.get());
  view_ = Tensor<float>("linnet::nn::rows", channels_of(MatrixView::rows),
                        kernels::Layout(domain.extent(0), {0, 0, 0}));
  to_tensor(features.diagonal.get(), view_.part(0, 1));
  to_tensor(features.sum.get(), view_.part(1, 1));
}

void DirectionGeometry::to_tensor(Vec values, const Tensor<float>& t) const {
  Kokkos::deep_copy(t.values, 0.0F);
  const io::VecReadArray array(values);
  for_each_row(points_, t.layout, [&](std::size_t row, std::ptrdiff_t place) {
    if (has_unknown_[row]) t.origin()[place] = static_cast<float>(array.data()[row]);
  });
}

void DirectionGeometry::from_tensor(const Tensor<float>& t, Vec values) const {
  const io::VecWriteArray array(values);
  for_each_row(points_, t.layout, [&](std::size_t row, std::ptrdiff_t place) {
    array.data()[row] = has_unknown_[row] ? static_cast<double>(t.origin()[place]) : 0.0;
  });
}

} // namespace linnet::nn
