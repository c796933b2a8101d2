// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include "conversion.hpp"

#include <linnet/core/agreement.hpp>
#include <linnet/core/kokkos_session.hpp>
#include <linnet/core/version.hpp>
#include <linnet/io/results.hpp>
#include <linnet/io/writable_outputs.hpp>
#include <linnet/nn/interchange/mapped_deeponet.hpp>
#include <linnet/nn/interchange/mapped_mgno.hpp>
#include <linnet/nn/interchange/mapped_normalisation.hpp>
#include <linnet/nn/network/model.hpp>

#include <cstdio>
#include <fstream>
#include <sstream>
#include <utility>

namespace app {

using linnet::core::AppContext;
using linnet::core::Options;
using namespace linnet::nn;
namespace io = linnet::io;

namespace {

constexpr const char* network_option = "-convert_network";

std::string text_of(const std::string& path) {
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  if (!file) linnet::core::throw_data(path + ": cannot be read");
  return text.str();
}

std::string scaling_text(const Normaliser& field) {
  if (field.kind() == NormaliserKind::channel)
    return "scaled by mean and deviation of " + std::to_string(field.channels()) + " channel(s)";
  const linnet::core::Index3& n = field.points();
  return "scaled by mean and deviation of each of " + std::to_string(linnet::core::volume(n)) +
         " points";
}

class Conversion {
public:
  explicit Conversion(AppContext& context) : context_(context), options_(context.options()) {}

  void run() {
    const std::string output = options_.string("-convert_output") + ".model.h5";
    io::require_writable_outputs(context_, {{"-convert_output", output}});
    weights_ = file("-convert_weights", "a file of tensors, FILE.safetensors");
    map_ = file("-convert_map", "one of models/maps/*.json, or one of your own");
    network_ = options_.string(network_option);
    if (network_ != "deeponet" && network_ != "mgno")
      network_ = file(network_option, "GRAPH.json, FILE.model.h5, deeponet or mgno");
    LINNET_CHECK(linnet::core::ensure_kokkos());
    if (network_.ends_with(".h5")) like_ = load_model(context_.comm(), network_);
    linnet::core::on_first_rank(context_.comm(), [&] { convert(); });
    save_model(context_.comm(), output, model_);
    print(output);
    write_results(output);
  }

private:
  [[nodiscard]] std::string file(const char* option, const std::string& what) const {
    const std::string name = options_.string(option);
    if (name.empty()) options_.fail(option, "is not given; name " + what);
    return context_.find_file(option, name);
  }

  void convert() {
    const WeightMap map = weight_map_from_json(text_of(map_), map_);
    io::Safetensors file = io::read_safetensors(weights_, default_model_bytes);
    tensors_ = file.tensors.size();
    model_.graph = resolve(graph(map, file), network_);
    model_.parameters = mapped_parameters(model_.graph, map, file, weights_);
    model_.normalisation = mapped_normalisation(model_.graph, map, file, weights_);
    char checksum[32];
    std::snprintf(checksum, sizeof checksum, "%016llx",
                  static_cast<unsigned long long>(file.checksum));
    checksum_ = checksum;
    model_.provenance = {{"command", context_.command()},
                         {"version", LINNET_VERSION " (" LINNET_GIT_COMMIT ")"},
                         {"weights", weights_},
                         {"weights_fnv1a", checksum_},
                         {"map", map_},
                         {"origin", map.origin}};
    for (const auto& [name, text] : file.metadata)
      if (name == "format") model_.provenance["weights_format"] = text.substr(0, 255);
  }

  /// A DeepONet changes @p file to what its graph needs.
  [[nodiscard]] Graph graph(const WeightMap& map, io::Safetensors& file) const {
    if (network_.ends_with(".h5")) return like_.graph.graph;
    if (network_ == "deeponet") return mapped_deeponet(deeponet_options(), map, file, weights_);
    if (network_ == "mgno") return mgno(map, file);
    return graph_from_json(text_of(network_), network_);
  }

  [[nodiscard]] MappedDeepONetOptions deeponet_options() const {
    const auto activation = [&](const char* option) {
      return linnet::kernels::parse_activation(options_.choice(option));
    };
    const bool same = !options_.is_set("-convert_trunk_activation");
    MappedDeepONetOptions o;
    o.branch_activation = activation("-convert_activation");
    o.trunk_activation = same ? o.branch_activation : activation("-convert_trunk_activation");
    o.linear_trunk = options_.boolean("-convert_linear_trunk");
    o.split = options_.choice_as<OutputSplit>("-convert_split");
    o.outputs = options_.integer("-convert_outputs");
    o.periodic = options_.integer("-convert_periodic");
    o.harmonics = options_.integer("-convert_harmonics");
    if (options_.is_set("-convert_zero_sides"))
      for (const int side : options_.integers("-convert_zero_sides")) o.zero_sides |= 1 << side;
    o.homogeneous = options_.boolean("-convert_homogeneous");
    return o;
  }

  [[nodiscard]] Graph mgno(const WeightMap& map, const io::Safetensors& file) const {
    const MappedMgnoOptions given{options_.choice_as<Padding>("-convert_padding"),
                                  options_.choice_as<Coarsening>("-convert_coarsening"),
                                  options_.boolean("-convert_increment")};
    const MgnoOptions found = mapped_mgno(given, map, file, weights_);
    try {
      return mgno_graph(found);
    } catch (const linnet::core::Error& error) {
      linnet::core::throw_data(weights_ + ": " + error.what());
    }
  }

  void print(const std::string& output) const {
    if (context_.rank() != 0) return;
    context_.print("convert: %s\n", weights_.c_str());
    context_.print("  tensors       %zu, FNV-1a %s\n", tensors_, checksum_.c_str());
    context_.print("  map           %s (%s)\n", map_.c_str(),
                   model_.provenance.at("origin").c_str());
    context_.print("  network       %s, %zu parameters in %zu arrays\n", network_.c_str(),
                   model_.graph.parameters.count(), model_.graph.parameters.blocks().size());
    for (const auto& [name, field] : {std::pair("input", &model_.normalisation.input),
                                      std::pair("output", &model_.normalisation.output)})
      if (field->kind() != NormaliserKind::none)
        context_.print("  %-14s%s\n", name, scaling_text(*field).c_str());
    context_.print("  model         %s\n", output.c_str());
  }

  void write_results(const std::string& output) const {
    if (context_.results_file().empty()) return;
    io::Results results;
    results.app = context_.name();
    results.command = context_.command();
    results.ranks = context_.ranks();
    results.unknowns = static_cast<std::int64_t>(model_.graph.parameters.count()); // of rank 0
    results.converged = true;
    results.reason = "all tensors in place";
    results.total_seconds = context_.seconds();
    results.peak_memory_mb = io::peak_memory_mb(context_.comm());
    results.outputs = {output};
    results.objects["convert"]["tensors"] = static_cast<std::int64_t>(tensors_);
    io::write_results(context_.comm(), context_.results_file(), results);
  }

  AppContext& context_;
  const Options& options_;
  std::string weights_, map_, network_, checksum_;
  Model like_, model_; ///< the latter on the first rank
  std::size_t tensors_ = 0;
};

} // namespace

void run_conversion(AppContext& context) { Conversion(context).run(); }

} // namespace app
