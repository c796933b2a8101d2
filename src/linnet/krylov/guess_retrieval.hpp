// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// KSPGuess type "retrieval": the initial guess is the best combination of earlier solutions whose
/// right-hand sides are nearest to the present one.
///
/// Of the stored pairs (x_i, A x_i) those are taken whose right-hand sides point most nearly in
/// the direction of b, as far as a few random sums can tell (krylov/stored_solves.hpp). The guess
/// is X c with the c that makes |b - A X c| smallest (linalg/column_fit.hpp), so that its residual
/// is not larger than |b|, up to rounding. Where it is not below 0.9 |b|, the solve starts from
/// zero: x then keeps its values and its state, which tells KSP so. A solve that converged is
/// stored, unless its guess was so good that the store knows it already. Where solves with a guess
/// take more iterations than those without, guesses pause (krylov/guess_record.hpp).
///
/// The products A x_i are made when they are first asked for and kept as long as the matrix stays
/// the same object with the same PetscObjectState; after a change they are made anew for those
/// solves that are fetched, at most `neighbours` products per solve. KSPReset() and another matrix
/// leave the store as it is. Vectors of another layout empty it, after it was written to its file;
/// the file then belongs to the size that it holds, and a line on stderr says that solves of the
/// present size are kept in memory alone.
#pragma once

#include <linnet/core/petsc.hpp>

#include <string>

#define KSPGUESSRETRIEVAL "retrieval"

namespace linnet::krylov {

/// The options `-ksp_guess_retrieval_*`.
struct RetrievalOptions {
  PetscInt neighbours = 16; ///< stored solves that a guess is made of, 1 to 128
  PetscInt capacity = 128;  ///< most stored solves, at least 1; two vectors each
  PetscInt keys = 24;       ///< random sums that right-hand sides are compared by, 4 to 64
  /// A solve is not stored when the residual of its guess was below this part of |b|; below 1.
  PetscReal tolerance = 1e-6;
  /// HDF5 file that stored solves are read from at the first solve, if it is there, and written to
  /// when the guess is destroyed; empty: none. On any number of ranks, as long as the unknowns have
  /// the same numbers (those of a DMDA have: natural order).
  std::string store;
};

/// Constructor for KSPGuessRegister.
PetscErrorCode KSPGuessCreate_Retrieval(KSPGuess guess);

/// Another capacity, other keys or another file drop what is stored, after it was written to the
/// file that there is. Both do nothing on a guess of
/// another type. Logically collective.
PetscErrorCode KSPGuessRetrievalSetOptions(KSPGuess guess, const RetrievalOptions& options);
PetscErrorCode KSPGuessRetrievalGetOptions(KSPGuess guess, RetrievalOptions* options);

/// What the guess has done since it was created.
struct RetrievalCounters {
  PetscInt guesses = 0;      ///< asked for
  PetscInt used = 0;         ///< not zero
  PetscInt paused = 0;       ///< zero as those before had cost iterations
  PetscInt stored = 0;       ///< solves in the store now
  PetscInt products = 0;     ///< with the matrix
  PetscReal reduction = 1.0; ///< geometric mean of |b - A x| / |b| over all guesses, zero ones too
  PetscReal last = 1.0;      ///< of the last guess
  PetscLogDouble seconds = 0.0, flops = 0.0; ///< on this rank, products included
};
PetscErrorCode KSPGuessRetrievalGetCounters(KSPGuess guess, RetrievalCounters* counters);

/// Writes the store to its file now, unless that holds solves of another size. Collective.
PetscErrorCode KSPGuessRetrievalSave(KSPGuess guess);

} // namespace linnet::krylov
