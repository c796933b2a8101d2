// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
// The AIJ copy of a Mat "stencil" and all operations that run on it.
#include <linnet/grid/mat_stencil_impl.hpp>

#include <string>

namespace linnet::grid::stencil {

namespace {

PetscErrorCode is_stencil(Mat A, PetscBool* flag) {
  return PetscObjectTypeCompare(reinterpret_cast<PetscObject>(A), MATSTENCIL, flag);
}

template <class F>
PetscErrorCode for_each_row(Mat A, const F& f) {
  PetscFunctionBegin;
  Matrix& m = matrix(A);
  PetscInt row = A->rmap->rstart;
  Row entries;
  for (int k = 0; k < m.layout.n[2]; ++k)
    for (int j = 0; j < m.layout.n[1]; ++j)
      for (int i = 0; i < m.layout.n[0]; ++i, ++row) {
        LINNET_PETSC_GUARD(make_row(m, i, j, k, entries));
        PetscCall(f(row, entries));
      }
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode create_aij(Mat A, Mat* B) {
  PetscFunctionBegin;
  const auto n = static_cast<std::size_t>(A->rmap->n);
  std::vector<PetscInt> diagonal(n), off_diagonal(n);
  PetscCall(for_each_row(A, [&](PetscInt row, const Row& entries) -> PetscErrorCode {
    const auto r = static_cast<std::size_t>(row - A->rmap->rstart);
    for (int e = 0; e < entries.count; ++e) {
      const bool own = entries.columns[e] >= A->cmap->rstart && entries.columns[e] < A->cmap->rend;
      ++(own ? diagonal[r] : off_diagonal[r]);
    }
    return PETSC_SUCCESS;
  }));
  PetscCall(MatCreate(PetscObjectComm(reinterpret_cast<PetscObject>(A)), B));
  PetscCall(MatSetSizes(*B, A->rmap->n, A->cmap->n, A->rmap->N, A->cmap->N));
  PetscCall(MatSetType(*B, MATAIJ));
  PetscCall(MatSetVecType(*B, A->defaultvectype));
  PetscCall(MatSeqAIJSetPreallocation(*B, 0, diagonal.data()));
  PetscCall(MatMPIAIJSetPreallocation(*B, 0, diagonal.data(), 0, off_diagonal.data()));
  PetscCall(MatSetOption(*B, MAT_NO_OFF_PROC_ENTRIES, PETSC_TRUE));
  if (A->rmap->mapping)
    PetscCall(MatSetLocalToGlobalMapping(*B, A->rmap->mapping, A->cmap->mapping));
  DM da;
  PetscCall(MatGetDM(A, &da));
  PetscCall(MatSetDM(*B, da));
  (*B)->stencil = A->stencil;
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode fill_aij(Mat A, Mat B) {
  PetscFunctionBegin;
  PetscCall(for_each_row(A, [&](PetscInt row, const Row& e) {
    return MatSetValues(B, 1, &row, e.count, e.columns, e.values, INSERT_VALUES);
  }));
  PetscCall(MatAssemblyBegin(B, MAT_FINAL_ASSEMBLY));
  PetscCall(MatAssemblyEnd(B, MAT_FINAL_ASSEMBLY));
  PetscFunctionReturn(PETSC_SUCCESS);
}

/// What the user said about A holds for its copy.
PetscErrorCode copy_facts(Mat A, Mat B) {
  PetscFunctionBegin;
  PetscCall(MatPropagateSymmetryOptions(A, B));
  PetscCall(MatSetNullSpace(B, A->nullsp));
  PetscCall(MatSetTransposeNullSpace(B, A->transnullsp));
  PetscCall(MatSetNearNullSpace(B, A->nearnullsp));
  PetscCall(MatSetErrorIfFailure(B, A->erroriffailure));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode convert(Mat A, MatType type, MatReuse reuse, Mat* B) {
  PetscFunctionBegin;
  const std::string name(type);
  const bool to_aij = name == MATAIJ || name == MATSEQAIJ || name == MATMPIAIJ;
  Mat result = reuse == MAT_REUSE_MATRIX ? *B : nullptr;
  if (to_aij) {
    if (!result) PetscCall(create_aij(A, &result));
    PetscCall(fill_aij(A, result));
    PetscCall(copy_facts(A, result));
  } else {
    Mat aij = nullptr;
    PetscCall(aij_copy(A, &aij));
    PetscCall(
        MatConvert(aij, type, reuse == MAT_REUSE_MATRIX ? reuse : MAT_INITIAL_MATRIX, &result));
  }
  if (reuse == MAT_INPLACE_MATRIX)
    PetscCall(MatHeaderReplace(A, &result));
  else
    *B = result;
  PetscFunctionReturn(PETSC_SUCCESS);
}

// ---- operations of AIJ
// ---------------------------------------------------------------------------

/// Runs an operation of the AIJ copy in place of one of ours.
template <auto Operation, class Member = decltype(Operation)>
struct OnCopy;
template <auto Operation, class... Args>
struct OnCopy<Operation, PetscErrorCode (*_MatOps::*)(Mat, Args...)> {
  static PetscErrorCode call(Mat A, Args... args) {
    PetscFunctionBegin;
    Mat aij = nullptr;
    PetscCall(aij_copy(A, &aij));
    PetscCheck((*aij->ops).*Operation, PetscObjectComm(reinterpret_cast<PetscObject>(A)),
               PETSC_ERR_SUP,
               "neither a stencil matrix nor its AIJ copy (type %s) has this operation",
               reinterpret_cast<PetscObject>(aij)->type_name);
    PetscCall((*((*aij->ops).*Operation))(aij, args...));
    PetscFunctionReturn(PETSC_SUCCESS);
  }
};

// By PETSc's functions where AIJ has the operation on several ranks alone.
PetscErrorCode create_submatrix(Mat A, IS rows, IS columns, MatReuse reuse, Mat* B) {
  PetscFunctionBegin;
  Mat aij = nullptr;
  PetscCall(aij_copy(A, &aij));
  PetscCall(MatCreateSubMatrix(aij, rows, columns, reuse, B));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode diagonal_block(Mat A, Mat* block) {
  PetscFunctionBegin;
  Mat aij = nullptr;
  PetscCall(aij_copy(A, &aij));
  PetscCall(MatGetDiagonalBlock(aij, block));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode transpose(Mat A, MatReuse reuse, Mat* B) {
  PetscFunctionBegin;
  PetscCheck(reuse != MAT_INPLACE_MATRIX, PetscObjectComm(reinterpret_cast<PetscObject>(A)),
             PETSC_ERR_SUP, "a stencil matrix is not transposed in place");
  Mat aij = nullptr;
  PetscCall(aij_copy(A, &aij));
  PetscCall(MatTranspose(aij, reuse, B));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode row_ij(Mat A, PetscInt shift, PetscBool symmetric, PetscBool blocks, PetscInt* n,
                      const PetscInt* ia[], const PetscInt* ja[], PetscBool* done) {
  PetscFunctionBegin;
  Mat aij = nullptr;
  PetscCall(aij_copy(A, &aij));
  PetscCall(MatGetRowIJ(aij, shift, symmetric, blocks, n, ia, ja, done));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode restore_row_ij(Mat A, PetscInt shift, PetscBool symmetric, PetscBool blocks,
                              PetscInt* n, const PetscInt* ia[], const PetscInt* ja[],
                              PetscBool* done) {
  PetscFunctionBegin;
  Mat aij = nullptr;
  PetscCall(aij_copy(A, &aij));
  PetscCall(MatRestoreRowIJ(aij, shift, symmetric, blocks, n, ia, ja, done));
  PetscFunctionReturn(PETSC_SUCCESS);
}

// ---- products with other matrices
// ----------------------------------------------------------------

/// Puts AIJ copies in the place of the stencil matrices of a product and lets PETSc go on.
PetscErrorCode product_set_from_options(Mat C) {
  PetscFunctionBegin;
  Mat factor[3];
  Mat replacement[3] = {nullptr, nullptr, nullptr};
  PetscCall(MatProductGetMats(C, &factor[0], &factor[1], &factor[2]));
  for (int f = 0; f < 3; ++f) {
    PetscBool ours = PETSC_FALSE;
    if (factor[f]) PetscCall(is_stencil(factor[f], &ours));
    if (ours) PetscCall(aij_copy(factor[f], &replacement[f]));
  }
  PetscCall(MatProductReplaceMats(replacement[0], replacement[1], replacement[2], C));
  PetscCall(MatProductSetFromOptions(C));
  PetscFunctionReturn(PETSC_SUCCESS);
}

// ---- factorisations
// ------------------------------------------------------------------------------

/// The functions of a factor as the solver package set them; ours unpack the stencil matrix first.
struct FactorFunctions {
  decltype(_MatOps::lufactorsymbolic) lu_symbolic, ilu_symbolic;
  decltype(_MatOps::choleskyfactorsymbolic) cholesky_symbolic, icc_symbolic;
  decltype(_MatOps::lufactornumeric) lu_numeric;
  decltype(_MatOps::choleskyfactornumeric) cholesky_numeric;
};

constexpr const char* functions_key = "linnet_stencil_factor";

PetscErrorCode destroy_functions(void* functions) {
  delete static_cast<FactorFunctions*>(functions);
  return PETSC_SUCCESS;
}

PetscErrorCode functions_of(Mat factor, FactorFunctions** functions) {
  PetscFunctionBegin;
  PetscContainer container;
  PetscCall(PetscObjectQuery(reinterpret_cast<PetscObject>(factor), functions_key,
                             reinterpret_cast<PetscObject*>(&container)));
  PetscCheck(container, PETSC_COMM_SELF, PETSC_ERR_PLIB, "a factor without its functions");
  PetscCall(PetscContainerGetPointer(container, reinterpret_cast<void**>(functions)));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode unpack(Mat A, Mat* aij) {
  PetscFunctionBegin;
  PetscBool ours;
  PetscCall(is_stencil(A, &ours));
  *aij = A;
  if (ours) PetscCall(aij_copy(A, aij));
  PetscFunctionReturn(PETSC_SUCCESS);
}

void wrap_numeric(Mat factor, FactorFunctions& f);

// A package's function may put others in its own place, so it runs with its own functions in the
// factor, and what it leaves there is wrapped anew.
PetscErrorCode lu_numeric(Mat factor, Mat A, const MatFactorInfo* info) {
  PetscFunctionBegin;
  FactorFunctions* f;
  Mat aij = nullptr;
  PetscCall(functions_of(factor, &f));
  PetscCall(unpack(A, &aij));
  factor->ops->lufactornumeric = f->lu_numeric;
  PetscCall((*f->lu_numeric)(factor, aij, info));
  wrap_numeric(factor, *f);
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode cholesky_numeric(Mat factor, Mat A, const MatFactorInfo* info) {
  PetscFunctionBegin;
  FactorFunctions* f;
  Mat aij = nullptr;
  PetscCall(functions_of(factor, &f));
  PetscCall(unpack(A, &aij));
  factor->ops->choleskyfactornumeric = f->cholesky_numeric;
  PetscCall((*f->cholesky_numeric)(factor, aij, info));
  wrap_numeric(factor, *f);
  PetscFunctionReturn(PETSC_SUCCESS);
}

void wrap_numeric(Mat factor, FactorFunctions& f) {
  if (factor->ops->lufactornumeric && factor->ops->lufactornumeric != lu_numeric) {
    f.lu_numeric = factor->ops->lufactornumeric;
    factor->ops->lufactornumeric = lu_numeric;
  }
  if (factor->ops->choleskyfactornumeric &&
      factor->ops->choleskyfactornumeric != cholesky_numeric) {
    f.cholesky_numeric = factor->ops->choleskyfactornumeric;
    factor->ops->choleskyfactornumeric = cholesky_numeric;
  }
}

template <auto Package>
PetscErrorCode symbolic_lu(Mat factor, Mat A, IS rows, IS columns, const MatFactorInfo* info) {
  PetscFunctionBegin;
  FactorFunctions* f;
  Mat aij = nullptr;
  PetscCall(functions_of(factor, &f));
  PetscCall(unpack(A, &aij));
  PetscCall((*(f->*Package))(factor, aij, rows, columns, info));
  wrap_numeric(factor, *f);
  PetscFunctionReturn(PETSC_SUCCESS);
}

template <auto Package>
PetscErrorCode symbolic_cholesky(Mat factor, Mat A, IS rows, const MatFactorInfo* info) {
  PetscFunctionBegin;
  FactorFunctions* f;
  Mat aij = nullptr;
  PetscCall(functions_of(factor, &f));
  PetscCall(unpack(A, &aij));
  PetscCall((*(f->*Package))(factor, aij, rows, info));
  wrap_numeric(factor, *f);
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode wrap_factor(Mat factor) {
  PetscFunctionBegin;
  MatOps ops = factor->ops;
  auto* f = new FactorFunctions{ops->lufactorsymbolic,
                                ops->ilufactorsymbolic,
                                ops->choleskyfactorsymbolic,
                                ops->iccfactorsymbolic,
                                nullptr,
                                nullptr};
  PetscContainer container;
  PetscCall(PetscContainerCreate(PETSC_COMM_SELF, &container));
  PetscCall(PetscContainerSetPointer(container, f));
  PetscCall(PetscContainerSetUserDestroy(container, destroy_functions));
  PetscCall(PetscObjectCompose(reinterpret_cast<PetscObject>(factor), functions_key,
                               reinterpret_cast<PetscObject>(container)));
  PetscCall(PetscContainerDestroy(&container));
  if (f->lu_symbolic) ops->lufactorsymbolic = symbolic_lu<&FactorFunctions::lu_symbolic>;
  if (f->ilu_symbolic) ops->ilufactorsymbolic = symbolic_lu<&FactorFunctions::ilu_symbolic>;
  if (f->cholesky_symbolic)
    ops->choleskyfactorsymbolic = symbolic_cholesky<&FactorFunctions::cholesky_symbolic>;
  if (f->icc_symbolic) ops->iccfactorsymbolic = symbolic_cholesky<&FactorFunctions::icc_symbolic>;
  wrap_numeric(factor, *f); // packages without a symbolic phase
  PetscFunctionReturn(PETSC_SUCCESS);
}

constexpr MatSolverType packages[] = {
    MATSOLVERPETSC,       MATSOLVERMUMPS,        MATSOLVERSUPERLU_DIST, MATSOLVERSUPERLU,
    MATSOLVERUMFPACK,     MATSOLVERCHOLMOD,      MATSOLVERKLU,          MATSOLVERSTRUMPACK,
    MATSOLVERMKL_PARDISO, MATSOLVERMKL_CPARDISO, MATSOLVERPASTIX};
constexpr int package_count = sizeof(packages) / sizeof(packages[0]);

// PETSc keeps separate lists for sequential and parallel AIJ; this type has one list for both. Its
// first member, PETSc's own, therefore stands for "the default" on several ranks.
template <int Package>
PetscErrorCode get_factor(Mat A, MatFactorType type, Mat* factor) {
  PetscFunctionBegin;
  Mat aij = nullptr;
  PetscMPIInt size;
  PetscCallMPI(MPI_Comm_size(PetscObjectComm(reinterpret_cast<PetscObject>(A)), &size));
  PetscCall(aij_copy(A, &aij));
  PetscCall(
      MatGetFactor(aij, Package == 0 && size > 1 ? nullptr : packages[Package], type, factor));
  if (*factor) PetscCall(wrap_factor(*factor));
  PetscFunctionReturn(PETSC_SUCCESS);
}

template <int Package>
PetscErrorCode register_package() {
  PetscFunctionBegin;
  for (const MatFactorType type :
       {MAT_FACTOR_LU, MAT_FACTOR_CHOLESKY, MAT_FACTOR_ILU, MAT_FACTOR_ICC}) {
    PetscBool has_package, serial, parallel;
    MatSolverFunction function = nullptr, mpi_function = nullptr;
    PetscCall(
        MatSolverTypeGet(packages[Package], MATSEQAIJ, type, &has_package, &serial, &function));
    PetscCall(MatSolverTypeGet(packages[Package], MATMPIAIJ, type, &has_package, &parallel,
                               &mpi_function));
    if (function || mpi_function)
      PetscCall(MatSolverTypeRegister(packages[Package], MATSTENCIL, type, get_factor<Package>));
  }
  if constexpr (Package + 1 < package_count) PetscCall(register_package<Package + 1>());
  PetscFunctionReturn(PETSC_SUCCESS);
}

} // namespace

PetscErrorCode aij_copy(Mat A, Mat* aij) {
  PetscFunctionBegin;
  Matrix& m = matrix(A);
  PetscObjectState state;
  PetscCall(PetscObjectStateGet(reinterpret_cast<PetscObject>(A), &state));
  if (!m.aij) PetscCall(create_aij(A, &m.aij));
  if (state != m.aij_state) PetscCall(fill_aij(A, m.aij));
  m.aij_state = state;
  PetscCall(copy_facts(A, m.aij));
  *aij = m.aij;
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode install_aij_operations(Mat A) {
  PetscFunctionBegin;
  MatOps ops = A->ops;
  ops->convert = convert;
  ops->getdiagonalblock = diagonal_block;
  ops->transpose = transpose;
  ops->getrowij = row_ij;
  ops->restorerowij = restore_row_ij;
  ops->sor = OnCopy<&_MatOps::sor>::call;
  ops->createsubmatrix = create_submatrix;
  ops->createsubmatrices = OnCopy<&_MatOps::createsubmatrices>::call;
  ops->createsubmatricesmpi = OnCopy<&_MatOps::createsubmatricesmpi>::call;
  ops->increaseoverlap = OnCopy<&_MatOps::increaseoverlap>::call;
  ops->creategraph = OnCopy<&_MatOps::creategraph>::call;
  ops->getmultiprocblock = OnCopy<&_MatOps::getmultiprocblock>::call;
  ops->getseqnonzerostructure = OnCopy<&_MatOps::getseqnonzerostructure>::call;
  ops->getrowmaxabs = OnCopy<&_MatOps::getrowmaxabs>::call;
  ops->getrowmax = OnCopy<&_MatOps::getrowmax>::call;
  ops->findzerodiagonals = OnCopy<&_MatOps::findzerodiagonals>::call;
  ops->invertblockdiagonal = OnCopy<&_MatOps::invertblockdiagonal>::call;
  ops->getcolumnreductions = OnCopy<&_MatOps::getcolumnreductions>::call;
  PetscObject object = reinterpret_cast<PetscObject>(A);
  for (const char* type : {"aij", "seqaij", "mpiaij", "dense", "seqdense", "mpidense", "baij",
                           "seqbaij", "mpibaij", "sbaij", "seqsbaij", "mpisbaij", "hypre", "is"})
    PetscCall(PetscObjectComposeFunction(
        object, (std::string("MatConvert_stencil_") + type + "_C").c_str(), convert));
  for (const char* type : {"seqaij", "mpiaij", "seqdense", "mpidense"}) {
    PetscCall(PetscObjectComposeFunction(
        object, (std::string("MatProductSetFromOptions_stencil_") + type + "_C").c_str(),
        product_set_from_options));
    PetscCall(PetscObjectComposeFunction(
        object, (std::string("MatProductSetFromOptions_") + type + "_stencil_C").c_str(),
        product_set_from_options));
  }
  for (const char* type : {"seqaij", "mpiaij"})
    PetscCall(PetscObjectComposeFunction(
        object,
        (std::string("MatProductSetFromOptions_") + type + "_stencil_" + type + "_C").c_str(),
        product_set_from_options));
  PetscCall(PetscObjectComposeFunction(object, "MatProductSetFromOptions_stencil_stencil_C",
                                       product_set_from_options));
  PetscFunctionReturn(PETSC_SUCCESS);
}

} // namespace linnet::grid::stencil

namespace linnet::grid {

PetscErrorCode register_stencil_factorisations() {
  PetscFunctionBegin;
  PetscCall(stencil::register_package<0>());
  PetscFunctionReturn(PETSC_SUCCESS);
}

} // namespace linnet::grid
