// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// -riesz_export.
#include "output.hpp"

#include <linnet/core/text.hpp>
#include <linnet/fractional/collocation_entries.hpp>
#include <linnet/fractional/riesz_symbol.hpp>
#include <linnet/io/vec_array.hpp>

#include <numbers>

namespace app {

using namespace linnet::fractional;

namespace {

/// Dense matrices of more rows are left out.
constexpr long dense_rows_limit = 4096;
constexpr int symbol_points = 1024;

const char* const units =
    "scaled units: knot spacing 1, domain [0,n]; the matrix of the equation is "
    "kappa (n/length)^alpha times /A plus reaction times /M";

Table dense(const std::string& name, const CollocationEntries& entries) {
  const long n = entries.basis().unknowns();
  Table table{name, {}, dense_rows({{&entries, 1.0}}, 0, n), {}};
  table.texts = {{"units", units}, {"rows", "collocation points"}, {"columns_are", "B-splines"}};
  table.columns.resize(static_cast<std::size_t>(n));
  return table;
}

void add_axis(const AppContext& context, const RieszAxis& axis, const std::string& group,
              std::vector<Table>& tables) {
  const SplineBasis basis(axis.spans, static_cast<int>(axis.degree));
  const RieszEntries riesz(basis, axis.alpha);
  const MassEntries mass(basis);
  const long n = basis.unknowns();
  const std::string alpha = linnet::core::number_text(axis.alpha),
                    degree = std::to_string(axis.degree);
  if (n <= dense_rows_limit) {
    tables.push_back(dense(group + "/A", riesz));
    tables.push_back(dense(group + "/M", mass));
  } else {
    context.warn("-riesz_export: " + group + "/A and " + group +
                 "/M are left out: they have more "
                 "than " +
                 std::to_string(dense_rows_limit) + " rows");
  }
  tables.push_back({group + "/toeplitz",
                    {"t"},
                    riesz.toeplitz(0, n),
                    {{"units", units}, {"alpha", alpha}, {"degree", degree}}});
  Table greville{group + "/greville", {"x"}, {}, {{"units", units}}};
  for (long i = 0; i < n; ++i) greville.rows.push_back(basis.greville(i));
  tables.push_back(greville);
  Table theta{group + "/symbol/theta", {"theta"}, {}}, f{group + "/symbol/f", {"f"}, {}},
      h{group + "/symbol/h", {"h"}, {}};
  for (int k = 0; k <= symbol_points; ++k) {
    const double at = std::numbers::pi * k / symbol_points;
    theta.rows.push_back(at);
    f.rows.push_back(riesz_symbol(static_cast<int>(axis.degree), axis.alpha, at));
    h.rows.push_back(mass_symbol(static_cast<int>(axis.degree), at));
  }
  for (const Table& table : {theta, f, h}) tables.push_back(table);
}

/// On rank 0, x fastest.
std::vector<double> gathered(Vec v) {
  VecScatter scatter = nullptr;
  Vec all = nullptr;
  LINNET_CHECK(VecScatterCreateToZero(v, &scatter, &all));
  LINNET_CHECK(VecScatterBegin(scatter, v, all, INSERT_VALUES, SCATTER_FORWARD));
  LINNET_CHECK(VecScatterEnd(scatter, v, all, INSERT_VALUES, SCATTER_FORWARD));
  PetscInt n = 0;
  LINNET_CHECK(VecGetLocalSize(all, &n));
  std::vector<double> values;
  {
    const linnet::io::VecReadArray a(all);
    values.assign(a.data(), a.data() + n);
  }
  LINNET_CHECK(VecScatterDestroy(&scatter));
  LINNET_CHECK(VecDestroy(&all));
  return values;
}

} // namespace

void export_matrices(const AppContext& context, const Discretisation& discretisation,
                     Vec coefficients) {
  if (!context.options().is_set("-riesz_export")) return;
  const Problem& p = discretisation.problem();
  const std::vector<double> values = gathered(coefficients);
  std::vector<Table> tables;
  if (context.rank() == 0) {
    for (std::size_t d = 0; d < p.dim(); ++d)
      add_axis(context, p.operators.axis[d], p.dim() == 1 ? "" : std::string("/") + "xyz"[d],
               tables);
    tables.push_back({"/coefficients",
                      {"c"},
                      values,
                      {{"order", "of the B-splines that are zero at both ends, x fastest"}}});
  }
  write_tables(context, context.options().string("-riesz_export"), tables);
}

} // namespace app
