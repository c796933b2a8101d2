// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
// What all families of samples must hold: bits that depend on seed and number alone.
#pragma once

#include "cell_grid_fixture.hpp"

#include <linnet/problems/operators/field_sampler.hpp>

#include <cmath>

namespace linnet::test {

inline std::uint64_t hash_of(problems::FieldSampler& sampler, std::uint64_t number) {
  problems::FieldValues values;
  sampler.make(number, values);
  std::uint64_t h = 0;
  for (const auto& field : values) h = 31 * h + hash(field);
  return h;
}

/// Each rank makes sample 3 after others than its neighbours do.
template <class Sampler, class Options>
void expect_same_bits_everywhere(const Options& options) {
  int rank;
  MPI_Comm_rank(PETSC_COMM_WORLD, &rank);
  Sampler sampler(options);
  const std::uint64_t fresh = hash_of(sampler, 3);
  for (int s = 0; s <= rank; ++s) hash_of(sampler, static_cast<std::uint64_t>(10 * rank + s));
  EXPECT_EQ(hash_of(sampler, 3), fresh);
  EXPECT_NE(hash_of(sampler, 4), fresh);
  std::uint64_t of_first = fresh;
  MPI_Bcast(&of_first, 1, MPI_UINT64_T, 0, PETSC_COMM_WORLD);
  EXPECT_EQ(fresh, of_first);
  Options other = options;
  ++other.seed;
  Sampler reseeded(other);
  EXPECT_NE(hash_of(reseeded, 3), fresh);
}

/// With a stride, the values are those of every so many-th point of all.
template <class Sampler, class Options>
void expect_kept_points(const Options& all, int n, int stride) {
  Options some = all;
  some.stride = stride;
  Sampler whole(all), part(some);
  EXPECT_EQ(whole.points(), (core::Index3{n, n, 1}));
  const int kept = (n - 1) / stride + 1;
  EXPECT_EQ(part.points(), (core::Index3{kept, kept, 1}));
  problems::FieldValues a, b;
  whole.make(1, a);
  part.make(1, b);
  ASSERT_EQ(a.size(), b.size());
  const auto fields = whole.fields();
  for (std::size_t f = 0; f < a.size(); ++f) {
    ASSERT_EQ(a[f].size(), static_cast<std::size_t>(fields[f].channels * n * n));
    ASSERT_EQ(b[f].size(), static_cast<std::size_t>(fields[f].channels * kept * kept));
    for (int c = 0; c < fields[f].channels; ++c)
      for (int j = 0; j < kept; ++j)
        for (int i = 0; i < kept; ++i)
          EXPECT_EQ(b[f][static_cast<std::size_t>((c * kept + j) * kept + i)],
                    a[f][static_cast<std::size_t>((c * n + j * stride) * n + i * stride)]);
  }
}

} // namespace linnet::test
