// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/multigrid/one_way_couplings.hpp>

namespace linnet::multigrid {
namespace {

template <class T>
kernels::Array<T> to_device(const char* label, const std::vector<T>& values) {
  kernels::Array<T> out(std::string(label), values.size());
  Kokkos::deep_copy(
      out, Kokkos::View<const T*, kernels::HostSpace, Kokkos::MemoryTraits<Kokkos::Unmanaged>>(
               values.data(), values.size()));
  return out;
}

} // namespace

OneWayCouplings::OneWayCouplings(MPI_Comm comm, const GridMap& map, const kernels::Layout& layout,
                                 const std::vector<OneWayCoupling>& couplings) {
  int any = couplings.empty() ? 0 : 1;
  MPI_Allreduce(MPI_IN_PLACE, &any, 1, MPI_INT, MPI_MAX, comm);
  if (!any) return;
  core::Index3 width{layout.g[0], layout.g[1], layout.g[2]};
  for (std::size_t d = 0; d < 3; ++d)
    if (map.partition().points()[d] == 1) width[d] = 0;
  halo_ = std::make_unique<grid::Halo>(comm, map.partition(), width, grid::HaloShape::box);
  std::vector<std::ptrdiff_t> rows, from;
  std::vector<int> first;
  std::vector<double> ratio;
  for (const auto& c : couplings) {
    const std::ptrdiff_t row = layout(c.row[0], c.row[1], c.row[2]);
    if (rows.empty() || rows.back() != row) {
      rows.push_back(row);
      first.push_back(static_cast<int>(from.size()));
    }
    from.push_back(layout(c.from[0], c.from[1], c.from[2]));
    ratio.push_back(c.ratio);
  }
  first.push_back(static_cast<int>(from.size()));
  row_ = to_device("linnet::multigrid::one_way_row", rows);
  first_ = to_device("linnet::multigrid::one_way_first", first);
  from_ = to_device("linnet::multigrid::one_way_from", from);
  ratio_ = to_device("linnet::multigrid::one_way_ratio", ratio);
}

template <class T>
void OneWayCouplings::eliminate(const kernels::Field<T>& f) const {
  if (empty()) return;
  halo_->exchange(f);
  const auto row = row_;
  const auto first = first_;
  const auto from = from_;
  const auto ratio = ratio_;
  const auto values = f.values;
  // Decoupled rows are never changed, so the order of the rows does not matter.
  Kokkos::parallel_for(
      "linnet::multigrid::one_way_couplings",
      Kokkos::RangePolicy<kernels::ExecutionSpace>(0, row.size()), KOKKOS_LAMBDA(const int r) {
        double sum = 0.0;
        for (int c = first(r); c < first(r + 1); ++c)
          sum += ratio(c) * static_cast<double>(values(from(c)));
        values(row(r)) -= static_cast<T>(sum);
      });
}

template void OneWayCouplings::eliminate(const kernels::Field<float>&) const;
template void OneWayCouplings::eliminate(const kernels::Field<double>&) const;

} // namespace linnet::multigrid
