// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/multigrid/regional_cycles.hpp>

#include <linnet/kernels/copy.hpp>

namespace linnet::multigrid {

using kernels::Field;
using kernels::Range;

namespace {

core::Index3 one_layer(const grid::Partition& cut) {
  core::Index3 width{1, 1, 1};
  for (std::size_t d = 0; d < 3; ++d)
    if (cut.points()[d] == 1) width[d] = 0;
  return width;
}

} // namespace

template <class T>
RegionalCycles<T>::RegionalCycles(MPI_Comm comm, const grid::Partition& cut,
                                  std::vector<GridLevel>& first,
                                  const std::vector<std::vector<LevelPlan>>& others,
                                  const BoxmgOptions& options)
    : halo_(comm, cut, one_layer(cut), grid::HaloShape::box),
      a_(kernels::make_operator<T>(first.front().plan.pattern, first.front().source_layout)),
      input_("linnet::multigrid::input", a_.layout()),
      output_("linnet::multigrid::output", a_.layout()) {
  for (const auto& plans : others) levels_.push_back(build_levels(comm, plans));
  cycles_.push_back(std::make_unique<Cycle<T>>(first, options, true));
  for (auto& levels : levels_) cycles_.push_back(std::make_unique<Cycle<T>>(levels, options, true));
}

template <class T>
void RegionalCycles<T>::update(const kernels::StencilOperator<double>& finest, double factor) {
  const Range owned = Range::box(a_.layout().n);
  for (std::size_t m = 0; m < a_.couplings.size(); ++m)
    kernels::copy_scaled(finest.couplings[m], a_.couplings[m], owned, factor);
  kernels::copy_scaled(finest.row_sum, a_.row_sum, owned, factor);
  halo_.exchange(a_.couplings);
  for (auto& cycle : cycles_) cycle->update(finest, factor);
}

template <class T>
void RegionalCycles<T>::apply() {
  Cycle<T>& first = *cycles_.front();
  kernels::copy_scaled(input_, first.input(), Range::box(input_.layout.n), T(1));
  first.apply();
  kernels::copy_scaled(first.output(), output_, Range::box(output_.layout.n), T(1));
  for (std::size_t c = 1; c < cycles_.size(); ++c) correct(*cycles_[c]);
  for (std::size_t c = cycles_.size() - 1; c-- > 0;) correct(*cycles_[c]);
}

// output += cycle (input - A output).
template <class T>
void RegionalCycles<T>::correct(Cycle<T>& cycle) {
  halo_.exchange(output_);
  kernels::residual(a_, input_, output_, cycle.input());
  cycle.apply();
  kernels::add(cycle.output(), output_);
}

template <class T>
double RegionalCycles<T>::memory() const {
  const double fields = static_cast<double>(a_.couplings.size()) + 3.0;
  double bytes = fields * static_cast<double>(input_.values.size() * sizeof(T));
  for (const auto& cycle : cycles_) bytes += cycle->memory();
  return bytes;
}

template <class T>
std::vector<std::vector<bool>> RegionalCycles<T>::adapted_levels() const {
  std::vector<std::vector<bool>> flags;
  for (const auto& cycle : cycles_) flags.push_back(cycle->adapted_levels().front());
  return flags;
}

template class RegionalCycles<float>;
template class RegionalCycles<double>;

} // namespace linnet::multigrid
