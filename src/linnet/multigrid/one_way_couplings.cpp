// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/multigrid/one_way_couplings.hpp>

namespace linnet::multigrid {
OneWayCouplings::OneWayCouplings(MPI_Comm comm, const grid::GridMap& map,
                                 const kernels::Layout& layout,
                                 const std::vector<OneWayCoupling>& couplings) {
  int any = couplings.empty() ? 0 : 1;
  MPI_Allreduce(MPI_IN_PLACE, &any, 1, MPI_INT, MPI_MAX, comm);
  if (!any) return;
  core::Index3 width{layout.g[0], layout.g[1], layout.g[2]};
  for (std::size_t d = 0; d < 3; ++d)
    if (map.partition().points()[d] == 1) width[d] = 0;
  halo_ = std::make_unique<grid::Halo>(comm, map.partition(), width, grid::HaloShape::box);
  std::vector<kernels::SparseTerm> terms;
  for (const auto& c : couplings)
    terms.push_back(
        {layout(c.row[0], c.row[1], c.row[2]), layout(c.from[0], c.from[1], c.from[2]), c.ratio});
  ratios_ = kernels::SparseRows(std::move(terms));
}

template <class T>
void OneWayCouplings::eliminate(const kernels::Field<T>& f) const {
  if (empty()) return;
  halo_->exchange(f);
  // Decoupled rows are read and never changed.
  kernels::add_product(ratios_, -1.0, f.values, f.values);
}

template void OneWayCouplings::eliminate(const kernels::Field<float>&) const;
template void OneWayCouplings::eliminate(const kernels::Field<double>&) const;

} // namespace linnet::multigrid
