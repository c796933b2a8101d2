// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include "rom_output.hpp"

#include "output.hpp"

#include <linnet/fem/output/mesh_part.hpp>
#include <linnet/fem/support/vec_views.hpp>
#include <linnet/io/vec_array.hpp>

#include <cmath>

namespace app {

using namespace linnet;
using io::Center;

namespace {

fem::PointField von_mises_of(const std::vector<double>& stress) {
  fem::PointField field{"von_mises", 1, std::vector<double>(stress.size() / 6)};
  for (std::size_t i = 0; i < field.values.size(); ++i) {
    const double* s = stress.data() + 6 * i;
    const double mean = (s[0] + s[1] + s[2]) / 3.0;
    double square = 2.0 * (s[3] * s[3] + s[4] * s[4] + s[5] * s[5]);
    for (int c = 0; c < 3; ++c) square += (s[c] - mean) * (s[c] - mean);
    field.values[i] = std::sqrt(1.5 * square);
  }
  return field;
}

} // namespace

ReducedOutput::ReducedOutput(const AppContext& context, const Problem& problem)
    : problem_(problem),
      every_(static_cast<std::size_t>(context.options().integer("-solid_output_every"))) {
  const std::string stem = output_stem(context);
  if (stem.empty()) return;
  writer_ = std::make_unique<io::MeshWriter>(context.comm(), stem, fem::output_part(problem.mesh),
                                             io::RunDescription{context.command(), context.deck()});
  weights_ = fem::host_values(problem.model->weights());
  files_ = writer_->files();
}

void ReducedOutput::write(const rom::Reconstruction& fields, const rom::OnlineStep& step,
                          std::size_t index, bool last) {
  if (!writer_ || (!last && index % every_ != 0)) return;
  const auto points = static_cast<std::size_t>(problem_.model->points());
  const int per_cell = problem_.model->points_per_cell();
  const core::Owned<Vec> u = fem::global_vector(problem_.mesh.dm());
  fields.displacement(step, index, u.get());
  fem::PointField p{"p", 1, std::vector<double>(points)},
      stress{"stress", 6, std::vector<double>(6 * points)};
  fields.plastic_strain(step, p.values);
  fields.stress(step, stress.values);
  writer_->begin_step(step.time, static_cast<std::int64_t>(index));
  {
    const io::VecReadArray values(u.get());
    writer_->write_vector(
        "u", Center::point,
        {values.data(), 3 * static_cast<std::size_t>(problem_.mesh.owned_nodes())});
  }
  writer_->write("p", Center::cell, fem::cell_means(weights_, per_cell, p));
  writer_->write("von_mises", Center::cell,
                 fem::cell_means(weights_, per_cell, von_mises_of(stress.values)));
  writer_->write_components("stress", Center::cell, {"xx", "yy", "zz", "xy", "xz", "yz"},
                            fem::cell_means(weights_, per_cell, stress));
  const auto strain = kernels::zeros<double>("linnet::app::strain", 6 * points);
  problem_.model->strain(u.get(), strain);
  writer_->write_components(
      "strain", Center::cell, {"xx", "yy", "zz", "xy", "xz", "yz"},
      fem::cell_means(weights_, per_cell, {"strain", 6, fem::host_values(strain)}));
  writer_->end_step();
}

void ReducedOutput::write_history(const rom::OnlineHistory& history,
                                  const rom::SolidErrors* errors) {
  if (!writer_) return;
  std::vector<std::string> columns{"t", "indicator", "estimate", "iterations", "high_fidelity"};
  if (errors != nullptr) columns.insert(columns.end(), {"E_u", "E_p", "E_sigma"});
  std::vector<double> rows;
  for (std::size_t k = 1; k < history.steps.size(); ++k) {
    const rom::OnlineStep& step = history.steps[k];
    rows.insert(rows.end(), {step.time, step.indicator, step.estimate,
                             static_cast<double>(step.iterations), step.high_fidelity ? 1.0 : 0.0});
    if (errors != nullptr)
      rows.insert(rows.end(), {errors->displacement[k - 1], errors->plastic_strain[k - 1],
                               errors->stress[k - 1]});
  }
  writer_->write_table("rom", columns, rows);
}

void ReducedOutput::close() {
  if (writer_) writer_->close();
}

} // namespace app
