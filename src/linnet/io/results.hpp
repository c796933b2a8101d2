// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// The named numbers of a run as a JSON file, for scripts, tests and benchmarks.
#pragma once

#include <mpi.h>

#include <cstdint>
#include <map>
#include <string>
#include <variant>
#include <vector>

namespace linnet::io {

/// A value of an app-specific entry.
using ResultValue = std::variant<bool, std::int64_t, double, std::string, std::vector<std::int64_t>,
                                 std::vector<double>, std::vector<std::string>>;

/// The fields are the keys of the file and the same for all apps. Numbers are written with all
/// their digits; numbers that are not finite become null.
struct Results {
  std::string app;
  std::string version; ///< filled in by the constructor
  std::string command;
  int ranks = 1;
  std::int64_t unknowns = 0;
  std::vector<std::int64_t> iterations_per_solve; ///< their sum is written as `iterations`
  bool converged = false;
  std::string reason;           ///< PETSc's name, e.g. CONVERGED_RTOL
  double relative_residual = 0; ///< true residual, double precision
  double setup_seconds = 0;
  double solve_seconds = 0;
  double total_seconds = 0;
  double peak_memory_mb = 0; ///< summed over ranks, see peak_memory_mb()
  std::vector<std::string> outputs;
  std::map<std::string, double> errors;
  /// App-specific objects: object name -> key -> value. A name must not be one of the keys above.
  std::map<std::string, std::map<std::string, ResultValue>> objects;

  Results();
};

/// The file's text. @throws core::Error if an object has the name of a fixed key.
std::string to_json(const Results& results);

/// Writes the results of rank 0 to @p path atomically. Collective; @throws core::Error on all
/// ranks.
void write_results(MPI_Comm comm, const std::string& path, const Results& results);

/// Largest resident memory that the processes of @p comm have had, added up, in MB (1e6 bytes).
/// Collective.
double peak_memory_mb(MPI_Comm comm);

} // namespace linnet::io
