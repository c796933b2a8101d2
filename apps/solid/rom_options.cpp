// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include "rom_options.hpp"

#include <algorithm>

namespace app {

using namespace linnet;
using core::above;
using core::between;
using core::OptionKind;
using core::OptionTable;

namespace {

const core::OptionNeed full{.option = "-solid_solver", .values = {"full"}};
const core::OptionNeed train{.option = "-solid_solver", .values = {"train"}};
const core::OptionNeed online{.option = "-solid_solver", .values = {"reduced", "adaptive"}};
const core::OptionNeed adaptive{.option = "-solid_solver", .values = {"adaptive"}};
const core::OptionNeed train_or_adaptive{.option = "-solid_solver",
                                         .values = {"train", "adaptive"}};
const core::OptionNeed train_or_online{.option = "-solid_solver",
                                       .values = {"train", "reduced", "adaptive"}};

const std::vector<std::string> calibrations{"loglinear", "identity", "gp"};
const std::vector<std::string> products{"l2", "h1"};
// Not slepc, which has no inner product with a mass matrix.
const std::vector<std::string> methods{"gram", "tsqr"};
const std::vector<std::string> units{"point", "cell"};

int place(const std::vector<std::string>& choices, const std::string& value) {
  return static_cast<int>(std::find(choices.begin(), choices.end(), value) - choices.begin());
}

void add_files(OptionTable& table) {
  table.group("Reduced models");
  table.add({.name = "-rom_snapshots",
             .help = "file to record every step in, for training and comparison",
             .needs = {full}});
  table.add({.name = "-rom_train",
             .kind = OptionKind::strings,
             .help = "files of snapshots to learn from, one for each loading",
             .needs = {train}});
  table.add({.name = "-rom_archive",
             .help = "file of the reduced model: written by train, read by reduced and adaptive",
             .free_on_restart = true,
             .needs = {train_or_online}});
  table.add({.name = "-rom_compare",
             .help = "file of snapshots of the same loading to print errors against",
             .free_on_restart = true,
             .needs = {online}});
}

void add_tolerances(OptionTable& table) {
  const auto tolerance = [&](const char* name, const char* value, const char* help,
                             const core::OptionNeed& need) {
    table.add({.name = name,
               .kind = OptionKind::real,
               .default_text = value,
               .help = help,
               .range = between(1e-14, 0.5),
               .needs = {need}});
  };
  tolerance("-rom_tol_u", "1e-6",
            "of the modes of displacement: of the largest singular value; adaptive: of a new state",
            train_or_adaptive);
  tolerance("-rom_tol_p", "1e-4", "of the modes of plastic strain", train_or_adaptive);
  tolerance("-rom_tol_sigma", "1e-4", "of the modes of stress", train_or_adaptive);
  tolerance("-ecm_tol", "1e-5", "of the empirical cubature: what it misses of the integrals",
            train);
}

void add_training(OptionTable& table) {
  table.add({.name = "-rom_inner_product",
             .kind = OptionKind::choice,
             .default_text = "l2",
             .help = "in which modes of displacement are orthonormal; h1 adds gradients",
             .choices = products,
             .needs = {train}});
  table.add({.name = "-pod_method",
             .kind = OptionKind::choice,
             .default_text = "tsqr",
             .help = "tall-skinny QR, or the snapshots' products, which take less time and depend "
                     "on the ranks",
             .choices = methods,
             .needs = {train}});
  table.add({.name = "-ecm_unit",
             .kind = OptionKind::choice,
             .default_text = "point",
             .help = "what the cubature chooses: points, or whole cells",
             .choices = units,
             .needs = {train}});
  table.add({.name = "-ecm_candidates",
             .kind = OptionKind::real,
             .default_text = "2",
             .help =
                 "points for each integrand among which the cubature seeks the next ones before "
                 "it looks at all again; 0: all, each time",
             .range = core::at_least(0),
             .needs = {train}});
  table.add({.name = "-rom_calibration",
             .kind = OptionKind::choice,
             .default_text = "loglinear",
             .help =
                 "from the indicator to an estimate of the error: a line in the logarithms, the "
                 "indicator itself, or a Gaussian process",
             .choices = calibrations,
             .needs = {train}});
}

void add_adaptive(OptionTable& table) {
  table.add({.name = "-rom_target",
             .kind = OptionKind::real,
             .default_text = "0.1",
             .help =
                 "error of the plastic strain: a step estimated above it is solved on the mesh; "
                 "0: all steps with plastic strain; reduced: the run says when one is above",
             .range = core::at_least(0),
             .free_on_restart = true,
             .needs = {online}});
  table.add({.name = "-rom_target_low",
             .kind = OptionKind::real,
             .help = "once on the mesh, stay there until a step is estimated below this",
             .range = core::at_least(0),
             .free_on_restart = true,
             .needs = {adaptive}});
  table.add({.name = "-rom_growth",
             .kind = OptionKind::real,
             .default_text = "3",
             .help =
                 "a step with more than so many times the plastic strain of the last one on the "
                 "mesh is solved there, too",
             .range = core::at_least(1),
             .free_on_restart = true,
             .needs = {adaptive}});
  table.add({.name = "-rom_max_hf",
             .kind = OptionKind::integer,
             .default_text = "50",
             .help = "most steps on the mesh",
             .range = core::at_least(0),
             .free_on_restart = true,
             .needs = {adaptive}});
  table.add({.name = "-rom_preenrich",
             .kind = OptionKind::boolean,
             .default_text = "yes",
             .help = "begin with the elastic answer to the peak of temperature and loads",
             .needs = {adaptive}});
  table.add({.name = "-rom_save",
             .help = "file for the model as the run has enriched it",
             .free_on_restart = true,
             .needs = {adaptive}});
}

void add_online(OptionTable& table) {
  table.add({.name = "-rom_quadrature",
             .kind = OptionKind::choice,
             .default_text = "ecm",
             .help = "points of the model, or full: all of the mesh, to tell errors apart",
             .choices = {"ecm", "full"},
             .needs = {online}});
  table.add({.name = "-rom_tolerance",
             .kind = OptionKind::real,
             .default_text = "1e-8",
             .help = "of the reduced Newton method: residual over force, both by modes",
             .range = between(1e-13, 0.1),
             .needs = {train_or_online}});
  table.add({.name = "-rom_max_it",
             .kind = OptionKind::integer,
             .default_text = "25",
             .help = "most iterations of the reduced Newton method in a step, or a part of it",
             .range = between(1, 1000),
             .needs = {train_or_online}});
  table.add({.name = "-rom_smallest_step",
             .kind = OptionKind::real,
             .default_text = "0.015625",
             .help = "how far a step is halved where the reduced Newton method fails",
             .range = between(1e-9, 1),
             .needs = {train_or_online}});
  table.add({.name = "-rom_after",
             .kind = OptionKind::real,
             .default_text = "0",
             .help = "largest errors are also given over the steps after this time",
             .free_on_restart = true,
             .needs = {{.option = "-rom_compare"}}});
}

} // namespace

void add_rom_options(OptionTable& table) {
  add_files(table);
  add_tolerances(table);
  add_training(table);
  add_online(table);
  add_adaptive(table);
  table.add({.name = "-rom_lift_*",
             .help = "PETSc's options of the linear solver of lifts, such as "
                     "-rom_lift_pc_type",
             .needs = {train_or_online}});
  table.own("-rom_");
  table.own("-ecm_");
}

rom::TrainingOptions training_options(const core::AppContext& context, int points_per_cell) {
  const core::Options& options = context.options();
  rom::TrainingOptions result;
  result.basis.displacement_tolerance = options.real("-rom_tol_u");
  result.basis.plastic_strain_tolerance = options.real("-rom_tol_p");
  result.basis.stress_tolerance = options.real("-rom_tol_sigma");
  result.basis.method =
      static_cast<linalg::PodMethod>(place(methods, options.choice("-pod_method")));
  result.cubature.tolerance = options.real("-ecm_tol");
  result.cubature.unit = static_cast<rom::CubatureUnit>(place(units, options.choice("-ecm_unit")));
  if (result.cubature.unit == rom::CubatureUnit::cell)
    result.cubature.points_per_cell = points_per_cell;
  result.cubature.candidates = options.real("-ecm_candidates");
  return result;
}

rom::ReducedNewtonOptions newton_options(const core::AppContext& context) {
  rom::ReducedNewtonOptions result;
  result.tolerance = context.options().real("-rom_tolerance");
  result.most_iterations = context.options().integer("-rom_max_it");
  result.smallest_step = context.options().real("-rom_smallest_step");
  return result;
}

rom::AdaptiveOptions adaptive_options(const core::AppContext& context) {
  const core::Options& options = context.options();
  rom::AdaptiveOptions result;
  result.target = options.real("-rom_target");
  if (options.is_set("-rom_target_low")) result.target_low = options.real("-rom_target_low");
  result.growth = options.real("-rom_growth");
  result.most_calls = options.integer("-rom_max_hf");
  result.pre_enrich = options.boolean("-rom_preenrich");
  result.quadrature = quadrature_kind(context);
  result.newton = newton_options(context);
  result.basis.displacement_tolerance = options.real("-rom_tol_u");
  result.basis.plastic_strain_tolerance = options.real("-rom_tol_p");
  result.basis.stress_tolerance = options.real("-rom_tol_sigma");
  return result;
}

rom::CalibrationOptions calibration_options(const core::AppContext& context) {
  rom::CalibrationOptions result;
  result.kind = static_cast<rom::CalibrationKind>(
      place(calibrations, context.options().choice("-rom_calibration")));
  return result;
}

rom::QuadratureKind quadrature_kind(const core::AppContext& context) {
  return context.options().choice("-rom_quadrature") == "full" ? rom::QuadratureKind::full
                                                               : rom::QuadratureKind::ecm;
}

fem::DisplacementProduct product_kind(const core::AppContext& context) {
  return static_cast<fem::DisplacementProduct>(
      place(products, context.options().choice("-rom_inner_product")));
}

std::vector<std::string> training_files(const core::AppContext& context) {
  std::vector<std::string> files;
  if (!context.options().is_set("-rom_train"))
    context.options().fail("-rom_train", "must name the files of snapshots to learn from");
  for (const std::string& name : context.options().strings("-rom_train")) {
    const std::string file = context.find_file("-rom_train", name);
    // The calibration runs each loading with models that have not seen it.
    if (std::ranges::find(files, file) != files.end())
      context.options().fail("-rom_train", "names " + name + " twice");
    files.push_back(file);
  }
  return files;
}

std::string training_text(const core::AppContext& context) {
  std::string text;
  for (const char* name :
       {"-rom_tol_u", "-rom_tol_p", "-rom_tol_sigma", "-ecm_tol", "-rom_inner_product",
        "-pod_method", "-ecm_unit", "-ecm_candidates", "-rom_calibration"})
    text += (text.empty() ? "" : " ") + std::string(name) + " " + context.options().text(name);
  return text;
}

} // namespace app
