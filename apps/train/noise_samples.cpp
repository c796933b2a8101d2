// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include "samples.hpp"

#include <linnet/core/random.hpp>
#include <linnet/io/vec_array.hpp>
#include <linnet/nn/directions/direction_task.hpp>
#include <linnet/problems/cells/cell_array.hpp>

namespace app {

namespace {

// Apart from the streams of problems; the lower bits are the number of the sample.
constexpr std::uint64_t noise_stream = std::uint64_t{13} << 56;

void fill_with_noise(std::uint64_t seed, std::uint64_t sample, Vec b) {
  const linnet::core::RandomStream random(seed, noise_stream + sample);
  PetscInt size = 0;
  LINNET_CHECK(VecGetLocalSize(b, &size));
  const linnet::io::VecWriteArray values(b);
  for (PetscInt i = 0; i < size; ++i)
    values.data()[i] = random.normal(static_cast<std::uint64_t>(i));
}

} // namespace

void write_noise_samples(const linnet::core::AppContext& context, const GridOperator& a,
                         const SampleRange& range, linnet::nn::SampleWriter& writer) {
  const linnet::core::Options& options = context.options();
  const auto seed = static_cast<std::uint64_t>(options.integer64("-train_seed"));
  const auto points =
      options.integers_per_direction("-train_grid", options.integer("-train_dim"), 1);
  const auto b = linnet::problems::make_cell_vector(a.grid(), "b");
  MatNullSpace kernel = nullptr;
  LINNET_CHECK(MatGetNullSpace(a.matrix(), &kernel));
  auto progress = matrix_progress(context, "samples", range.count);
  for (std::int64_t s = range.first; s < range.first + range.count; ++s) {
    fill_with_noise(seed, static_cast<std::uint64_t>(s), b.get());
    if (kernel) LINNET_CHECK(MatNullSpaceRemove(kernel, b.get()));
    const linnet::io::VecReadArray array(b.get());
    writer.write(linnet::nn::rhs_field, s, {0, 0, 0}, points, array.data());
    progress.step(s + 1 - range.first);
  }
}

} // namespace app
