// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include "history.hpp"

#include <linnet/core/text.hpp>
#include <linnet/fem/support/vec_views.hpp>

#include <algorithm>
#include <cmath>

namespace app {

using namespace linnet;

namespace {

std::string group_of(const AppContext& context, const fem::Mesh& mesh) {
  const std::string given = context.options().string("-solid_history_group");
  if (given.empty()) return mesh.has_group("tip") ? "tip" : "";
  if (!mesh.has_group(given))
    context.options().fail("-solid_history_group",
                           "the mesh has no group '" + given +
                               "'; there are: " + core::joined(mesh.group_names()));
  return given;
}

void add_components(std::vector<std::string>& columns, const std::string& name) {
  for (const char* c : {"x", "y", "z"}) columns.push_back(name + c);
}

/// Rows of @p width whose first entry does not exceed @p t; it may have lost its last digits.
std::vector<double> rows_until(const std::vector<double>& rows, std::size_t width, double t) {
  std::size_t end = 0;
  while (end < rows.size() && rows[end] <= t + 1e-12 * std::abs(t)) end += width;
  return {rows.begin(), rows.begin() + static_cast<std::ptrdiff_t>(std::min(end, rows.size()))};
}

} // namespace

History::History(const AppContext& context, const Problem& problem)
    : problem_(problem), group_(group_of(context, problem.mesh)),
      force_(fem::global_vector(problem.mesh.dm())) {
  columns_ = {"t", "volume_mean_p", "max_p"};
  if (!group_.empty()) add_components(columns_, group_ + "_mean_u");
  for (const char* name :
       {"max_abs_u", "volume_mean_von_mises", "max_von_mises", "newton", "linear", "halvings"})
    columns_.emplace_back(name);
  force_columns_ = {"t"};
  add_components(force_columns_, "external_");
  for (const std::string& held : problem.held_groups)
    add_components(force_columns_, held + "_reaction_");
}

void History::add(double t, Vec u, Vec reactions, const fem::StepOutcome& outcome) {
  last_ = fem::summarise(*problem_.model, u);
  peak_von_mises_ = std::max(peak_von_mises_, last_.max_von_mises);
  rows_.insert(rows_.end(), {t, last_.mean_p, last_.max_p});
  if (!group_.empty()) {
    group_mean_ = fem::mean_over_group(problem_.mesh, group_, u);
    rows_.insert(rows_.end(), group_mean_.begin(), group_mean_.end());
  }
  rows_.insert(rows_.end(),
               {last_.max_abs_u, last_.mean_von_mises, last_.max_von_mises,
                static_cast<double>(outcome.newton), static_cast<double>(outcome.linear),
                static_cast<double>(outcome.halvings)});
  problem_.loading->external_force(t, force_.get());
  const auto external = fem::resultant(force_.get());
  force_rows_.push_back(t);
  force_rows_.insert(force_rows_.end(), external.begin(), external.end());
  for (const std::string& held : problem_.held_groups) {
    const auto sum = fem::sum_over_group(problem_.mesh, held, reactions);
    force_rows_.insert(force_rows_.end(), sum.begin(), sum.end());
  }
}

void History::read(const io::StepWriter& writer, double t) {
  rows_ = rows_until(writer.read_table("steps", columns_), columns_.size(), t);
  force_rows_ = rows_until(writer.read_table("forces", force_columns_), force_columns_.size(), t);
  const auto at = std::ranges::find(columns_, "max_von_mises") - columns_.begin();
  for (auto i = static_cast<std::size_t>(at); i < rows_.size(); i += columns_.size())
    peak_von_mises_ = std::max(peak_von_mises_, rows_[i]);
}

void History::write(io::StepWriter& writer) const {
  writer.write_table("steps", columns_, rows_);
  writer.write_table("forces", force_columns_, force_rows_);
}

} // namespace app
