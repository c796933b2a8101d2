// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/rom/solid/supports.hpp>

#include <linnet/core/error.hpp>
#include <linnet/io/checksum.hpp>
#include <linnet/rom/solid/reduced_model.hpp>

namespace linnet::rom {

std::int64_t support_hash(const SolidNumbering& numbering, const DecomposedLoading& loading) {
  std::uint64_t sum = 0;
  const std::vector<double>& held = loading.held_unknowns();
  for (std::size_t i = 0; i < held.size(); ++i)
    if (held[i] != 0.0)
      sum += io::number_hash(static_cast<std::uint64_t>(numbering.unknowns[i]), 1.0);
  MPI_Allreduce(MPI_IN_PLACE, &sum, 1, MPI_UINT64_T, MPI_SUM, loading.force().fields.comm());
  return static_cast<std::int64_t>(sum);
}

void require_supports(const SolidReducedModel& model, const DecomposedLoading& loading) {
  if (support_hash(model.numbering(), loading) != model.basis().supports())
    core::throw_data("the loading holds other unknowns than the training of the reduced model did, "
                     "and its modes are zero there and nowhere else; hold the same groups and "
                     "components (-solid_hold), or train a model with these");
}

} // namespace linnet::rom
