// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/grid/mat_stencil.hpp>

#include <linnet/core/kokkos_session.hpp>
#include <linnet/core/log.hpp>
#include <linnet/grid/mat_stencil_impl.hpp>
#include <linnet/kernels/box_copy.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>

namespace linnet::grid {

using core::Index3;
using kernels::Field;
using kernels::Offset;
using kernels::Range;
using kernels::StencilPattern;
using stencil::matrix;
using stencil::Matrix;

namespace stencil {

void use_pattern(Mat A, StencilPattern pattern) {
  Matrix& m = matrix(A);
  MPI_Comm comm = PetscObjectComm(reinterpret_cast<PetscObject>(A));
  const Index3 ghosts = pattern_ghosts(pattern);
  m.symmetric.pattern = pattern;
  m.symmetric.couplings.clear();
  m.symmetric.row_sum = {};
  m.entries.clear();
  m.layout = kernels::Layout(m.box.extent(), ghosts);
  m.product.emplace(comm, m.symmetric.partition, pattern);
  m.halo.emplace(comm, m.symmetric.partition, ghosts, pattern_shape(pattern));
  values_changed(m);
}

void values_changed(Matrix& m) {
  m.image.clear();
  m.image_changed = false;
  m.transposed.clear();
  m.symmetric.largest_magnitude.reset();
}

PetscErrorCode duplicate(Mat A, MatDuplicateOption option, Mat* B) {
  PetscFunctionBegin;
  DM da;
  PetscCall(MatGetDM(A, &da));
  PetscCall(MatCreate(PetscObjectComm(reinterpret_cast<PetscObject>(A)), B));
  PetscCall(MatSetSizes(*B, A->rmap->n, A->cmap->n, A->rmap->N, A->cmap->N));
  PetscCall(MatSetType(*B, MATSTENCIL));
  PetscCall(MatSetDM(*B, da));
  PetscCall(MatSetVecType(*B, A->defaultvectype));
  PetscCall(MatSetUp(*B));
  Matrix& b = matrix(*B);
  b.foreign_view = matrix(A).foreign_view;
  if (matrix(A).symmetric.pattern != b.symmetric.pattern)
    LINNET_PETSC_GUARD(use_pattern(*B, matrix(A).symmetric.pattern));
  if (option == MAT_COPY_VALUES) {
    PetscCall((*A->ops->copy)(A, *B, SAME_NONZERO_PATTERN));
    (*B)->assembled = A->assembled;
  }
  PetscFunctionReturn(PETSC_SUCCESS);
}

} // namespace stencil

namespace {

PetscErrorCode pattern_of(DM da, StencilPattern* pattern) {
  PetscFunctionBegin;
  PetscInt dim, dof;
  DMDAStencilType type;
  PetscCall(DMDAGetInfo(da, &dim, nullptr, nullptr, nullptr, nullptr, nullptr, nullptr, &dof,
                        nullptr, nullptr, nullptr, nullptr, &type));
  PetscCheck(
      dof == 1, PetscObjectComm(reinterpret_cast<PetscObject>(da)), PETSC_ERR_SUP,
      "a stencil matrix needs a DMDA with 1 unknown per point, but this one has %" PetscInt_FMT
      "; use -dm_mat_type aij",
      dof);
  const bool star = type == DMDA_STENCIL_STAR;
  if (dim == 3)
    *pattern = star ? StencilPattern::star3d : StencilPattern::box3d;
  else
    *pattern = star ? StencilPattern::star2d : StencilPattern::box2d;
  PetscFunctionReturn(PETSC_SUCCESS);
}

/// Local numbering and grid numbering, for the users of MatSetValuesLocal and MatSetValuesStencil.
PetscErrorCode attach_numbering(Mat A, DM da) {
  PetscFunctionBegin;
  ISLocalToGlobalMapping map;
  PetscCall(DMGetLocalToGlobalMapping(da, &map));
  PetscCall(MatSetLocalToGlobalMapping(A, map, map));
  PetscInt dim, starts[3], sizes[3];
  PetscCall(DMGetDimension(da, &dim));
  PetscCall(
      DMDAGetGhostCorners(da, &starts[0], &starts[1], &starts[2], &sizes[0], &sizes[1], &sizes[2]));
  PetscCall(MatSetStencil(A, dim, sizes, starts, 1));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode setup(Mat A) {
  PetscFunctionBegin;
  MPI_Comm comm = PetscObjectComm(reinterpret_cast<PetscObject>(A));
  DM da;
  PetscBool is_da = PETSC_FALSE;
  PetscCall(MatGetDM(A, &da));
  if (da) PetscCall(PetscObjectTypeCompare(reinterpret_cast<PetscObject>(da), DMDA, &is_da));
  PetscCheck(
      is_da, comm, PETSC_ERR_ARG_WRONGSTATE,
      "a stencil matrix needs a DMDA: make it with DMCreateMatrix and -dm_mat_type stencil, or "
      "call MatSetDM before MatSetUp");
  StencilPattern pattern = StencilPattern::star2d;
  PetscCall(pattern_of(da, &pattern));
  PetscCall(core::ensure_kokkos());
  PetscCall(PetscLayoutSetUp(A->rmap));
  PetscCall(PetscLayoutSetUp(A->cmap));
  Matrix& m = matrix(A);
  PetscMPIInt rank;
  PetscCallMPI(MPI_Comm_rank(comm, &rank));
  LINNET_PETSC_GUARD({
    m.rank = rank;
    m.symmetric.partition = Partition::of(da);
    m.box = m.symmetric.partition.box(rank);
    m.numbering = PointNumbering(m.symmetric.partition);
    stencil::use_pattern(A, pattern);
  });
  PetscCheck(A->rmap->n == m.box.size() && A->cmap->n == m.box.size(), PETSC_COMM_SELF,
             PETSC_ERR_ARG_SIZ, "the sizes of the stencil matrix are not those of its DMDA");
  PetscCall(attach_numbering(A, da));
  A->preallocated = PETSC_TRUE;
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode destroy(Mat A) {
  PetscFunctionBegin;
  PetscCall(MatDestroy(&matrix(A).aij));
  delete static_cast<Matrix*>(A->data);
  A->data = nullptr;
  PetscCall(PetscObjectChangeTypeName(reinterpret_cast<PetscObject>(A), nullptr));
  PetscFunctionReturn(PETSC_SUCCESS);
}

/// Entries within the domain that the rows of this rank have.
double local_entries(const Matrix& m) {
  double total = 0.0;
  const Index3 n = m.symmetric.partition.points();
  for (int e = 0; e < kernels::entry_count(m.symmetric.pattern); ++e) {
    const Offset o = kernels::full_offset(m.symmetric.pattern, e);
    const int step[3] = {o.x, o.y, o.z};
    double count = 1.0;
    for (int d = 0; d < 3; ++d) {
      const bool wraps = m.symmetric.partition.periodic()[d];
      const int lo = std::max(m.box.lo[d], wraps ? m.box.lo[d] : -step[d]);
      const int hi = std::min(m.box.hi[d], wraps ? m.box.hi[d] : n[d] - step[d]);
      count *= std::max(hi - lo, 0);
    }
    total += count;
  }
  return total;
}

double local_bytes(const Matrix& m) {
  double values = 0.0;
  for (const auto* fields : {&m.entries, &m.symmetric.couplings, &m.transposed})
    for (const auto& f : *fields) values += static_cast<double>(f.values.extent(0));
  return sizeof(double) * (values + static_cast<double>(m.symmetric.row_sum.values.extent(0)));
}

PetscErrorCode get_info(Mat A, MatInfoType type, MatInfo* info) {
  PetscFunctionBegin;
  const Matrix& m = matrix(A);
  double sums[2] = {local_entries(m), local_bytes(m)};
  if (type != MAT_LOCAL)
    PetscCallMPI(MPI_Allreduce(MPI_IN_PLACE, sums, 2, MPI_DOUBLE,
                               type == MAT_GLOBAL_SUM ? MPI_SUM : MPI_MAX,
                               PetscObjectComm(reinterpret_cast<PetscObject>(A))));
  *info = MatInfo{};
  info->block_size = 1.0;
  info->nz_allocated = info->nz_used = sums[0];
  info->memory = sums[1];
  info->assemblies = A->num_ass;
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode view(Mat A, PetscViewer viewer) {
  PetscFunctionBegin;
  const Matrix& m = matrix(A);
  PetscBool ascii;
  PetscViewerFormat format;
  PetscCall(
      PetscObjectTypeCompare(reinterpret_cast<PetscObject>(viewer), PETSCVIEWERASCII, &ascii));
  PetscCall(PetscViewerGetFormat(viewer, &format));
  if (ascii && (format == PETSC_VIEWER_ASCII_INFO || format == PETSC_VIEWER_ASCII_INFO_DETAIL)) {
    MatInfo info;
    PetscCall(get_info(A, MAT_GLOBAL_SUM, &info));
    const Index3 n = m.symmetric.partition.points();
    PetscCall(PetscViewerASCIIPrintf(
        viewer, "matrix-free %d-point stencil on %d x %d x %d points, %s\n",
        kernels::entry_count(m.symmetric.pattern), n[0], n[1], n[2],
        m.is_general ? "general rows" : "symmetric (couplings and row sum)"));
    PetscCall(PetscViewerASCIIPrintf(viewer,
                                     "coefficients: %g bytes, %.3g per point; AIJ copy: %s\n",
                                     info.memory, info.memory / static_cast<double>(A->rmap->N),
                                     m.aij ? "made for what needs rows" : "none"));
    PetscFunctionReturn(PETSC_SUCCESS);
  }
  if (m.foreign_view) {
    PetscCall((*m.foreign_view)(A, viewer));
  } else {
    Mat aij = nullptr;
    PetscCall(stencil::aij_copy(A, &aij));
    PetscCall(MatView(aij, viewer));
  }
  PetscFunctionReturn(PETSC_SUCCESS);
}

// In parallel DMCreateMatrix replaces the viewer by one that prints in natural order and has no
// idea of our facts; ours goes in front of it.
PetscErrorCode assembly_begin(Mat A, MatAssemblyType) {
  PetscFunctionBegin;
  if (A->ops->view != view) {
    matrix(A).foreign_view = A->ops->view;
    A->ops->view = view;
  }
  PetscFunctionReturn(PETSC_SUCCESS);
}

// ---- symmetric mode
// ------------------------------------------------------------------------------

struct Extremes {
  double least_coupling = 0.0;
  double least_row_sum = 0.0;
  double largest_row_sum = 0.0;
  double largest_magnitude = 0.0;
  double not_finite = 0.0;

  // What is not finite times zero is no number. By lanes, which vectorise.
  void take_couplings(const double* values, int count) {
    constexpr int lanes = 8;
    double least[lanes] = {}, largest[lanes] = {}, zero[lanes] = {};
    const auto take = [&](int lane, double v) {
      least[lane] = v < least[lane] ? v : least[lane];
      largest[lane] = v > largest[lane] ? v : largest[lane];
      zero[lane] += v * 0.0;
    };
    int i = 0;
    for (; i + lanes <= count; i += lanes)
      for (int lane = 0; lane < lanes; ++lane) take(lane, values[i + lane]);
    for (; i < count; ++i) take(0, values[i]);
    for (int lane = 0; lane < lanes; ++lane) {
      least_coupling = std::min(least_coupling, least[lane]);
      largest_magnitude = std::max({largest_magnitude, largest[lane], -least[lane]});
      if (zero[lane] != 0.0) not_finite = 1.0;
    }
  }
};

/// Copies a coupling from its Vec and takes out what leaves the domain or returns to its own point.
void read_coupling(Matrix& m, Vec vec, int number, Extremes& extremes) {
  const Partition& p = m.symmetric.partition;
  const Offset o = kernels::upper_offset(m.symmetric.pattern, number);
  FieldView from(vec, m.box.extent(), Access::read);
  auto values = Kokkos::create_mirror_view(from.field().values);
  Kokkos::deep_copy(values, from.field().values);
  const Field<double>& to = m.symmetric.couplings[static_cast<std::size_t>(number)];
  auto out = Kokkos::create_mirror_view(to.values);
  const int nx = m.layout.n[0];
  const double* source = values.data();
  for (int k = 0; k < m.layout.n[2]; ++k)
    for (int j = 0; j < m.layout.n[1]; ++j, source += nx) {
      const auto couples = [&](int i) {
        const Index3 point{m.box.lo[0] + i, m.box.lo[1] + j, m.box.lo[2] + k};
        Index3 q;
        return stencil::neighbour(p, point, o, q) && q != point;
      };
      double* target = &out(m.layout(0, j, k));
      // Of a row the first and the last point differ from the others, if any.
      if (nx > 2 && couples(1))
        std::copy(source + 1, source + nx - 1, target + 1);
      else
        std::fill(target, target + nx, 0.0);
      for (const int i : {0, nx - 1}) target[i] = couples(i) ? source[i] : 0.0;
      extremes.take_couplings(target, nx);
    }
  Kokkos::deep_copy(to.values, out);
  from.restore();
}

void read_row_sum(Matrix& m, Vec vec, Extremes& extremes) {
  FieldView from(vec, m.box.extent(), Access::read);
  auto values = Kokkos::create_mirror_view(from.field().values);
  Kokkos::deep_copy(values, from.field().values);
  for (std::size_t at = 0; at < values.extent(0); ++at) {
    extremes.least_row_sum = std::min(extremes.least_row_sum, values(at));
    extremes.largest_row_sum = std::max(extremes.largest_row_sum, values(at));
    if (!std::isfinite(values(at))) extremes.not_finite = 1.0;
  }
  extremes.largest_magnitude =
      std::max({extremes.largest_magnitude, extremes.largest_row_sum, -extremes.least_row_sum});
  const Range all = Range::box(m.layout.n);
  kernels::unpack_box<double>(m.symmetric.row_sum, all, all, from.field().values.data());
  from.restore();
}

/// Algebraic multigrid gives its interpolation the type of the fine matrix. Such a rectangular
/// matrix is no stencil operator and becomes AIJ. Collective, for a rank alone may have a square
/// part.
PetscErrorCode is_rectangular(Mat A, PetscBool* flag) {
  PetscFunctionBegin;
  int differs = A->rmap->n >= 0 && A->cmap->n >= 0 && A->rmap->n != A->cmap->n;
  differs = differs || (A->rmap->N >= 0 && A->cmap->N >= 0 && A->rmap->N != A->cmap->N);
  PetscCallMPI(MPI_Allreduce(MPI_IN_PLACE, &differs, 1, MPI_INT, MPI_MAX,
                             PetscObjectComm(reinterpret_cast<PetscObject>(A))));
  *flag = differs ? PETSC_TRUE : PETSC_FALSE;
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode check_type(Mat A) {
  PetscFunctionBegin;
  PetscBool same;
  PetscCall(PetscObjectTypeCompare(reinterpret_cast<PetscObject>(A), MATSTENCIL, &same));
  PetscCheck(same, PetscObjectComm(reinterpret_cast<PetscObject>(A)), PETSC_ERR_ARG_WRONG,
             "the matrix is not of type stencil");
  PetscFunctionReturn(PETSC_SUCCESS);
}

} // namespace

PetscErrorCode MatStencilSetCouplings(Mat A, StencilPattern pattern, const Vec couplings[],
                                      Vec row_sum) {
  PetscFunctionBegin;
  MPI_Comm comm = PetscObjectComm(reinterpret_cast<PetscObject>(A));
  PetscCall(check_type(A));
  PetscCall(MatSetUp(A));
  Matrix& m = matrix(A);
  PetscCheck(kernels::is_three_dimensional(pattern) ==
                 kernels::is_three_dimensional(m.symmetric.pattern),
             comm, PETSC_ERR_ARG_INCOMP,
             "the couplings' pattern and the DMDA of the stencil matrix differ in dimension");
  Extremes extremes;
  LINNET_PETSC_GUARD({
    if (pattern != m.symmetric.pattern) stencil::use_pattern(A, pattern);
    m.is_general = false;
    m.entries.clear();
    m.remote.clear();
    const int count = kernels::coupling_count(pattern);
    if (m.symmetric.couplings.empty()) {
      for (int c = 0; c < count; ++c)
        m.symmetric.couplings.emplace_back("linnet::grid::coupling", m.layout);
      m.symmetric.row_sum = Field<double>("linnet::grid::row_sum", m.layout);
    }
    for (int c = 0; c < count; ++c) read_coupling(m, couplings[c], c, extremes);
    read_row_sum(m, row_sum, extremes);
    m.halo->exchange(m.symmetric.couplings);
    Kokkos::fence();
    stencil::values_changed(m);
  });
  double worst[] = {-extremes.least_coupling, -extremes.least_row_sum, extremes.largest_row_sum,
                    extremes.largest_magnitude, extremes.not_finite};
  PetscCallMPI(MPI_Allreduce(MPI_IN_PLACE, worst, static_cast<int>(std::size(worst)), MPI_DOUBLE,
                             MPI_MAX, comm));
  PetscCheck(worst[4] == 0.0, comm, PETSC_ERR_USER_INPUT,
             "a coupling or row sum of the stencil matrix is not a finite number");
  m.symmetric.largest_magnitude = worst[3];
  A->insertmode = NOT_SET_VALUES;
  PetscCall(MatAssemblyBegin(A, MAT_FINAL_ASSEMBLY));
  PetscCall(MatAssemblyEnd(A, MAT_FINAL_ASSEMBLY));
  PetscCall(MatSetOption(A, MAT_SYMMETRIC, PETSC_TRUE));
  if (worst[0] <= 0.0 && worst[1] <= 0.0 && worst[2] > 0.0)
    PetscCall(MatSetOption(A, MAT_SPD, PETSC_TRUE));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode MatStencilGetData(Mat A, const StencilData** data) {
  PetscFunctionBegin;
  PetscCall(check_type(A));
  *data = matrix(A).is_general ? nullptr : &matrix(A).symmetric;
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode MatStencilTurnAndMultiply(Mat A, const kernels::Field<float>& z, double scale,
                                         double beta, Vec p, Vec w, const kernels::RowSpans& spans,
                                         double* pw) {
  PetscFunctionBegin;
  PetscCall(check_type(A));
  PetscCall(PetscLogEventBegin(core::events().stencil_mult, A, p, w, nullptr));
  Matrix& m = matrix(A);
  LINNET_PETSC_GUARD({
    FieldView direction(p, m.box.extent(), Access::read_write);
    FieldView product(w, m.box.extent(), Access::write);
    *pw = m.product->turn_and_multiply(m.symmetric.couplings, m.symmetric.row_sum, z, scale, beta,
                                       direction.field(), product.field(), spans);
    product.restore();
    direction.restore();
  });
  MPI_Allreduce(MPI_IN_PLACE, pw, 1, MPI_DOUBLE, MPI_SUM,
                PetscObjectComm(reinterpret_cast<PetscObject>(A)));
  PetscCall(PetscLogEventEnd(core::events().stencil_mult, A, p, w, nullptr));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode MatStencilRenewResidual(Mat A, Vec b, Vec x, double scale, double scale_before,
                                       const kernels::Field<float>& r,
                                       const kernels::Field<float>& f, double* squares,
                                       double* drift) {
  std::array<double, 2> sums{};
  PetscFunctionBegin;
  PetscCall(check_type(A));
  PetscCall(PetscLogEventBegin(core::events().stencil_mult, A, x, b, nullptr));
  Matrix& m = matrix(A);
  LINNET_PETSC_GUARD({
    FieldView right(b, m.box.extent(), Access::read), solution(x, m.box.extent(), Access::read);
    sums = m.product->renew_residual(m.symmetric.couplings, m.symmetric.row_sum, solution.field(),
                                     right.field(), scale, scale_before, r, f);
    solution.restore();
    right.restore();
  });
  MPI_Allreduce(MPI_IN_PLACE, sums.data(), 2, MPI_DOUBLE, MPI_SUM,
                PetscObjectComm(reinterpret_cast<PetscObject>(A)));
  *squares = sums[0];
  *drift = sums[1];
  PetscCall(PetscLogEventEnd(core::events().stencil_mult, A, x, b, nullptr));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode MatStencilGetPattern(Mat A, StencilPattern* pattern) {
  PetscFunctionBegin;
  PetscCall(check_type(A));
  PetscCall(MatSetUp(A));
  *pattern = matrix(A).symmetric.pattern;
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode MatCreate_Stencil(Mat A) {
  PetscFunctionBegin;
  PetscBool rectangular;
  PetscCall(is_rectangular(A, &rectangular));
  if (rectangular) {
    PetscCall(MatSetType(A, MATAIJ));
    PetscFunctionReturn(PETSC_SUCCESS);
  }
  A->data = new Matrix;
  A->ops->setup = setup;
  A->ops->destroy = destroy;
  A->ops->view = view;
  A->ops->getinfo = get_info;
  A->ops->assemblybegin = assembly_begin;
  A->ops->duplicate = stencil::duplicate;
  stencil::install_row_operations(A);
  stencil::install_algebra(A);
  PetscCall(stencil::install_aij_operations(A));
  PetscCall(PetscObjectChangeTypeName(reinterpret_cast<PetscObject>(A), MATSTENCIL));
  PetscFunctionReturn(PETSC_SUCCESS);
}

} // namespace linnet::grid
