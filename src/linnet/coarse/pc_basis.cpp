// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/coarse/pc_basis.hpp>

#include <linnet/coarse/coarse_correction.hpp>
#include <linnet/coarse/smoother.hpp>
#include <linnet/coarse/vector_choice.hpp>
#include <linnet/core/log.hpp>

#include <petsc/private/kspimpl.h>
#include <petsc/private/pcimpl.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace linnet::coarse {
namespace {

/// A matrix that is symmetric but for rounding.
constexpr double symmetry = 1e-12;

const char* const type_names[] = {"pod", "trunk", "sine", "file", "BasisType", "", nullptr};
const char* const variant_names[] = {"multiplicative", "deflated", "additive",
                                     "BasisVariant",   "",         nullptr};
struct BasisData {
  VectorChoice choice;
  BasisVariant variant = BasisVariant::multiplicative;
  PetscBool reuse = PETSC_TRUE;
  PetscInt near_null_space = 0;
  PetscReal damping = 0.0;

  core::Owned<Mat> given; ///< by PCBasisSetVectors
  PetscObjectState given_state = 0;
  Smoother smoother;
  std::unique_ptr<CoarseCorrection> coarse;
  core::Owned<Vec> residual, correction;
  std::vector<double> y, second; ///< coordinates
  bool symmetric = true;         ///< the whole is symmetric positive definite
  bool guess_was_zero = false;
  PetscInt masked = 0, updates = 0, spaces = 0, applications = 0;
};

BasisData* data_of(PC pc) { return static_cast<BasisData*>(pc->data); }

Mat matrix_of(PC pc) { return pc->useAmat ? pc->mat : pc->pmat; }

core::Owned<Vec> vector_of(Mat A) {
  Vec v = nullptr;
  LINNET_CHECK(MatCreateVecs(A, nullptr, &v));
  return core::Owned<Vec>(v);
}

/// Q r of a matrix with a null space must not leave its complement.
PetscErrorCode remove_null_space(Mat A, Mat vectors) {
  MatNullSpace null = nullptr;
  PetscInt columns = 0;
  PetscFunctionBegin;
  PetscCall(MatGetNullSpace(A, &null));
  if (!null) PetscFunctionReturn(PETSC_SUCCESS);
  PetscCall(MatGetSize(vectors, nullptr, &columns));
  for (PetscInt j = 0; j < columns; ++j) {
    Vec column = nullptr;
    PetscCall(MatDenseGetColumnVec(vectors, j, &column));
    PetscCall(MatNullSpaceRemove(null, column));
    PetscCall(MatDenseRestoreColumnVec(vectors, j, &column));
  }
  PetscFunctionReturn(PETSC_SUCCESS);
}

/// The vectors of the choice, or at least @p least of them for other purposes.
PetscErrorCode make_vectors_of(PC pc, DM da, PetscInt least, core::Owned<Mat>& vectors) {
  BasisData* data = data_of(pc);
  VectorChoice choice = data->choice;
  PetscFunctionBegin;
  if (least > 0) {
    choice.size = choice.size < 0 ? choice.size : std::max(choice.size, least);
    choice.blocks = {1, 1, 1}; // no coarse matrix comes of these
  }
  LINNET_PETSC_GUARD(vectors =
                         make_vectors(matrix_of(pc), da, data->given.get(), choice, &data->masked));
  PetscCall(remove_null_space(matrix_of(pc), vectors.get()));
  PetscFunctionReturn(PETSC_SUCCESS);
}

/// The first vectors, for the aggregation of an algebraic multigrid method as smoother. The coarse
/// space may have fewer, or none.
PetscErrorCode attach_near_null_space(PC pc, DM da) {
  const PetscInt wanted = data_of(pc)->near_null_space;
  core::Owned<Mat> vectors;
  std::vector<Vec> columns;
  MatNullSpace space = nullptr;
  PetscFunctionBegin;
  if (wanted == 0) PetscFunctionReturn(PETSC_SUCCESS);
  PetscCall(make_vectors_of(pc, da, wanted, vectors));
  LINNET_PETSC_GUARD(columns = first_orthonormal(vectors.get(), wanted));
  PetscCheck(!columns.empty(), PETSC_COMM_SELF, PETSC_ERR_USER_INPUT,
             "basis: all vectors are zero, and -pc_basis_near_null_space %" PetscInt_FMT
             " needs one that is not; take others, or -pc_basis_near_null_space 0",
             wanted);
  PetscCall(MatNullSpaceCreate(PetscObjectComm(reinterpret_cast<PetscObject>(pc)), PETSC_FALSE,
                               static_cast<PetscInt>(columns.size()), columns.data(), &space));
  PetscCall(MatSetNearNullSpace(pc->pmat, space));
  PetscCall(MatNullSpaceDestroy(&space));
  for (Vec& v : columns) PetscCall(VecDestroy(&v));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode make_space(PC pc) {
  BasisData* data = data_of(pc);
  DM da = nullptr;
  core::Owned<Mat> vectors;
  std::vector<PetscInt> block_of;
  PetscInt blocks = 1;
  PetscFunctionBegin;
  if (data->choice.grid.points[0] == 0) PetscCall(grid::find_da(pc, &da));
  PetscCall(attach_near_null_space(pc, da));
  PetscCall(make_vectors_of(pc, da, 0, vectors));
  LINNET_PETSC_GUARD(block_of = make_blocks(matrix_of(pc), da, data->choice, &blocks));
  LINNET_PETSC_GUARD(data->coarse =
                         std::make_unique<CoarseCorrection>(vectors.get(), blocks, block_of));
  const auto size = static_cast<std::size_t>(data->coarse->size());
  data->y.assign(size, 0.0);
  data->second.assign(size, 0.0);
  LINNET_PETSC_GUARD(data->residual = vector_of(matrix_of(pc));
                     data->correction = vector_of(matrix_of(pc)));
  ++data->spaces;
  PetscFunctionReturn(PETSC_SUCCESS);
}

/// As the matrix says of itself, else by two products: x . A y = y . A x.
PetscErrorCode is_symmetric(Mat A, bool* symmetric) {
  PetscBool known = PETSC_FALSE, value = PETSC_FALSE;
  PetscScalar xy = 0.0, yx = 0.0;
  PetscReal size = 0.0, other = 0.0;
  PetscFunctionBegin;
  PetscCall(MatIsSymmetricKnown(A, &known, &value));
  *symmetric = value == PETSC_TRUE;
  if (known) PetscFunctionReturn(PETSC_SUCCESS);
  core::Owned<Vec> x, y, image;
  LINNET_PETSC_GUARD(x = vector_of(A); y = vector_of(A); image = vector_of(A));
  PetscCall(fill_noise(x.get(), 4));
  PetscCall(fill_noise(y.get(), 5));
  PetscCall(MatMult(A, x.get(), image.get()));
  PetscCall(VecDot(image.get(), y.get(), &yx));
  PetscCall(VecNorm(image.get(), NORM_2, &size));
  PetscCall(VecNorm(y.get(), NORM_2, &other));
  PetscCall(MatMult(A, y.get(), image.get()));
  PetscCall(VecDot(image.get(), x.get(), &xy));
  *symmetric = std::abs(xy - yx) <= symmetry * size * other;
  PetscFunctionReturn(PETSC_SUCCESS);
}

/// True if the vectors that are there are not those of this set-up.
PetscErrorCode is_space_old(PC pc, bool* old) {
  BasisData* data = data_of(pc);
  PetscFunctionBegin;
  *old = !data->coarse || !data->reuse || pc->flag == DIFFERENT_NONZERO_PATTERN;
  if (data->given) {
    PetscObjectState state = 0;
    PetscCall(PetscObjectStateGet(reinterpret_cast<PetscObject>(data->given.get()), &state));
    *old = *old || state != data->given_state;
    data->given_state = state;
  }
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode PCSetUp_Basis(PC pc) {
  BasisData* data = data_of(pc);
  bool old = false;
  bool symmetric = true;
  PetscFunctionBegin;
  PetscCall(PetscLogEventBegin(core::events().basis_setup, pc, 0, 0, 0));
  PetscCall(is_space_old(pc, &old));
  if (old) PetscCall(make_space(pc));
  PetscCall(is_symmetric(matrix_of(pc), &symmetric));
  LINNET_PETSC_GUARD(data->coarse->update(matrix_of(pc), symmetric));
  ++data->updates;
  data->symmetric = data->coarse->is_definite();
  PetscCall(data->smoother.set_up(
      pc, matrix_of(pc), pc->pmat,
      {data->symmetric, data->variant != BasisVariant::multiplicative, data->damping}));
  PetscCall(PetscLogEventEnd(core::events().basis_setup, pc, 0, 0, 0));
  PetscFunctionReturn(PETSC_SUCCESS);
}

/// z = S r;  z += Q (r - A z);  z += S^T (r - A z), with A Phi y = W y: one product with A.
PetscErrorCode apply_multiplicative(PC pc, Vec r, Vec z) {
  BasisData* data = data_of(pc);
  const Vec rest = data->residual.get(), step = data->correction.get();
  PetscFunctionBegin;
  PetscCall(data->smoother.apply(r, z));
  PetscCall(MatMult(matrix_of(pc), z, rest));
  PetscCall(VecAYPX(rest, -1.0, r));
  LINNET_PETSC_GUARD(data->coarse->solve(rest, data->y.data());
                     data->coarse->add(data->y.data(), 1.0, z);
                     data->coarse->add_image(data->y.data(), -1.0, rest));
  PetscCall(data->smoother.apply_transposed(rest, step));
  PetscCall(VecAXPY(z, 1.0, step));
  PetscFunctionReturn(PETSC_SUCCESS);
}

/// z = P^T S P r + Q r without a product with A where A is symmetric: Phi^T A = W^T.
PetscErrorCode apply_deflated(PC pc, Vec r, Vec z) {
  BasisData* data = data_of(pc);
  const Vec rest = data->residual.get();
  PetscFunctionBegin;
  LINNET_PETSC_GUARD(data->coarse->solve(r, data->y.data()));
  PetscCall(VecCopy(r, rest));
  LINNET_PETSC_GUARD(data->coarse->add_image(data->y.data(), -1.0, rest));
  PetscCall(data->smoother.apply(rest, z));
  if (data->symmetric) {
    LINNET_PETSC_GUARD(data->coarse->solve_image(z, data->second.data()));
  } else {
    PetscCall(MatMult(matrix_of(pc), z, rest));
    LINNET_PETSC_GUARD(data->coarse->solve(rest, data->second.data()));
  }
  for (std::size_t i = 0; i < data->y.size(); ++i) data->y[i] -= data->second[i];
  LINNET_PETSC_GUARD(data->coarse->add(data->y.data(), 1.0, z));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode apply_additive(PC pc, Vec r, Vec z) {
  BasisData* data = data_of(pc);
  PetscFunctionBegin;
  PetscCall(data->smoother.apply(r, z));
  LINNET_PETSC_GUARD(data->coarse->solve(r, data->y.data());
                     data->coarse->add(data->y.data(), 1.0, z));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode PCApply_Basis(PC pc, Vec r, Vec z) {
  BasisData* data = data_of(pc);
  PetscFunctionBegin;
  PetscCall(PetscLogEventBegin(core::events().basis_apply, pc, r, z, 0));
  switch (data->variant) {
  case BasisVariant::deflated: PetscCall(apply_deflated(pc, r, z)); break;
  case BasisVariant::additive: PetscCall(apply_additive(pc, r, z)); break;
  default: PetscCall(apply_multiplicative(pc, r, z)); break;
  }
  ++data->applications;
  PetscCall(PetscLogEventEnd(core::events().basis_apply, pc, r, z, 0));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode PCApplyTranspose_Basis(PC pc, Vec r, Vec z) {
  PetscFunctionBegin;
  PetscCheck(data_of(pc)->symmetric, PETSC_COMM_SELF, PETSC_ERR_SUP,
             "basis: has no transpose, since its matrix is not symmetric positive definite");
  PetscCall(PCApply_Basis(pc, r, z));
  PetscFunctionReturn(PETSC_SUCCESS);
}

bool needs_definite(const char* type) {
  const char* const types[] = {KSPCG,      "cgfused",  KSPFCG,     KSPPIPECG,  KSPPIPECGRR,
                               KSPPIPECG2, KSPPIPELCG, KSPGROPPCG, KSPPIPEFCG, KSPPIPEPRCG,
                               KSPMINRES,  KSPSYMMLQ,  KSPNASH,    KSPSTCG,    KSPGLTR};
  return std::any_of(std::begin(types), std::end(types),
                     [&](const char* name) { return std::strcmp(name, type) == 0; });
}

/// x += Q (b - A x), so that the first residual of the solve has no part in the space.
PetscErrorCode PCPreSolve_Basis(PC pc, KSP ksp, Vec b, Vec x) {
  BasisData* data = data_of(pc);
  KSPType type = nullptr;
  PetscBool nonzero = PETSC_FALSE;
  PetscFunctionBegin;
  PetscCall(KSPGetType(ksp, &type));
  PetscCheck(data->symmetric || !type || !needs_definite(type), PETSC_COMM_SELF,
             PETSC_ERR_USER_INPUT,
             "basis: the coarse matrix Phi^T A Phi is not symmetric positive definite, so neither "
             "is A, as -ksp_type %s needs; use -ksp_type gmres or fgmres",
             type);
  // A KSP that has been set up does not see that a setter asked for another space.
  if (!data->coarse) PetscCall(PCSetUp(pc));
  PetscCall(data->smoother.begin_solve(ksp));
  data->guess_was_zero = false;
  // What applies the PC once, as the parts of other preconditioners do, takes no start.
  const bool once = type && std::strcmp(type, KSPPREONLY) == 0;
  if (data->variant != BasisVariant::deflated || ksp->transpose_solve || once)
    PetscFunctionReturn(PETSC_SUCCESS);
  PetscCall(KSPGetInitialGuessNonzero(ksp, &nonzero));
  if (nonzero) {
    PetscCall(MatMult(pc->mat, x, data->residual.get()));
    PetscCall(VecAYPX(data->residual.get(), -1.0, b));
  } else {
    PetscCall(VecSet(x, 0.0));
    PetscCall(VecCopy(b, data->residual.get()));
    PetscCall(KSPSetInitialGuessNonzero(ksp, PETSC_TRUE));
    data->guess_was_zero = true;
  }
  LINNET_PETSC_GUARD(data->coarse->solve(data->residual.get(), data->y.data());
                     data->coarse->add(data->y.data(), 1.0, x));
  PetscFunctionReturn(PETSC_SUCCESS);
}

/// The next solve starts from zero again.
PetscErrorCode PCPostSolve_Basis(PC pc, KSP ksp, Vec, Vec) {
  PetscFunctionBegin;
  if (data_of(pc)->guess_was_zero) PetscCall(KSPSetInitialGuessNonzero(ksp, PETSC_FALSE));
  data_of(pc)->guess_was_zero = false;
  PetscCall(data_of(pc)->smoother.end_solve(ksp));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode PCReset_Basis(PC pc) {
  BasisData* data = data_of(pc);
  PetscFunctionBegin;
  data->coarse.reset();
  data->residual.reset();
  data->correction.reset();
  PetscCall(data->smoother.reset());
  PetscFunctionReturn(PETSC_SUCCESS);
}

/// Another space is needed.
void forget_space(PC pc) {
  data_of(pc)->coarse.reset();
  pc->setupcalled = PETSC_FALSE;
}

template <class Value>
void take_choice(PC pc, Value& value, const Value& wanted) {
  if (value == wanted) return;
  value = wanted;
  forget_space(pc);
}

PetscErrorCode read_space_options(PC pc, core::OptionItems PetscOptionsObject) {
  VectorChoice choice = data_of(pc)->choice;
  char file[PETSC_MAX_PATH_LEN] = "";
  PetscInt blocks[3] = {choice.blocks[0], choice.blocks[1], choice.blocks[2]}, count = 3;
  PetscBool set = PETSC_FALSE, set_blocks = PETSC_FALSE;
  PetscFunctionBegin;
  PetscCall(PetscOptionsEnum("-pc_basis_type", "Where the vectors come from", "PCBasisSetType",
                             type_names, static_cast<PetscEnum>(choice.type),
                             reinterpret_cast<PetscEnum*>(&choice.type), nullptr));
  PetscCall(PCBasisSetType(pc, choice.type));
  PetscCall(PetscOptionsString("-pc_basis_file", "File of the vectors", "PCBasisSetFile",
                               choice.file.c_str(), file, sizeof file, &set));
  if (set) PetscCall(PCBasisSetFile(pc, file));
  PetscCall(PetscOptionsInt("-pc_basis_size",
                            "Most vectors; 0: the smoother alone; -1: all there are, 64 sines",
                            "PCBasisSetSize", choice.size, &choice.size, nullptr));
  PetscCall(PCBasisSetSize(pc, choice.size));
  PetscCall(PetscOptionsEnum("-pc_basis_points", "Where points of the grid lie on their box",
                             "PCBasisSetPoints", grid::grid_points_names,
                             static_cast<PetscEnum>(choice.points),
                             reinterpret_cast<PetscEnum*>(&choice.points), nullptr));
  PetscCall(PCBasisSetPoints(pc, choice.points));
  PetscCall(PetscOptionsIntArray("-pc_basis_blocks",
                                 "Parts nx,ny[,nz] of the grid that vectors "
                                 "are cut into",
                                 "PCBasisSetBlocks", blocks, &count, &set_blocks));
  if (set_blocks) PetscCall(PCBasisSetBlocks(pc, count, blocks));
  PetscCall(grid::get_declared_grid(PetscOptionsObject, PCBASIS, "PCBasisSetGrid", &choice.grid));
  take_choice(pc, data_of(pc)->choice.grid, choice.grid);
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode PCSetFromOptions_Basis(PC pc, core::OptionItems PetscOptionsObject) {
  const BasisData* data = data_of(pc);
  BasisVariant variant = data->variant;
  PetscBool reuse = data->reuse;
  PetscInt near_null_space = data->near_null_space;
  PetscReal damping = data->damping;
  PetscFunctionBegin;
  PetscOptionsHeadBegin(PetscOptionsObject, "Basis options");
  PetscCall(read_space_options(pc, PetscOptionsObject));
  PetscCall(PetscOptionsEnum("-pc_basis_variant", "How smoother and coarse correction combine",
                             "PCBasisSetVariant", variant_names, static_cast<PetscEnum>(variant),
                             reinterpret_cast<PetscEnum*>(&variant), nullptr));
  PetscCall(PCBasisSetVariant(pc, variant));
  PetscCall(PetscOptionsBool("-pc_basis_reuse", "Keep the vectors when the matrix changes",
                             "PCBasisSetReuse", reuse, &reuse, nullptr));
  PetscCall(PCBasisSetReuse(pc, reuse));
  PetscCall(PetscOptionsInt("-pc_basis_near_null_space",
                            "How many vectors are the near-null space of the matrix",
                            "PCBasisSetNearNullSpace", near_null_space, &near_null_space, nullptr));
  PetscCall(PCBasisSetNearNullSpace(pc, near_null_space));
  PetscCall(PetscOptionsReal("-pc_basis_smoother_damping", "Damping of the smoother; 0: found",
                             "PCBasisSetSmootherDamping", damping, &damping, nullptr));
  PetscCall(PCBasisSetSmootherDamping(pc, damping));
  PetscOptionsHeadEnd();
  PetscCall(data_of(pc)->smoother.set_from_options(pc));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode view_space(PC pc, PetscViewer viewer) {
  const BasisData* data = data_of(pc);
  const CoarseCorrection& coarse = *data->coarse;
  double bytes = coarse.bytes();
  PetscFunctionBegin;
  MPI_Allreduce(MPI_IN_PLACE, &bytes, 1, MPI_DOUBLE, MPI_SUM,
                PetscObjectComm(reinterpret_cast<PetscObject>(pc)));
  const auto& b = data->choice.blocks;
  PetscCall(PetscViewerASCIIPrintf(
      viewer,
      "%" PetscInt_FMT " vectors in %d block(s), %" PetscInt_FMT
      " dependent ones left out, %" PetscInt_FMT " rows without couplings masked, %.1f MB\n",
      coarse.size(), b[0] * b[1] * b[2], coarse.dropped(), data->masked, bytes / 1e6));
  PetscCall(PetscViewerASCIIPrintf(viewer, "coarse matrix %s, condition number %.2g\n",
                                   coarse.is_definite() ? "symmetric positive definite (Cholesky)"
                                                        : "not symmetric positive definite (LU)",
                                   coarse.condition()));
  PetscCall(PetscViewerASCIIPrintf(viewer,
                                   "space made %" PetscInt_FMT
                                   " time(s), coarse matrix %" PetscInt_FMT
                                   ", applied %" PetscInt_FMT " times\n",
                                   data->spaces, data->updates, data->applications));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode PCView_Basis(PC pc, PetscViewer viewer) {
  const BasisData* data = data_of(pc);
  PetscBool ascii;
  PetscFunctionBegin;
  PetscCall(
      PetscObjectTypeCompare(reinterpret_cast<PetscObject>(viewer), PETSCVIEWERASCII, &ascii));
  if (!ascii) PetscFunctionReturn(PETSC_SUCCESS);
  PetscCall(PetscViewerASCIIPushTab(viewer));
  PetscCall(PetscViewerASCIIPrintf(
      viewer, "%s, vectors: %s%s%s\n", variant_names[static_cast<int>(data->variant)],
      data->given ? "given by the program" : type_names[static_cast<int>(data->choice.type)],
      !data->given && !data->choice.file.empty() ? " of " : "",
      data->given ? "" : data->choice.file.c_str()));
  if (data->coarse) PetscCall(view_space(pc, viewer));
  PetscCall(PetscViewerASCIIPrintf(
      viewer, "smoother damped by %.3g: %s\n", data->smoother.damping(),
      data->smoother.remark().empty() ? "not set up" : data->smoother.remark().c_str()));
  if (data->smoother.pc()) PetscCall(PCView(data->smoother.pc(), viewer));
  PetscCall(PetscViewerASCIIPopTab(viewer));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode set_vectors(PC pc, Mat vectors) {
  PetscFunctionBegin;
  if (vectors) {
    PetscBool dense = PETSC_FALSE;
    PetscCall(PetscObjectTypeCompareAny(reinterpret_cast<PetscObject>(vectors), &dense, MATSEQDENSE,
                                        MATMPIDENSE, ""));
    PetscCheck(dense, PETSC_COMM_SELF, PETSC_ERR_ARG_WRONG,
               "basis: vectors are columns of a matrix of type dense, not %s",
               reinterpret_cast<PetscObject>(vectors)->type_name);
    PetscCall(PetscObjectReference(reinterpret_cast<PetscObject>(vectors)));
  }
  data_of(pc)->given.reset(vectors);
  forget_space(pc);
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode set_type(PC pc, BasisType type) {
  take_choice(pc, data_of(pc)->choice.type, type);
  return PETSC_SUCCESS;
}

PetscErrorCode set_file(PC pc, const char file[]) {
  take_choice(pc, data_of(pc)->choice.file, std::string(file));
  return PETSC_SUCCESS;
}

PetscErrorCode set_size(PC pc, PetscInt size) {
  PetscFunctionBegin;
  PetscCheck(size >= 0 || size == PETSC_DECIDE, PETSC_COMM_SELF, PETSC_ERR_USER_INPUT,
             "-pc_basis_size %" PetscInt_FMT ": must be at least 0", size);
  take_choice(pc, data_of(pc)->choice.size, size);
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode set_points(PC pc, GridPoints points) {
  take_choice(pc, data_of(pc)->choice.points, points);
  return PETSC_SUCCESS;
}

PetscErrorCode set_grid(PC pc, PetscInt dimension, const PetscInt points[],
                        const PetscBool periodic[]) {
  grid::DeclaredGrid grid;
  PetscFunctionBegin;
  PetscCall(grid::declare_grid(PCBASIS, dimension, points, periodic, &grid));
  take_choice(pc, data_of(pc)->choice.grid, grid);
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode set_blocks(PC pc, PetscInt dimension, const PetscInt blocks[]) {
  core::Index3 all{1, 1, 1};
  PetscFunctionBegin;
  PetscCheck(dimension >= 1 && dimension <= 3, PETSC_COMM_SELF, PETSC_ERR_USER_INPUT,
             "-pc_basis_blocks: needs one to three counts, got %" PetscInt_FMT, dimension);
  for (PetscInt d = 0; d < dimension; ++d) {
    PetscCheck(blocks[d] >= 1 && blocks[d] <= 10000, PETSC_COMM_SELF, PETSC_ERR_USER_INPUT,
               "-pc_basis_blocks: counts must be from 1 to 10000, got %" PetscInt_FMT, blocks[d]);
    all[static_cast<std::size_t>(d)] = static_cast<int>(blocks[d]);
  }
  take_choice(pc, data_of(pc)->choice.blocks, all);
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode set_variant(PC pc, BasisVariant variant) {
  if (data_of(pc)->variant != variant) pc->setupcalled = PETSC_FALSE; // the smoother's own
  data_of(pc)->variant = variant;
  return PETSC_SUCCESS;
}

PetscErrorCode set_reuse(PC pc, PetscBool reuse) {
  data_of(pc)->reuse = reuse;
  return PETSC_SUCCESS;
}

PetscErrorCode set_near_null_space(PC pc, PetscInt vectors) {
  PetscFunctionBegin;
  PetscCheck(vectors >= 0, PETSC_COMM_SELF, PETSC_ERR_USER_INPUT,
             "-pc_basis_near_null_space %" PetscInt_FMT ": must be at least 0", vectors);
  take_choice(pc, data_of(pc)->near_null_space, vectors);
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode set_damping(PC pc, PetscReal damping) {
  PetscFunctionBegin;
  PetscCheck(damping >= 0.0 && damping <= 100.0, PETSC_COMM_SELF, PETSC_ERR_USER_INPUT,
             "-pc_basis_smoother_damping %g: must be from 0 to 100", static_cast<double>(damping));
  if (data_of(pc)->damping != damping) pc->setupcalled = PETSC_FALSE;
  data_of(pc)->damping = damping;
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode get_smoother(PC pc, PC* smoother) { return data_of(pc)->smoother.get(pc, smoother); }

PetscErrorCode get_info(PC pc, BasisInfo* info) {
  const BasisData* data = data_of(pc);
  *info = {};
  info->updates = data->updates;
  info->spaces = data->spaces;
  info->damping = data->smoother.damping();
  if (!data->coarse) return PETSC_SUCCESS;
  info->size = data->coarse->size();
  info->dropped = data->coarse->dropped();
  info->definite = data->coarse->is_definite();
  info->condition = data->coarse->condition();
  return PETSC_SUCCESS;
}

/// Compose or, with @p add false, remove all of them.
PetscErrorCode compose(PC pc, bool add) {
  const auto object = reinterpret_cast<PetscObject>(pc);
  PetscFunctionBegin;
#define LINNET_BASIS_METHOD(name, function)                                                        \
  PetscCall(add ? PetscObjectComposeFunction(object, name, function)                               \
                : PetscObjectComposeFunction(object, name, nullptr))
  LINNET_BASIS_METHOD("PCBasisSetVectors_C", set_vectors);
  LINNET_BASIS_METHOD("PCBasisSetType_C", set_type);
  LINNET_BASIS_METHOD("PCBasisSetFile_C", set_file);
  LINNET_BASIS_METHOD("PCBasisSetSize_C", set_size);
  LINNET_BASIS_METHOD("PCBasisSetPoints_C", set_points);
  LINNET_BASIS_METHOD("PCBasisSetGrid_C", set_grid);
  LINNET_BASIS_METHOD("PCBasisSetBlocks_C", set_blocks);
  LINNET_BASIS_METHOD("PCBasisSetVariant_C", set_variant);
  LINNET_BASIS_METHOD("PCBasisSetReuse_C", set_reuse);
  LINNET_BASIS_METHOD("PCBasisSetNearNullSpace_C", set_near_null_space);
  LINNET_BASIS_METHOD("PCBasisSetSmootherDamping_C", set_damping);
  LINNET_BASIS_METHOD("PCBasisGetSmoother_C", get_smoother);
  LINNET_BASIS_METHOD("PCBasisGetInfo_C", get_info);
#undef LINNET_BASIS_METHOD
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode PCDestroy_Basis(PC pc) {
  PetscFunctionBegin;
  PetscCall(compose(pc, false));
  delete data_of(pc);
  pc->data = nullptr;
  PetscFunctionReturn(PETSC_SUCCESS);
}

} // namespace

PetscErrorCode PCCreate_Basis(PC pc) {
  PetscFunctionBegin;
  pc->data = new BasisData;
  pc->ops->setup = PCSetUp_Basis;
  pc->ops->presolve = PCPreSolve_Basis;
  pc->ops->postsolve = PCPostSolve_Basis;
  pc->ops->apply = PCApply_Basis;
  pc->ops->applytranspose = PCApplyTranspose_Basis;
  pc->ops->setfromoptions = PCSetFromOptions_Basis;
  pc->ops->view = PCView_Basis;
  pc->ops->reset = PCReset_Basis;
  pc->ops->destroy = PCDestroy_Basis;
  PetscCall(compose(pc, true));
  PetscFunctionReturn(PETSC_SUCCESS);
}

} // namespace linnet::coarse
