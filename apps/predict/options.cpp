// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include "options.hpp"

#include <linnet/core/text.hpp>
#include <linnet/problems/operators/operator_options.hpp>

#include <algorithm>
#include <cmath>

namespace app {

using linnet::core::at_least;
using linnet::core::between;
using linnet::core::OptionKind;
using linnet::core::OptionNeed;
using linnet::core::OptionTable;

namespace {

const std::vector<std::string> field_kinds{"darcy_smooth", "darcy_rough", "darcy_multiscale",
                                           "helmholtz", "navier_stokes"};

/// Where inputs are made, be they fields or functions.
std::vector<std::string> generated_kinds() {
  std::vector<std::string> kinds = field_kinds;
  const auto& functions = linnet::problems::operator_problems();
  kinds.insert(kinds.end(), functions.begin(), functions.end());
  return kinds;
}

std::vector<std::string> data_kinds() {
  std::vector<std::string> kinds = generated_kinds();
  kinds.insert(kinds.begin(), "file");
  return kinds;
}

struct Range {
  std::int64_t first = 0;
  std::optional<std::int64_t> end; ///< nothing: behind the last one
};

std::optional<std::int64_t> whole(const std::string& text) {
  const auto value = linnet::core::to_real(text);
  if (!value || *value < 0.0 || *value > 1e15 || *value != std::floor(*value)) return std::nullopt;
  return static_cast<std::int64_t>(*value);
}

/// "7", "3:17" or "3:"
std::optional<Range> parse_range(const std::string& text) {
  const auto parts = linnet::core::split(text, ':');
  const auto first = whole(parts.front());
  if (!first || parts.size() > 2) return std::nullopt;
  if (parts.size() == 1) return Range{*first, *first + 1};
  if (parts[1].empty()) return Range{*first, std::nullopt};
  const auto last = whole(parts[1]);
  if (!last || *last <= *first) return std::nullopt;
  return Range{*first, last};
}

std::string samples_problem(std::string_view text) {
  for (const std::string& item : linnet::core::split(text, ','))
    if (!parse_range(item))
      return "must be numbers from 0 on, and ranges as 0:100 without the end, got " + item;
  return {};
}

void add_model(OptionTable& table) {
  table.group("Network");
  table.add({.name = "-predict_model", .help = "model file, as the app train writes it"});
  table.add({.name = "-predict_steps",
             .kind = OptionKind::integer,
             .default_text = "1",
             .help = "how often it is applied, each time to what it has made the time before; more "
                     "than 1 for networks that lead from one frame of an evolution to the next",
             .range = between(1, 1000000)});
}

void add_data(OptionTable& table) {
  table.group("Inputs, and what is to be predicted");
  table.add({.name = "-predict_data",
             .kind = OptionKind::choice,
             .default_text = "file",
             .help = "where inputs come from: a file of samples, or made as for training: fields "
                     "of a PDE, or, "
                     "for a DeepONet, functions of an operator's problem",
             .choices = data_kinds()});
  table.add({.name = "-predict_input",
             .help = "file of samples, as -train_samples_file; every rank reads its part",
             .needs = {{"-predict_data", {"file"}}}});
  table.add({.name = "-predict_samples",
             .default_text = "0",
             .help = "their numbers; 3:17 stands for 3 to 16, and of a file 3: for all from 3 on",
             .problem = samples_problem});
  table.add({.name = "-predict_seed",
             .kind = OptionKind::integer,
             .default_text = "0",
             .help = "of the random data: with that of a training (-train_seed), the same samples",
             .range = at_least(0),
             .needs = {{"-predict_data", generated_kinds()}}});
  table.add({.name = "-predict_solve_grid",
             .kind = OptionKind::integer,
             .help = "points per direction on which samples are solved; default: as published",
             .range = between(3, 16384),
             .needs = {{"-predict_data", field_kinds}}});
  table.add({.name = "-predict_stride",
             .kind = OptionKind::integer,
             .help = "every how many-th point is kept; default: as published",
             .range = at_least(1),
             .needs = {{"-predict_data", field_kinds}}});
  table.add({.name = "-predict_compare",
             .kind = OptionKind::boolean,
             .default_text = "no",
             .help = "solve -div(a grad u) = 1 on a unit square, u = 0 on its boundary, by all "
                     "ranks on the points of the network: beside its seconds, and what is to be "
                     "predicted where the file does not say. The coefficient must be one of such "
                     "points, boundary included",
             .needs = {{"-predict_data", {"file", "darcy_smooth", "darcy_rough"}}}});
}

void add_functions(OptionTable& table) {
  const std::vector<OptionNeed> problems{{"-predict_data", linnet::problems::operator_problems()}};
  table.group("Functions of an operator's problem (-predict_data antiderivative, ...)");
  linnet::problems::add_operator_options(table, "-predict_", problems);
  table.add({.name = "-predict_code",
             .kind = OptionKind::boolean,
             .default_text = "no",
             .help = "the numbers of the operator are inputs, too",
             .needs = problems});
}

void add_points(OptionTable& table) {
  table.add({.name = "-predict_points",
             .help = "FILE.h5:/DATASET of (points, coordinates): where a DeepONet predicts, in the "
                     "coordinates that it was trained with; default: the points of the samples, or "
                     "of the grid"});
}

void add_output(OptionTable& table) {
  table.group("Output");
  table.add({.name = "-predict_output",
             .default_text = "output/predict",
             .help = "of all samples and steps: fields as <stem>.h5 and <stem>.xdmf, values at a "
                     "list of points as <stem>.h5; none: no files"});
}

} // namespace

OptionTable predict_options() {
  OptionTable table;
  add_model(table);
  add_data(table);
  add_points(table);
  add_functions(table);
  add_output(table);
  table.own("-predict_");
  return table;
}

std::vector<std::int64_t> wanted_samples(const linnet::core::Options& options,
                                         std::optional<std::int64_t> available) {
  constexpr std::int64_t most = 100000000;
  const char* const option = "-predict_samples";
  std::vector<std::int64_t> numbers;
  for (const std::string& item : linnet::core::split(options.string(option), ',')) {
    const Range range = parse_range(item).value(); // the table has checked it
    if (!range.end && !available)
      options.fail(option, "needs the end of " + item + ", as samples that are made have none");
    const std::int64_t end = range.end ? *range.end : std::max(range.first + 1, *available);
    if (available && end > *available)
      options.fail(option, "must be below " + std::to_string(*available) +
                               ", the samples of the file, got " + std::to_string(end - 1));
    if (end - range.first > most)
      options.fail(option, "names more than " + std::to_string(most) + " samples");
    for (std::int64_t s = range.first; s < end; ++s) numbers.push_back(s);
  }
  return numbers;
}

bool is_operator_data(const linnet::core::Options& options) {
  const auto& kinds = linnet::problems::operator_problems();
  return std::find(kinds.begin(), kinds.end(), options.choice("-predict_data")) != kinds.end();
}

} // namespace app
