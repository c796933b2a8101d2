// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// What a run leaves behind: fields for ParaView, tables, the results file, the report.
#pragma once

#include "discretisation.hpp"
#include "solver.hpp"

#include <linnet/io/field_writer.hpp>
#include <linnet/io/h5_file.hpp>
#include <linnet/io/results.hpp>

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace app {

/// -riesz_output without a suffix; empty for none.
std::string output_stem(const AppContext& context);
/// Where a run of time steps saves its state.
std::string checkpoint_path(const AppContext& context);
/// Refuses, before any work, files that could not be written at its end. Collective.
void require_writable_outputs(const AppContext& context, const std::vector<std::string>& endings);

/// The solution on the points of a uniform grid, `<stem>.h5` and `<stem>.xdmf`; nothing with
/// -riesz_output none. Collective.
class FieldOutput {
public:
  FieldOutput(const AppContext& context, const Discretisation& discretisation,
              std::optional<double> restart_time = std::nullopt);
  /// u, and the error where the solution is known.
  void write(Vec coefficients, double time, std::int64_t step);
  /// Rows of /history/@p name from before a restart, up to @p time in their first column.
  [[nodiscard]] std::vector<double>
  earlier(const std::string& name, const std::vector<std::string>& columns, double time) const;
  /// Writes or replaces a table of /history.
  void write_history(const std::string& name, const std::vector<std::string>& columns,
                     const std::vector<double>& rows);
  void close(const std::string& name, const std::vector<std::string>& columns,
             const std::vector<double>& rows);
  [[nodiscard]] std::vector<std::string> files() const;

private:
  const Discretisation& discretisation_;
  linnet::io::UniformGrid grid_;
  Owned<DM> points_;
  Owned<Vec> field_;
  std::vector<double> places_; ///< coordinates of this rank's points
  std::unique_ptr<linnet::io::FieldWriter> writer_;
};

/// A table of an HDF5 file.
struct Table {
  std::string name;
  std::vector<std::string> columns;                            ///< in the attribute "columns"
  std::vector<double> rows;                                    ///< one after the other, on rank 0
  std::vector<std::pair<std::string, std::string>> texts = {}; ///< further attributes
};

/// Writes @p path anew and atomically. Collective; throws on all ranks.
void write_tables(const AppContext& context, const std::string& path,
                  const std::vector<Table>& tables);

/// What the end of a run reports.
struct Summary {
  std::vector<Solve> solves;
  std::string solver;
  std::optional<Discretisation::Errors> errors;
  std::vector<std::string> files;
  std::map<std::string, linnet::io::ResultValue> own; ///< further entries of the results
  double problem_seconds = 0.0, output_seconds = 0.0, eigenvalue_seconds = 0.0;
};

/// One line per direction, and the convention of the operator.
void print_problem(const AppContext& context, const Discretisation& discretisation);
/// A note where the solution is not smooth at an end. Collective.
void print_ends(const AppContext& context, const Discretisation& discretisation, Vec coefficients);
/// Writes the results file if asked for and prints the rest of the report. Collective.
void finish(const AppContext& context, const Discretisation& discretisation,
            const Summary& summary);

/// -riesz_export: /A, /M, /toeplitz, /greville, /symbol, and /coefficients where there are any; in
/// more than one direction below /x, /y, /z. Collective.
void export_matrices(const AppContext& context, const Discretisation& discretisation,
                     Vec coefficients);

} // namespace app
