// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/krylov/guess_retrieval.hpp>

#include <linnet/core/agreement.hpp>
#include <linnet/core/log.hpp>
#include <linnet/io/atomic_file.hpp>
#include <linnet/krylov/guess_record.hpp>
#include <linnet/krylov/stored_solves.hpp>
#include <linnet/linalg/column_fit.hpp>

#include <petsc/private/kspimpl.h>
#include <petsctime.h>

#include <cmath>
#include <filesystem>
#include <memory>

namespace linnet::krylov {
namespace {

/// A guess whose residual is not below this part of |b| saves less than it costs.
constexpr double worthwhile = 0.9;
/// Keys of unit length of one right-hand side differ by rounding alone.
constexpr double same_key = 1e-10;

/// What is known of the right-hand side that a guess was made for last.
struct Query {
  PetscObjectId id = 0;
  PetscObjectState state = 0;
  bool sound = false;    ///< it has a direction
  double residual = 1.0; ///< of the guess, over |b|
};

struct RetrievalData {
  RetrievalOptions options;
  std::unique_ptr<StoredSolves> solves;
  std::unique_ptr<linalg::ColumnFit> fit;
  std::vector<double> key, noted_key, coefficients;
  std::vector<Vec> columns;
  core::Owned<Vec> projected; ///< b without the null space, where there is one
  Query last;
  GuessRecord record;
  bool guessed = false; ///< the last guess was not zero
  bool unsaved = false;
  bool foreign = false; ///< the file holds solves of another size, and is left to them
  RetrievalCounters counters;
  double log_reduction = 0.0; ///< sum over all guesses
};

RetrievalData* data_of(KSPGuess guess) { return static_cast<RetrievalData*>(guess->data); }

MPI_Comm comm_of(KSPGuess guess) { return PetscObjectComm(reinterpret_cast<PetscObject>(guess)); }

void drop_store(RetrievalData* data) {
  data->foreign = false;
  data->solves.reset();
  data->fit.reset();
  data->projected.reset();
  data->last = {};
  data->record = {};
  data->unsaved = false;
}

PresentMatrix matrix_of(KSPGuess guess) {
  Mat A = nullptr;
  MatrixState now;
  LINNET_CHECK(KSPGetOperators(guess->ksp, &A, nullptr));
  LINNET_CHECK(PetscObjectGetId(reinterpret_cast<PetscObject>(A), &now.id));
  LINNET_CHECK(PetscObjectStateGet(reinterpret_cast<PetscObject>(A), &now.state));
  now.transposed = guess->ksp->transpose_solve == PETSC_TRUE;
  return {A, now};
}

void save_store(RetrievalData* data) {
  if (!data->solves || data->options.store.empty() || data->foreign) return;
  data->solves->save(data->options.store);
  data->unsaved = false;
}

/// Before the solves are dropped.
void save_unsaved(RetrievalData* data) {
  if (data->unsaved) save_store(data);
}

/// Reads the file if it is there; one that could not be written later is refused now. After a
/// change of size the file is that of the size before, and stays so.
void read_store(KSPGuess guess, RetrievalData* data, bool resized) {
  const std::string& path = data->options.store;
  if (path.empty()) return;
  bool there = false;
  core::on_first_rank(comm_of(guess), [&] {
    io::require_writable(path);
    there = std::filesystem::exists(path);
  });
  LINNET_CHECK(MPI_Bcast(&there, 1, MPI_CXX_BOOL, 0, comm_of(guess)));
  if (!there) return;
  const std::string sizes = data->solves->other_size(path);
  if (sizes.empty()) {
    data->solves->load(path, matrix_of(guess));
    return;
  }
  if (!resized)
    core::throw_data("retrieval: " + path + " holds solves of " + sizes +
                     "; name another file with -ksp_guess_retrieval_store, or remove it");
  data->foreign = true;
  LINNET_CHECK(PetscFPrintf(comm_of(guess), PETSC_STDERR,
                            "retrieval: %s keeps its solves of %s; those of the present size are "
                            "not stored in a file\n",
                            path.c_str(), sizes.c_str()));
}

/// Store and work space for vectors of the layout of @p b.
void prepare(KSPGuess guess, Vec b) {
  RetrievalData* data = data_of(guess);
  if (data->solves && data->solves->fits(b)) return;
  const bool resized = data->solves != nullptr;
  save_unsaved(data);
  drop_store(data);
  const RetrievalOptions& options = data->options;
  data->solves = std::make_unique<StoredSolves>(b, static_cast<int>(options.capacity),
                                                static_cast<int>(options.keys));
  data->key.resize(static_cast<std::size_t>(options.keys));
  try {
    read_store(guess, data, resized);
  } catch (...) {
    drop_store(data); // with half of a store the next solve would go on without the file
    throw;
  }
}

void prepare_fit(RetrievalData* data) {
  if (data->fit) return;
  const auto most = static_cast<std::size_t>(data->options.neighbours);
  data->fit = std::make_unique<linalg::ColumnFit>(static_cast<int>(most));
  data->coefficients.resize(most);
  data->columns.resize(most);
}

/// @p b without what no x can reach, as KSP will see it.
Vec reachable_part(KSPGuess guess, Vec b) {
  RetrievalData* data = data_of(guess);
  Mat P = nullptr;
  MatNullSpace space = nullptr;
  LINNET_CHECK(KSPGetOperators(guess->ksp, nullptr, &P));
  LINNET_CHECK(guess->ksp->transpose_solve ? MatGetNullSpace(P, &space)
                                           : MatGetTransposeNullSpace(P, &space));
  if (!space) return b;
  if (!data->projected) {
    Vec v = nullptr;
    LINNET_CHECK(VecDuplicate(b, &v));
    data->projected.reset(v);
  }
  LINNET_CHECK(VecCopy(b, data->projected.get()));
  LINNET_CHECK(MatNullSpaceRemove(space, data->projected.get()));
  return data->projected.get();
}

void take_note(RetrievalData* data, Vec b, bool sound) {
  data->last = {.sound = sound};
  LINNET_CHECK(PetscObjectGetId(reinterpret_cast<PetscObject>(b), &data->last.id));
  LINNET_CHECK(PetscObjectStateGet(reinterpret_cast<PetscObject>(b), &data->last.state));
}

bool has_noted(const RetrievalData* data, Vec b) {
  PetscObjectId id = 0;
  PetscObjectState state = 0;
  LINNET_CHECK(PetscObjectGetId(reinterpret_cast<PetscObject>(b), &id));
  LINNET_CHECK(PetscObjectStateGet(reinterpret_cast<PetscObject>(b), &state));
  return id == data->last.id && state == data->last.state;
}

/// The key of @p b, its own or that of the last guess.
Vec note_key(KSPGuess guess, Vec b) {
  RetrievalData* data = data_of(guess);
  prepare(guess, b);
  const Vec seen = reachable_part(guess, b);
  const double length = data->solves->key_of(seen, data->key);
  take_note(data, b, length > 0.0 && std::isfinite(length));
  return seen;
}

void form_guess(KSPGuess guess, Vec b, Vec x) {
  RetrievalData* data = data_of(guess);
  const Vec seen = note_key(guess, b);
  data->guessed = false;
  if (!data->last.sound || data->solves->size() == 0) return;
  if (!data->record.wants_guess()) {
    ++data->counters.paused;
    return;
  }
  prepare_fit(data);
  const PresentMatrix A = matrix_of(guess);
  const auto found = data->solves->nearest(data->key, static_cast<int>(data->options.neighbours));
  for (std::size_t i = 0; i < found.size(); ++i)
    data->columns[i] = data->solves->image(found[i], A);
  const linalg::ColumnFit::Outcome outcome =
      data->fit->fit({data->columns.data(), found.size()}, seen, data->coefficients);
  if (!(outcome.residual < worthwhile * outcome.norm)) return;
  data->last.residual = outcome.residual / outcome.norm;
  for (std::size_t i = 0; i < found.size(); ++i)
    data->columns[i] = data->solves->solution(found[i]);
  LINNET_CHECK(VecSet(x, 0.0));
  LINNET_CHECK(VecMAXPY(x, static_cast<PetscInt>(found.size()), data->coefficients.data(),
                        data->columns.data()));
  ++data->counters.used;
  data->guessed = true;
}

/// KSP may have changed b and changed it back: -ksp_diagonal_scale_fix does.
void note_again(KSPGuess guess, Vec b) {
  RetrievalData* data = data_of(guess);
  const Query before = data->last;
  data->noted_key = data->key;
  note_key(guess, b);
  if (before.id != data->last.id || !before.sound || !data->last.sound) return;
  double square = 0.0;
  for (std::size_t i = 0; i < data->key.size(); ++i)
    square += std::pow(data->key[i] - data->noted_key[i], 2);
  if (square <= same_key * same_key) data->last.residual = before.residual;
}

void store_solve(KSPGuess guess, Vec b, Vec x) {
  RetrievalData* data = data_of(guess);
  if (guess->ksp->reason <= 0) return;
  if (!has_noted(data, b)) note_again(guess, b);
  if (data->last.sound) data->record.add(data->guessed, static_cast<int>(guess->ksp->its));
  if (!data->last.sound || data->last.residual <= data->options.tolerance) return;
  data->solves->add(data->key, x, matrix_of(guess));
  data->unsaved = true;
}

/// Runs @p work as the event of this guess, with its cost.
template <class Work>
PetscErrorCode measured(KSPGuess guess, Work&& work) {
  RetrievalCounters& counters = data_of(guess)->counters;
  PetscLogDouble start = 0.0, end = 0.0, before = 0.0, after = 0.0;
  PetscFunctionBegin;
  PetscCall(PetscLogEventBegin(core::events().guess_retrieval, guess, nullptr, nullptr, nullptr));
  PetscCall(PetscTime(&start));
  PetscCall(PetscGetFlops(&before));
  LINNET_PETSC_GUARD(work());
  PetscCall(PetscGetFlops(&after));
  PetscCall(PetscTime(&end));
  PetscCall(PetscLogEventEnd(core::events().guess_retrieval, guess, nullptr, nullptr, nullptr));
  counters.seconds += end - start;
  counters.flops += after - before;
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode KSPGuessFormGuess_Retrieval(KSPGuess guess, Vec b, Vec x) {
  RetrievalData* data = data_of(guess);
  PetscFunctionBegin;
  PetscCall(measured(guess, [&] { form_guess(guess, b, x); }));
  ++data->counters.guesses;
  data->log_reduction += std::log(data->last.residual);
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode KSPGuessUpdate_Retrieval(KSPGuess guess, Vec b, Vec x) {
  PetscFunctionBegin;
  PetscCall(measured(guess, [&] { store_solve(guess, b, x); }));
  PetscFunctionReturn(PETSC_SUCCESS);
}

/// PETSc calls this when the matrix has changed, too, which the store notices itself.
PetscErrorCode KSPGuessReset_Retrieval(KSPGuess) { return PETSC_SUCCESS; }

PetscErrorCode read_options(KSPGuess guess, RetrievalOptions* options) {
  char path[PETSC_MAX_PATH_LEN] = "";
  PetscBool set = PETSC_FALSE;
  const char* const setter = "KSPGuessRetrievalSetOptions";
  PetscFunctionBegin;
  PetscOptionsBegin(comm_of(guess), reinterpret_cast<PetscObject>(guess)->prefix,
                    "Retrieval guess options", "KSPGuess");
  PetscCall(PetscOptionsInt("-ksp_guess_retrieval_neighbours", "Stored solves in a guess", setter,
                            options->neighbours, &options->neighbours, nullptr));
  PetscCall(PetscOptionsInt("-ksp_guess_retrieval_capacity", "Most stored solves", setter,
                            options->capacity, &options->capacity, nullptr));
  PetscCall(PetscOptionsInt("-ksp_guess_retrieval_keys", "Sums that compare right-hand sides",
                            setter, options->keys, &options->keys, nullptr));
  PetscCall(PetscOptionsReal("-ksp_guess_retrieval_tolerance",
                             "Relative residual of a guess below which the solve is not stored",
                             setter, options->tolerance, &options->tolerance, nullptr));
  PetscCall(PetscOptionsString("-ksp_guess_retrieval_store", "File of the stored solves", setter,
                               options->store.c_str(), path, sizeof path, &set));
  PetscOptionsEnd();
  if (set) options->store = path;
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode KSPGuessSetFromOptions_Retrieval(KSPGuess guess) {
  PetscFunctionBegin;
  RetrievalOptions options = data_of(guess)->options;
  PetscCall(read_options(guess, &options));
  PetscCall(KSPGuessRetrievalSetOptions(guess, options));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode KSPGuessView_Retrieval(KSPGuess guess, PetscViewer viewer) {
  const RetrievalData* data = data_of(guess);
  RetrievalCounters c;
  PetscBool ascii = PETSC_FALSE;
  double megabytes = data->solves ? static_cast<double>(data->solves->bytes()) / 1e6 : 0.0;
  PetscFunctionBegin;
  PetscCall(
      PetscObjectTypeCompare(reinterpret_cast<PetscObject>(viewer), PETSCVIEWERASCII, &ascii));
  if (!ascii) PetscFunctionReturn(PETSC_SUCCESS);
  PetscCall(KSPGuessRetrievalGetCounters(guess, &c));
  PetscCallMPI(MPI_Allreduce(MPI_IN_PLACE, &megabytes, 1, MPI_DOUBLE, MPI_SUM, comm_of(guess)));
  PetscCall(PetscViewerASCIIPrintf(viewer,
                                   "%" PetscInt_FMT " nearest of at most %" PetscInt_FMT
                                   " stored solves, by %" PetscInt_FMT " keys\n",
                                   data->options.neighbours, data->options.capacity,
                                   data->options.keys));
  PetscCall(PetscViewerASCIIPrintf(
      viewer, "%" PetscInt_FMT " stored, %.1f MB over all ranks%s%s\n", c.stored, megabytes,
      data->options.store.empty() ? "" : ", kept in ", data->options.store.c_str()));
  PetscCall(PetscViewerASCIIPrintf(
      viewer,
      "%" PetscInt_FMT " guesses, %" PetscInt_FMT " of them not zero, %" PetscInt_FMT
      " left out as those before had cost iterations; initial residual %.2e of the right-hand "
      "side in the geometric mean, %.2e in the last\n",
      c.guesses, c.used, c.paused, c.reduction, c.last));
  PetscCall(PetscViewerASCIIPrintf(
      viewer, "cost: %.3g s, %.3g Mflop on the first rank, %" PetscInt_FMT " products\n", c.seconds,
      1e-6 * c.flops, c.products));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode save(KSPGuess guess) {
  PetscFunctionBegin;
  LINNET_PETSC_GUARD(save_store(data_of(guess)));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode check(const RetrievalOptions& o) {
  PetscFunctionBegin;
  PetscCheck(o.neighbours >= 1 && o.neighbours <= 128, PETSC_COMM_SELF, PETSC_ERR_USER_INPUT,
             "retrieval: -ksp_guess_retrieval_neighbours must be from 1 to 128, got %" PetscInt_FMT,
             o.neighbours);
  PetscCheck(
      o.capacity >= 1 && o.capacity <= 100000, PETSC_COMM_SELF, PETSC_ERR_USER_INPUT,
      "retrieval: -ksp_guess_retrieval_capacity must be from 1 to 100000, got %" PetscInt_FMT,
      o.capacity);
  PetscCheck(o.keys >= 4 && o.keys <= linalg::GaussianSketch::limit, PETSC_COMM_SELF,
             PETSC_ERR_USER_INPUT,
             "retrieval: -ksp_guess_retrieval_keys must be from 4 to %d, got %" PetscInt_FMT,
             linalg::GaussianSketch::limit, o.keys);
  PetscCheck(o.tolerance >= 0.0 && o.tolerance < 1.0, PETSC_COMM_SELF, PETSC_ERR_USER_INPUT,
             "retrieval: -ksp_guess_retrieval_tolerance must be from 0 to below 1, got %g",
             static_cast<double>(o.tolerance));
  PetscFunctionReturn(PETSC_SUCCESS);
}

constexpr const char* get_data_key = "KSPGuessRetrievalGetData_C";

/// The data of a guess of this type, else NULL.
PetscErrorCode find_data(KSPGuess guess, RetrievalData** data) {
  PetscErrorCode (*get)(KSPGuess, RetrievalData**) = nullptr;
  PetscFunctionBegin;
  *data = nullptr;
  PetscCall(PetscObjectQueryFunction(reinterpret_cast<PetscObject>(guess), get_data_key, &get));
  if (get) PetscCall(get(guess, data));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode get_data(KSPGuess guess, RetrievalData** data) {
  *data = data_of(guess);
  return PETSC_SUCCESS;
}

PetscErrorCode KSPGuessDestroy_Retrieval(KSPGuess guess) {
  PetscFunctionBegin;
  const std::unique_ptr<RetrievalData> data(data_of(guess)); // freed whatever happens to the file
  if (data->unsaved) PetscCall(save(guess));
  guess->data = nullptr;
  PetscCall(
      PetscObjectComposeFunction(reinterpret_cast<PetscObject>(guess), get_data_key, nullptr));
  PetscFunctionReturn(PETSC_SUCCESS);
}

} // namespace

PetscErrorCode KSPGuessRetrievalSetOptions(KSPGuess guess, const RetrievalOptions& options) {
  RetrievalData* data = nullptr;
  PetscFunctionBegin;
  PetscCall(find_data(guess, &data));
  if (!data) PetscFunctionReturn(PETSC_SUCCESS);
  PetscCall(check(options));
  const RetrievalOptions& old = data->options;
  if (options.neighbours != old.neighbours) data->fit.reset();
  if (options.capacity != old.capacity || options.keys != old.keys || options.store != old.store) {
    LINNET_PETSC_GUARD(save_unsaved(data));
    drop_store(data);
  }
  data->options = options;
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode KSPGuessRetrievalGetOptions(KSPGuess guess, RetrievalOptions* options) {
  RetrievalData* data = nullptr;
  PetscFunctionBegin;
  PetscCall(find_data(guess, &data));
  if (data) *options = data->options;
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode KSPGuessRetrievalGetCounters(KSPGuess guess, RetrievalCounters* counters) {
  RetrievalData* data = nullptr;
  PetscFunctionBegin;
  PetscCall(find_data(guess, &data));
  if (!data) PetscFunctionReturn(PETSC_SUCCESS);
  *counters = data->counters;
  counters->last = data->last.residual;
  if (data->solves) {
    counters->stored = data->solves->size();
    counters->products = static_cast<PetscInt>(data->solves->products());
  }
  if (counters->guesses > 0)
    counters->reduction = std::exp(data->log_reduction / static_cast<double>(counters->guesses));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode KSPGuessRetrievalSave(KSPGuess guess) {
  RetrievalData* data = nullptr;
  PetscFunctionBegin;
  PetscCall(find_data(guess, &data));
  if (data) PetscCall(save(guess));
  PetscFunctionReturn(PETSC_SUCCESS);
}

PetscErrorCode KSPGuessCreate_Retrieval(KSPGuess guess) {
  PetscFunctionBegin;
  guess->data = new RetrievalData;
  guess->ops->formguess = KSPGuessFormGuess_Retrieval;
  guess->ops->update = KSPGuessUpdate_Retrieval;
  guess->ops->setfromoptions = KSPGuessSetFromOptions_Retrieval;
  guess->ops->view = KSPGuessView_Retrieval;
  guess->ops->reset = KSPGuessReset_Retrieval;
  guess->ops->destroy = KSPGuessDestroy_Retrieval;
  PetscCall(
      PetscObjectComposeFunction(reinterpret_cast<PetscObject>(guess), get_data_key, get_data));
  PetscFunctionReturn(PETSC_SUCCESS);
}

} // namespace linnet::krylov
