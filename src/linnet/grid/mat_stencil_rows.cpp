// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
// Rows of Mat "stencil" one by one: reading them, setting entries, assembly over ranks.
#include <linnet/grid/mat_stencil_impl.hpp>

#include <algorithm>

namespace linnet::grid::stencil {

using core::Index3;
using kernels::full_offset;
using kernels::Offset;

const std::vector<HostValues>& host_image(Matrix& m) {
  if (!m.image.empty()) return m.image;
  auto add = [&](const Field<double>& f) {
    m.image.push_back(Kokkos::create_mirror_view(f.values));
    Kokkos::deep_copy(m.image.back(), f.values);
  };
  if (m.is_general) {
    for (const auto& f : m.entries) add(f);
  } else {
    for (const auto& f : m.symmetric.couplings) add(f);
    add(m.symmetric.row_sum);
  }
  return m.image;
}

bool neighbour(const Partition& p, const Index3& point, const Offset& o, Index3& q) {
  const Index3 n = p.points();
  const int step[3] = {o.x, o.y, o.z};
  for (int d = 0; d < 3; ++d) {
    q[d] = point[d] + step[d];
    if (q[d] >= 0 && q[d] < n[d]) continue;
    if (!p.periodic()[d]) return false;
    q[d] = (q[d] + n[d]) % n[d];
  }
  return true;
}

namespace {

/// Entries of a row in the order of full_offset, duplicates of thin periodic grids not yet merged.
void local_values(Matrix& m, int i, int j, int k, double* values) {
  const auto& image = host_image(m);
  const auto pattern = m.symmetric.pattern;
  const int n = kernels::entry_count(pattern), half = n / 2;
  const auto at = m.layout(i, j, k);
  if (m.is_general) {
    for (int e = 0; e < n; ++e)
      values[e] = image.empty() ? 0.0 : image[static_cast<std::size_t>(e)](at);
    return;
  }
  double diagonal = image[static_cast<std::size_t>(half)](at);
  for (int c = 0; c < half; ++c) {
    const Offset o = kernels::upper_offset(pattern, c);
    const auto& coupling = image[static_cast<std::size_t>(c)];
    const double up = coupling(at), down = coupling(m.layout(i - o.x, j - o.y, k - o.z));
    values[half + 1 + c] = -up;
    values[half - 1 - c] = -down;
    diagonal += up + down;
  }
  values[half] = diagonal;
}

void insert_sorted(Row& row, PetscInt column, double value) {
  int at = row.count;
  while (at > 0 && row.columns[at - 1] > column) --at;
  if (at > 0 && row.columns[at - 1] == column) {
    row.values[at - 1] += value;
    return;
  }
  for (int t = row.count; t > at; --t) {
    row.columns[t] = row.columns[t - 1];
    row.values[t] = row.values[t - 1];
  }
  row.columns[at] = column;
  row.values[at] = value;
  ++row.count;
}

/// Step from one coordinate to another, wrapped; the one that a row keeps where several steps lead
/// to the same point (periodic directions of one or two points).
int canonical_step(int from, int to, int n, bool periodic) {
  int step = to - from;
  if (!periodic) return step;
  step = ((step % n) + n) % n;
  return step == n - 1 && n > 2 ? -1 : step;
}

/// Sets one entry of an owned row. Errors: a column that the pattern does not hold.
PetscErrorCode set_entry(Matrix& m, PetscInt row, const Index3& from, PetscInt column, double value,
                         InsertMode mode) {
  PetscFunctionBegin;
  const Partition& p = m.symmetric.partition;
  const Index3 to = m.numbering.point(column, m.numbering.rank(column));
  int step[3];
  for (int d = 0; d < 3; ++d)
    step[d] = canonical_step(from[d], to[d], p.points()[d], p.periodic()[d]);
  const int e = kernels::entry_of(m.symmetric.pattern, {step[0], step[1], step[2]});
  if (e < 0 && value == 0.0) PetscFunctionReturn(PETSC_SUCCESS);
  PetscCheck(
      e >= 0, PETSC_COMM_SELF, PETSC_ERR_ARG_OUTOFRANGE,
      "entry (%" PetscInt_FMT ", %" PetscInt_FMT ") couples grid points (%d,%d,%d) and "
      "(%d,%d,%d), which the %d-point pattern of a stencil matrix does not hold; use "
      "DMDA_STENCIL_BOX if they are neighbours across an edge or corner, else -dm_mat_type aij",
      row, column, from[0], from[1], from[2], to[0], to[1], to[2],
      kernels::entry_count(m.symmetric.pattern));
  double& slot = m.image[static_cast<std::size_t>(e)](
      m.layout(from[0] - m.box.lo[0], from[1] - m.box.lo[1], from[2] - m.box.lo[2]));
  slot = mode == ADD_VALUES ? slot + value : value;
  m.image_changed = true;
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode set_values(Mat A, PetscInt rows, const PetscInt row[], PetscInt columns,
                          const PetscInt column[], const PetscScalar v[], InsertMode mode) {
  PetscFunctionBegin;
  Matrix& m = matrix(A);
  LINNET_PETSC_GUARD(make_general(m); host_image(m));
  for (PetscInt r = 0; r < rows; ++r) {
    if (row[r] < 0) continue;
    PetscCheck(row[r] < A->rmap->N, PETSC_COMM_SELF, PETSC_ERR_ARG_OUTOFRANGE,
               "row %" PetscInt_FMT " of a matrix of %" PetscInt_FMT " rows", row[r], A->rmap->N);
    const bool owned = row[r] >= A->rmap->rstart && row[r] < A->rmap->rend;
    PetscCheck(owned || !A->nooffprocentries, PETSC_COMM_SELF, PETSC_ERR_ARG_WRONG,
               "row %" PetscInt_FMT " belongs to another rank, but MAT_NO_OFF_PROC_ENTRIES is set",
               row[r]);
    const Index3 from = owned ? m.numbering.point(row[r], m.rank) : Index3{};
    for (PetscInt c = 0; c < columns; ++c) {
      if (column[c] < 0) continue;
      PetscCheck(column[c] < A->cmap->N, PETSC_COMM_SELF, PETSC_ERR_ARG_OUTOFRANGE,
                 "column %" PetscInt_FMT " of a matrix of %" PetscInt_FMT " columns", column[c],
                 A->cmap->N);
      const double value = v ? v[m.row_oriented ? r * columns + c : c * rows + r] : 0.0;
      if (owned)
        PetscCall(set_entry(m, row[r], from, column[c], value, mode));
      else
        m.remote.push_back({row[r], column[c], value, mode});
    }
  }
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode get_values(Mat A, PetscInt rows, const PetscInt row[], PetscInt columns,
                          const PetscInt column[], PetscScalar v[]) {
  PetscFunctionBegin;
  Matrix& m = matrix(A);
  for (PetscInt r = 0; r < rows; ++r) {
    if (row[r] < 0) continue;
    PetscCheck(row[r] >= A->rmap->rstart && row[r] < A->rmap->rend, PETSC_COMM_SELF, PETSC_ERR_SUP,
               "only rows of this rank can be read");
    Row entries;
    LINNET_PETSC_GUARD({
      const Index3 p = m.numbering.point(row[r], m.rank);
      make_row(m, p[0] - m.box.lo[0], p[1] - m.box.lo[1], p[2] - m.box.lo[2], entries);
    });
    for (PetscInt c = 0; c < columns; ++c) {
      if (column[c] < 0) continue;
      double value = 0.0;
      for (int e = 0; e < entries.count; ++e)
        if (entries.columns[e] == column[c]) value = entries.values[e];
      v[m.row_oriented ? r * columns + c : c * rows + r] = value;
    }
  }
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode get_row(Mat A, PetscInt row, PetscInt* count, PetscInt** columns,
                       PetscScalar** values) {
  PetscFunctionBegin;
  Matrix& m = matrix(A);
  PetscCheck(row >= A->rmap->rstart && row < A->rmap->rend, PETSC_COMM_SELF,
             PETSC_ERR_ARG_OUTOFRANGE, "only rows of this rank can be read");
  LINNET_PETSC_GUARD({
    const Index3 p = m.numbering.point(row, m.rank);
    make_row(m, p[0] - m.box.lo[0], p[1] - m.box.lo[1], p[2] - m.box.lo[2], m.row);
  });
  if (count) *count = m.row.count;
  if (columns) *columns = m.row.columns;
  if (values) *values = m.row.values;
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode restore_row(Mat, PetscInt, PetscInt* count, PetscInt** columns,
                           PetscScalar** values) {
  PetscFunctionBegin;
  if (count) *count = 0;
  if (columns) *columns = nullptr;
  if (values) *values = nullptr;
  PetscFunctionReturn(PETSC_SUCCESS);
}

/// Sends every remote entry to the owner of its row.
PetscErrorCode exchange_remote(Mat A, std::vector<RemoteEntry>& received) {
  PetscFunctionBegin;
  Matrix& m = matrix(A);
  MPI_Comm comm = PetscObjectComm(reinterpret_cast<PetscObject>(A));
  PetscMPIInt size;
  PetscCallMPI(MPI_Comm_size(comm, &size));
  std::stable_sort(m.remote.begin(), m.remote.end(), [&](const auto& a, const auto& b) {
    return m.numbering.rank(a.row) < m.numbering.rank(b.row);
  });
  const auto n = static_cast<std::size_t>(size);
  std::vector<int> sent(n), sent_at(n), got(n), got_at(n);
  constexpr int bytes = sizeof(RemoteEntry);
  for (const auto& e : m.remote) sent[static_cast<std::size_t>(m.numbering.rank(e.row))] += bytes;
  PetscCallMPI(MPI_Alltoall(sent.data(), 1, MPI_INT, got.data(), 1, MPI_INT, comm));
  int total = 0;
  for (std::size_t r = 0; r < n; ++r) {
    sent_at[r] = r ? sent_at[r - 1] + sent[r - 1] : 0;
    got_at[r] = total;
    total += got[r];
  }
  received.resize(static_cast<std::size_t>(total / bytes));
  PetscCallMPI(MPI_Alltoallv(m.remote.data(), sent.data(), sent_at.data(), MPI_BYTE,
                             received.data(), got.data(), got_at.data(), MPI_BYTE, comm));
  m.remote.clear();
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode assembly_end(Mat A, MatAssemblyType) {
  PetscFunctionBegin;
  Matrix& m = matrix(A);
  // Bit 0: there are remote entries; bit 1: some rank has gone to the general mode.
  int state = (m.remote.empty() ? 0 : 1) + (m.is_general ? 2 : 0);
  if (!A->nooffprocentries || !m.is_general)
    PetscCallMPI(MPI_Allreduce(MPI_IN_PLACE, &state, 1, MPI_INT, MPI_BOR,
                               PetscObjectComm(reinterpret_cast<PetscObject>(A))));
  if (state & 2) LINNET_PETSC_GUARD(make_general(m); host_image(m));
  if (state & 1) {
    std::vector<RemoteEntry> received;
    PetscCall(exchange_remote(A, received));
    for (const auto& e : received)
      PetscCall(set_entry(m, e.row, m.numbering.point(e.row, m.rank), e.column, e.value, e.mode));
  }
  if (m.image_changed) {
    for (std::size_t f = 0; f < m.entries.size(); ++f)
      Kokkos::deep_copy(m.entries[f].values, m.image[f]);
    values_changed(m);
  }
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode set_option(Mat A, MatOption option, PetscBool flag) {
  PetscFunctionBegin;
  if (option == MAT_ROW_ORIENTED) matrix(A).row_oriented = flag;
  PetscFunctionReturn(PETSC_SUCCESS);
}

} // namespace

void make_row(Matrix& m, int i, int j, int k, Row& row) {
  double values[kernels::max_entries];
  local_values(m, i, j, k, values);
  const Index3 point{m.box.lo[0] + i, m.box.lo[1] + j, m.box.lo[2] + k};
  row.count = 0;
  for (int e = 0; e < kernels::entry_count(m.symmetric.pattern); ++e) {
    Index3 q;
    if (neighbour(m.symmetric.partition, point, full_offset(m.symmetric.pattern, e), q))
      insert_sorted(row, m.numbering.index(q), values[e]);
  }
}

void make_general(Matrix& m) {
  if (m.is_general && !m.entries.empty()) return;
  const auto pattern = m.symmetric.pattern;
  const int n = kernels::entry_count(pattern);
  std::vector<Field<double>> entries;
  for (int e = 0; e < n; ++e) entries.emplace_back("linnet::grid::stencil_entry", m.layout);
  if (!m.is_general) {
    std::vector<HostValues> image;
    for (const auto& f : entries) image.push_back(Kokkos::create_mirror_view(f.values));
    double values[kernels::max_entries];
    for (int k = 0; k < m.layout.n[2]; ++k)
      for (int j = 0; j < m.layout.n[1]; ++j)
        for (int i = 0; i < m.layout.n[0]; ++i) {
          local_values(m, i, j, k, values);
          // Entry by offset of the pattern; steps that wrap to the same point go to one entry.
          const Index3 from{m.box.lo[0] + i, m.box.lo[1] + j, m.box.lo[2] + k};
          for (int e = 0; e < n; ++e) {
            Index3 q;
            if (!neighbour(m.symmetric.partition, from, full_offset(pattern, e), q)) continue;
            int step[3];
            for (int d = 0; d < 3; ++d)
              step[d] = canonical_step(from[d], q[d], m.symmetric.partition.points()[d],
                                       m.symmetric.partition.periodic()[d]);
            const int slot = kernels::entry_of(pattern, {step[0], step[1], step[2]});
            image[static_cast<std::size_t>(slot)](m.layout(i, j, k)) += values[e];
          }
        }
    for (std::size_t f = 0; f < entries.size(); ++f) Kokkos::deep_copy(entries[f].values, image[f]);
  }
  m.entries = entries;
  m.is_general = true;
  m.symmetric.couplings.clear();
  m.symmetric.row_sum = {};
  values_changed(m);
}

void install_row_operations(Mat A) {
  A->ops->setvalues = set_values;
  A->ops->getvalues = get_values;
  A->ops->getrow = get_row;
  A->ops->restorerow = restore_row;
  A->ops->assemblyend = assembly_end;
  A->ops->setoption = set_option;
}

} // namespace linnet::grid::stencil
