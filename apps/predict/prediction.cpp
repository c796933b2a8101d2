// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include "prediction.hpp"

#include "errors.hpp"
#include "field_source.hpp"
#include "function_prediction.hpp"
#include "model_kind.hpp"
#include "options.hpp"
#include "timing.hpp"

#include <linnet/core/agreement.hpp>
#include <linnet/core/error.hpp>
#include <linnet/io/field_writer.hpp>
#include <linnet/io/results.hpp>
#include <linnet/io/writable_outputs.hpp>
#include <linnet/nn/deeponet/deeponet.hpp>
#include <linnet/nn/fields/field_predictor.hpp>
#include <linnet/problems/operators/darcy_solver.hpp>

#include <algorithm>
#include <optional>

namespace app {

using linnet::core::AppContext;
using linnet::core::Index3;
using linnet::core::Options;
using namespace linnet::nn;

namespace {

constexpr const char* model_option = "-predict_model";
constexpr const char* steps_option = "-predict_steps";
constexpr const char* output_option = "-predict_output";

using Values = std::vector<double>;

/// From the corner of a unit square or cube to the other; the last point of a grid that wraps is
/// one spacing before it.
linnet::io::UniformGrid output_grid(const Index3& points, bool periodic) {
  linnet::io::UniformGrid grid;
  grid.dim = points[2] > 1 ? 3 : 2;
  for (int d = 0; d < grid.dim; ++d) {
    grid.cells[d] = points[d] - 1;
    grid.spacing[d] = 1.0 / (periodic ? points[d] : points[d] - 1);
  }
  return grid;
}

std::string product_of(const Index3& n) {
  std::string text = std::to_string(n[0]) + " x " + std::to_string(n[1]);
  return n[2] > 1 ? text + " x " + std::to_string(n[2]) : text;
}

class Prediction {
public:
  Prediction(AppContext& context, Model model, std::string stem)
      : context_(context), options_(context.options()), steps_(options_.integer(steps_option)),
        stem_(std::move(stem)), model_(std::move(model)) {}

  void run() {
    set_up();
    print_start();
    for (const std::int64_t sample : samples_) predict(sample);
    if (writer_) writer_->close();
    finish();
  }

private:
  void set_up() {
    require_fields();
    source_ = make_source(context_);
    const Index3 points = source_->points();
    check_network(points);
    samples_ = wanted_samples(options_, source_->count());
    try {
      predictor_.emplace(context_.comm(), model_, points);
    } catch (const linnet::core::Error& error) {
      options_.fail(model_option, error.what());
    }
    parts_.emplace(context_.comm(), points, predictor_->box());
    errors_.emplace(points, is_periodic());
    if (options_.boolean("-predict_compare")) set_up_solver(points);
    if (!stem_.empty())
      writer_.emplace(context_.comm(), stem_, output_grid(points, is_periodic()),
                      linnet::io::RunDescription{context_.command(), context_.deck()});
    setup_seconds_ = context_.seconds();
  }
  /// Refuses what is a DeepONet's.
  void require_fields() const {
    const std::string name = options_.string(model_option);
    if (is_operator_data(options_))
      options_.fail(model_option, name + " " + kind_of(model_) + "; -predict_data " +
                                      options_.choice("-predict_data") +
                                      " has functions at sensors, for a DeepONet");
    if (options_.is_set("-predict_points"))
      options_.fail("-predict_points", "is for a DeepONet, and " + name + " " + kind_of(model_));
  }
  [[nodiscard]] bool is_periodic() const { return model_.graph.graph.padding == Padding::periodic; }

  void check_network(const Index3& points) const {
    const ResolvedGraph& graph = model_.graph;
    const int dimension = points[2] > 1 ? 3 : 2;
    if (graph.graph.dimension != dimension)
      options_.fail(model_option, "is of dimension " + std::to_string(graph.graph.dimension) +
                                      ", and the samples are of dimension " +
                                      std::to_string(dimension));
    // Where it is not known what is to be predicted, any output will do.
    const int given = graph.nodes[static_cast<std::size_t>(graph.output)].signature.channels;
    try {
      require_field_graph(graph, source_->in(), source_->out() > 0 ? source_->out() : given,
                          options_.string(model_option) + " " + kind_of(model_));
    } catch (const linnet::core::Error& error) {
      options_.fail(model_option, error.what());
    }
    if (steps_ > 1 && !source_->is_evolution())
      options_.fail(steps_option,
                    "more than 1 is for frames of an evolution, and the samples are none");
  }

  void set_up_solver(const Index3& points) {
    const std::string data = options_.choice("-predict_data");
    if (data != "file" && data != "darcy_smooth" && data != "darcy_rough")
      options_.fail("-predict_compare",
                    "solves another problem than that of -predict_data " + data);
    if (predictor_->out() != 1)
      options_.fail("-predict_compare", "has a solution of one channel, and the network one of " +
                                            std::to_string(predictor_->out()));
    if (points[0] != points[1] || points[2] > 1 || source_->in() != 1 || source_->is_evolution())
      options_.fail("-predict_compare", "solves on a square with one coefficient, and the samples "
                                        "have " +
                                            product_of(points) + " points and " +
                                            std::to_string(source_->in()) + " channel(s)");
    solver_.emplace(points[0], 1.0, context_.comm());
  }

  void print_start() const {
    context_.print("predict: %s, %d ranks\n", options_.string(model_option).c_str(),
                   context_.ranks());
    context_.print("  network       %zu parameters, %s points on %d of the ranks\n",
                   model_.graph.parameters.count(), product_of(parts_->points()).c_str(),
                   predictor_->workers());
    context_.print("  data          %s\n", source_->recipe().c_str());
  }

  void predict(std::int64_t sample) {
    source_->select(sample);
    if (source_->seconds() > 0.0) reference_seconds_.push_back(source_->seconds());
    Values input = source_->input(*parts_);
    const Values solved = solver_ ? solve(input) : Values();
    Values output(static_cast<std::size_t>(predictor_->out() * predictor_->box().size()));
    for (int step = 1; step <= steps_; ++step) {
      network_seconds_.push_back(
          seconds_of(context_.comm(), [&] { predictor_->apply(input, output); }));
      const bool is_given = step <= source_->known_steps(), is_known = is_given || solver_;
      const Values target = is_given ? source_->target(step, *parts_) : solved;
      if (is_known) judge(output, target, step);
      if (is_given && solver_) judge_solver(solved, target);
      print_prediction(sample, step, is_known);
      write(input, output, target, is_known, sample, step);
      if (step < steps_) input = output;
    }
  }
  /// The solution of Darcy flow with coefficient @p mine.
  Values solve(const Values& mine) {
    Values a = parts_->gather(mine, 1), u;
    a.resize(static_cast<std::size_t>(linnet::core::volume(parts_->points())));
    MPI_Bcast(a.data(), static_cast<int>(a.size()), MPI_DOUBLE, 0, context_.comm());
    const Values f(a.size(), 1.0);
    solver_seconds_.push_back(seconds_of(context_.comm(), [&] { solver_->solve(a, f, u); }));
    return parts_->scatter(
        context_.rank() == 0 ? std::span<const double>(u) : std::span<const double>(), 1);
  }

  void judge(const Values& output, const Values& target, int step) {
    const Values p = parts_->gather(output, predictor_->out());
    const Values y = parts_->gather(target, predictor_->out());
    linnet::core::on_first_rank(context_.comm(), [&] { errors_->add(p, y, step == 1); });
  }

  /// How far the solver on these points is from what is given, which may be from finer ones.
  void judge_solver(const Values& solved, const Values& target) {
    const Values p = parts_->gather(solved, 1), y = parts_->gather(target, 1);
    linnet::core::on_first_rank(context_.comm(), [&] {
      FieldLoss l2(FieldLossType::l2, parts_->points(), false);
      solver_errors_.push_back(l2.evaluate(p, y, {}));
    });
  }

  void print_prediction(std::int64_t sample, int step, bool known) const {
    const auto shown = static_cast<long long>(sample);
    const std::string number = steps_ > 1 ? "step " + std::to_string(step) + ": " : "";
    if (known && context_.rank() == 0)
      context_.print(
          "sample %lld: %sL2 %.5f, H1 of wavenumbers below 20 %.5f, semi-norm of H1 %.5f, "
          "network %.4f s\n",
          shown, number.c_str(), errors_->l2().back(), errors_->h1_spectral().back(),
          errors_->h1_semi().back(), network_seconds_.back());
    else
      context_.print("sample %lld: %snetwork %.4f s\n", shown, number.c_str(),
                     network_seconds_.back());
  }

  void write(const Values& input, const Values& output, const Values& target, bool is_known,
             std::int64_t sample, int step) {
    if (!writer_) return;
    const int out = predictor_->out();
    writer_->begin_step(static_cast<double>(writer_->steps()), step);
    writer_->write_step_attribute("sample", static_cast<double>(sample));
    writer_->write_point("input", parts_->to_vec(input, predictor_->in()).get());
    writer_->write_point("prediction", parts_->to_vec(output, out).get());
    if (is_known) {
      Values error(output);
      for (std::size_t i = 0; i < error.size(); ++i) error[i] -= target[i];
      writer_->write_point("reference", parts_->to_vec(target, out).get());
      writer_->write_point("error", parts_->to_vec(error, out).get());
    }
    writer_->end_step();
  }

  static double mean(const Values& values) {
    double sum = 0.0;
    for (const double v : values) sum += v;
    return values.empty() ? 0.0 : sum / static_cast<double>(values.size());
  }

  void finish() {
    linnet::io::Results results;
    results.app = context_.name();
    results.command = context_.command();
    results.ranks = context_.ranks();
    results.unknowns = linnet::core::volume(parts_->points()) * predictor_->out();
    results.converged = true;
    results.reason = "all samples predicted";
    results.setup_seconds = setup_seconds_;
    results.total_seconds = context_.seconds();
    for (const double s : network_seconds_) results.solve_seconds += s;
    results.peak_memory_mb = linnet::io::peak_memory_mb(context_.comm());
    if (writer_) results.outputs = writer_->files();
    results.errors = errors_->means();
    if (!solver_errors_.empty()) results.errors["solver_l2"] = mean(solver_errors_);
    auto& own = results.objects["predict"];
    own["workers"] = std::int64_t{predictor_->workers()};
    own["network_seconds"] = network_seconds_;
    if (!solver_seconds_.empty()) own["solver_seconds"] = solver_seconds_;
    if (!reference_seconds_.empty()) own["reference_seconds"] = reference_seconds_;
    own["l2"] = errors_->l2();
    own["h1_spectral"] = errors_->h1_spectral();
    own["h1_semi"] = errors_->h1_semi();
    print_end(results);
    if (!context_.results_file().empty())
      linnet::io::write_results(context_.comm(), context_.results_file(), results);
  }

  void print_end(const linnet::io::Results& results) const {
    for (const auto& [name, value] : results.errors)
      context_.print("  %-13s %.4g in the mean\n", name.c_str(), value);
    context_.print("  network       %.4f s in the mean\n", mean(network_seconds_));
    if (!solver_seconds_.empty())
      context_.print("  solver        %.4f s in the mean, on the same points and ranks\n",
                     mean(solver_seconds_));
    if (!reference_seconds_.empty())
      context_.print("  samples       %.4f s in the mean, made on one rank\n",
                     mean(reference_seconds_));
    for (const std::string& file : results.outputs)
      context_.print("  fields        %s\n", file.c_str());
  }

  AppContext& context_;
  const Options& options_;
  int steps_;
  std::string stem_;
  Model model_;
  std::vector<std::int64_t> samples_;
  std::unique_ptr<FieldSource> source_;
  std::optional<FieldPredictor> predictor_;
  std::optional<FieldParts> parts_;
  std::optional<linnet::problems::DarcySolver> solver_;
  std::optional<PredictionErrors> errors_; ///< filled on the first rank
  std::optional<linnet::io::FieldWriter> writer_;
  double setup_seconds_ = 0.0;
  Values network_seconds_, solver_seconds_, reference_seconds_;
  Values solver_errors_; ///< on the first rank
};

} // namespace

void run_prediction(AppContext& context) {
  const Options& options = context.options();
  std::string stem = options.string(output_option);
  if (stem == "none") stem.clear();
  linnet::io::OptionPairs files;
  if (!stem.empty()) files = {{output_option, stem + ".h5"}, {output_option, stem + ".xdmf"}};
  linnet::io::require_writable_outputs(context, files);
  const std::string name = options.string(model_option);
  if (name.empty()) options.fail(model_option, "is not given; name a model file");
  const Model model = load_model(context.comm(), context.find_file(model_option, name));
  if (is_deeponet(model.graph))
    run_function_prediction(context, model, stem);
  else
    Prediction(context, model, stem).run();
}

} // namespace app
