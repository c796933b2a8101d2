// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include "meta_options.hpp"

namespace app {

using linnet::core::above;
using linnet::core::at_least;
using linnet::core::between;
using linnet::core::OptionKind;
using linnet::core::OptionNeed;
using linnet::core::Options;
using linnet::core::OptionTable;

namespace {

void add_meta_learning(OptionTable& table) {
  table.group("Meta-learning over many operators (-train_data evolution)");
  const std::vector<OptionNeed> meta{{"-train_meta", {"fomaml", "lemons"}}},
      learned{{"-train_meta", {"lemons"}}};
  table.add({.name = "-train_meta",
             .kind = OptionKind::choice,
             .default_text = "none",
             .help =
                 "what steps are made of: functions; operators, and the loss after some steps "
                 "on few of their functions (fomaml); the same with learned rates of these "
                 "steps (lemons). Then batch, -train_validation and -train_test count operators",
             .choices = {"none", "fomaml", "lemons"},
             .needs = {{"-train_data", {"evolution"}}}});
  const auto whole = [&](const char* name, const char* text, const char* help, int least) {
    table.add({.name = name,
               .kind = OptionKind::integer,
               .default_text = text,
               .help = help,
               .range = between(least, 1000000),
               .needs = meta});
  };
  whole("-train_meta_support", "10", "functions of an operator that inner steps are made with", 1);
  whole("-train_meta_query", "20", "other functions of it, whose loss counts", 1);
  whole("-train_meta_steps", "5", "inner steps, by the plain gradient", 0);
  table.add({.name = "-train_meta_rate",
             .kind = OptionKind::real,
             .default_text = "0.2",
             .help = "learning rate of inner steps",
             .range = above(0),
             .needs = {{"-train_meta", {"fomaml"}}}});
  table.add({.name = "-train_meta_clamp",
             .kind = OptionKind::real,
             .default_text = "1",
             .help = "largest element of an inner gradient; 0: any",
             .range = at_least(0),
             .needs = meta});
  table.add({.name = "-train_meta_largest_rate",
             .kind = OptionKind::real,
             .default_text = "1",
             .help = "of inner steps; a network makes it smaller for each operator",
             .range = above(0),
             .needs = learned});
  table.add({.name = "-train_meta_hidden",
             .kind = OptionKind::integers,
             .default_text = "32,32",
             .help = "widths of the hidden layers of this network",
             .range = between(1, 4096),
             .most_items = 16,
             .needs = learned});
}

void add_fine_tuning(OptionTable& table) {
  table.group("Fine-tuning of a model (-train_start)");
  table.add({.name = "-train_lora_rank",
             .kind = OptionKind::integer,
             .default_text = "0",
             .help = "of what is added to the weights of each dense layer, all else being frozen; "
                     "0: all parameters are trained",
             .range = between(0, 4096)});
  table.add({.name = "-train_lora_scale",
             .kind = OptionKind::real,
             .default_text = "1",
             .help = "factor of what is added",
             .range = above(0),
             .needs = {{"-train_lora_rank"}}});
  table.add({.name = "-train_rate_model",
             .help = "network of learned inner rates (.rate.model.h5) that gives the learning rate "
                     "for the one operator of the samples",
             .needs = {{"-train_data", {"evolution"}}}});
}

} // namespace

void add_meta(OptionTable& table) {
  add_meta_learning(table);
  add_fine_tuning(table);
}

bool is_meta(const Options& options) { return options.choice("-train_meta") != "none"; }

linnet::nn::MetaOptions meta_options(const Options& options, int operators) {
  linnet::nn::MetaOptions meta;
  meta.operators = operators;
  meta.support = options.integer("-train_meta_support");
  meta.query = options.integer("-train_meta_query");
  meta.inner_steps = options.integer("-train_meta_steps");
  meta.inner_rate = options.real("-train_meta_rate");
  meta.clamp = options.real("-train_meta_clamp");
  meta.seed = static_cast<std::uint64_t>(options.integer64("-train_seed"));
  return meta;
}

std::optional<linnet::nn::RateNetworkOptions>
rate_network_options(const Options& options, const linnet::problems::OperatorFields& fields) {
  if (options.choice("-train_meta") != "lemons") return std::nullopt;
  linnet::nn::RateNetworkOptions rates;
  rates.codes = fields.codes();
  if (rates.codes.empty())
    options.fail("-train_meta", "lemons needs operators that numbers tell, and -train_data " +
                                    options.choice("-train_data") + " has none");
  rates.code_size = static_cast<int>(rates.codes.size()) / fields.operator_count();
  rates.hidden = options.integers("-train_meta_hidden");
  rates.largest = options.real("-train_meta_largest_rate");
  return rates;
}

std::optional<linnet::nn::AdapterOptions> adapter_options(const Options& options) {
  const int rank = options.integer("-train_lora_rank");
  if (rank == 0) return std::nullopt;
  return linnet::nn::AdapterOptions{rank, options.real("-train_lora_scale")};
}

} // namespace app
