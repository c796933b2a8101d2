// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/multigrid/star_keys.hpp>

#include <algorithm>
#include <array>
#include <cstdint>

namespace linnet::multigrid {

using kernels::StarKey;

namespace {

constexpr std::size_t most = kernels::CodedStar<float>::most_codes - 1;

/// What travels: the number of keys, more than `most` if they do not fit, and the keys, ascending.
using Message = std::array<StarKey, most + 1>;

Message message_of(std::vector<StarKey> keys) {
  std::sort(keys.begin(), keys.end());
  keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
  Message m{};
  m[0] = keys.size();
  if (keys.size() <= most) std::copy(keys.begin(), keys.end(), m.begin() + 1);
  return m;
}

void unite(void* in, void* in_out, int* count, MPI_Datatype*) {
  const auto* a = static_cast<const Message*>(in);
  auto* b = static_cast<Message*>(in_out);
  for (int n = 0; n < *count; ++n) {
    if (a[n][0] > most || b[n][0] > most) {
      b[n][0] = most + 1;
      continue;
    }
    std::vector<StarKey> keys(a[n].begin() + 1, a[n].begin() + 1 + static_cast<int>(a[n][0]));
    keys.insert(keys.end(), b[n].begin() + 1, b[n].begin() + 1 + static_cast<int>(b[n][0]));
    b[n] = message_of(std::move(keys));
  }
}

} // namespace

std::vector<StarKey> unite_keys(MPI_Comm comm, std::vector<StarKey> keys) {
  Message m = message_of(std::move(keys));
  MPI_Datatype type;
  MPI_Op op;
  MPI_Type_contiguous(static_cast<int>(m.size()), MPI_UINT64_T, &type);
  MPI_Type_commit(&type);
  MPI_Op_create(unite, 1, &op);
  MPI_Allreduce(MPI_IN_PLACE, m.data(), 1, type, op, comm);
  MPI_Op_free(&op);
  MPI_Type_free(&type);
  if (m[0] > most) return {};
  std::vector<StarKey> all{0};
  all.insert(all.end(), m.begin() + 1, m.begin() + 1 + static_cast<int>(m[0]));
  return all;
}

} // namespace linnet::multigrid
