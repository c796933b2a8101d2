// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include "function_prediction.hpp"

#include "function_errors.hpp"
#include "function_output.hpp"
#include "function_source.hpp"
#include "model_kind.hpp"
#include "options.hpp"
#include "point_grid.hpp"
#include "timing.hpp"

#include <linnet/core/agreement.hpp>
#include <linnet/core/kokkos_session.hpp>
#include <linnet/io/results.hpp>
#include <linnet/nn/deeponet/deeponet.hpp>

#include <algorithm>
#include <numeric>

namespace app {

using linnet::core::AppContext;
using linnet::core::Options;
using linnet::problems::SharedPoints;
using namespace linnet::nn;

namespace {

constexpr const char* model_option = "-predict_model";
constexpr const char* points_option = "-predict_points";
// Samples of a round are in the memory of every rank.
constexpr std::int64_t round_values = std::int64_t{1} << 21;
// What is dealt to the ranks: tiles of DeepONet, or multiples, so that none is filled in part.
constexpr int function_tile = 64;
constexpr int point_tile = 256;
// More of them have no line each.
constexpr std::size_t printed_samples = 20;

using Values = std::vector<double>;

/// The first of what rank number @p rank does of @p count things, in tiles of @p tile.
std::int64_t share(std::int64_t count, int rank, int ranks, int tile) {
  const std::int64_t tiles = (count + tile - 1) / tile;
  return std::min(count, tiles * rank / ranks * tile);
}

/// Samples behind each other, on all ranks.
struct Round {
  std::int64_t count = 0;
  Values input, points, truth, prediction;
};

class FunctionPrediction {
public:
  FunctionPrediction(AppContext& context, const Model& model, std::string stem)
      : context_(context), options_(context.options()), stem_(std::move(stem)),
        name_(options_.string(model_option)), kind_(kind_of(model)) {
    LINNET_CHECK(linnet::core::ensure_kokkos());
    try {
      network_.emplace(model, "network", function_tile);
    } catch (const linnet::core::Error& error) {
      options_.fail(model_option, error.what());
    }
  }

  void run() {
    set_up();
    print_start();
    const std::int64_t at_once = std::max<std::int64_t>(1, round_values / sample_values());
    const auto all = static_cast<std::int64_t>(samples_.size());
    for (std::int64_t first = 0; first < all; first += at_once)
      predict(
          std::span(samples_).subspan(static_cast<std::size_t>(first),
                                      static_cast<std::size_t>(std::min(at_once, all - first))));
    if (output_) output_->close();
    finish();
  }

private:
  [[nodiscard]] const DeepONetParts& parts() const { return network_->parts(); }
  [[nodiscard]] bool has_own_points() const { return points_.values.empty(); }
  [[nodiscard]] std::size_t output_values() const {
    return static_cast<std::size_t>(parts().outputs) * static_cast<std::size_t>(point_count_);
  }
  [[nodiscard]] std::int64_t sample_values() const {
    return parts().sensors + static_cast<std::int64_t>(3 * output_values()) +
           std::int64_t{parts().coordinates} * point_count_;
  }
  /// That the model does not fit; what it is.
  [[noreturn]] void refuse(const std::string& problem) const {
    options_.fail(model_option, name_ + " " + kind_ + "; " + problem);
  }
  /// What the samples are, at the beginning of a sentence.
  [[nodiscard]] std::string data_name() const {
    const std::string data = options_.choice("-predict_data");
    return data == "file" ? "the samples of " + options_.string("-predict_input")
                          : "those of -predict_data " + data;
  }

  void set_up() {
    if (options_.integer("-predict_steps") > 1)
      options_.fail("-predict_steps",
                    "more than 1 is for networks from frame to frame, and " + name_ + " " + kind_);
    if (options_.boolean("-predict_compare"))
      options_.fail("-predict_compare",
                    "is for networks from field to field, and " + name_ + " " + kind_);
    given_ = given_points(context_);
    if (!given_.values.empty()) require_points_allowed();
    source_ = make_function_source(context_, parts().coordinates, given_);
    samples_ = wanted_samples(options_, source_->count());
    require_sensors();
    choose_points();
    require_coordinates();
    require_truth();
    if (!stem_.empty()) open_output();
    setup_seconds_ = context_.seconds();
  }
  [[nodiscard]] int known_points() const {
    if (const int rows = table_points(parts().trunk); rows > 0) return rows;
    const Normaliser& output = network_->model().normalisation.output;
    return output.kind() == NormaliserKind::point ? output.points()[0] : 0;
  }
  void require_points_allowed() const {
    if (known_points() > 0)
      options_.fail(points_option, "does not go with " + name_ + ", which " + kind_ +
                                       " and knows the " + std::to_string(known_points()) +
                                       " points of its grid alone");
  }
  void require_sensors() const {
    const int there = source_->shape().sensors;
    if (there == parts().sensors) return;
    refuse(data_name() + " have functions at " + std::to_string(there) + " sensors" +
           (is_operator_data(options_) ? " (-predict_sensors, -predict_code)" : ""));
  }
  /// In this order: given ones, those of the samples, those that the model knows.
  void choose_points() {
    const FunctionShape& shape = source_->shape();
    if (!given_.values.empty())
      points_ = given_;
    else if (shape.own_points > 0) {
      point_count_ = shape.own_points;
      if (known_points() > 0)
        refuse(data_name() + " have points of their own, and it knows those of its grid alone");
      return;
    } else if (!shape.shared.values.empty())
      points_ = shape.shared;
    else
      points_ = tabulated_points(network_->model(), name_);
    if (points_.values.empty() && known_points() > 0) points_ = numbers(known_points());
    if (points_.values.empty())
      options_.fail(points_option, "is needed: neither " + data_name() + " nor " + name_ +
                                       " tell points to predict at");
    point_count_ = static_cast<int>(points_.values.size()) / points_.coordinates;
  }
  static SharedPoints numbers(int count) {
    SharedPoints points{1, Values(static_cast<std::size_t>(count))};
    std::iota(points.values.begin(), points.values.end(), 0.0);
    return points;
  }
  void require_coordinates() {
    if (has_own_points()) return;
    const int known = known_points();
    if (known > 0 && known != point_count_)
      refuse(data_name() + " have " + std::to_string(point_count_) + " points, and it knows " +
             std::to_string(known));
    const bool is_pod = table_points(parts().trunk) > 0;
    if (!is_pod && points_.coordinates != parts().coordinates) {
      if (!given_.values.empty())
        options_.fail(points_option, "has points of " + std::to_string(points_.coordinates) +
                                         " coordinate(s), and " + name_ + " " + kind_);
      refuse(data_name() + " have points of " + std::to_string(points_.coordinates));
    }
    places_ = is_pod ? numbers(point_count_).values : points_.values;
  }
  /// Where other points are given, it is the problem alone that knows what is right there.
  void require_truth() {
    const int values = source_->shape().values;
    has_truth_ = values > 0 && (given_.values.empty() || is_operator_data(options_));
    if (has_truth_ && static_cast<std::size_t>(values) != output_values())
      refuse(data_name() + " have " + std::to_string(values) + " values of a solution at " +
             std::to_string(point_count_) + " points");
  }
  void open_output() {
    FunctionOutputLayout layout;
    layout.samples = static_cast<std::int64_t>(samples_.size());
    layout.sensors = parts().sensors;
    layout.outputs = parts().outputs;
    layout.points = point_count_;
    layout.has_truth = has_truth_;
    layout.shared = points_;
    layout.coordinates = parts().coordinates;
    if (!has_own_points()) layout.grid = uniform_grid(points_);
    layout.input_is_field = layout.grid && given_.values.empty() &&
                            source_->shape().sensor_grid == layout.grid->points();
    output_ = make_function_output(context_, stem_, layout);
  }

  void print_start() const {
    const std::string ranks = std::to_string(context_.ranks());
    context_.print("predict: %s, %s %s\n", name_.c_str(), ranks.c_str(),
                   context_.ranks() == 1 ? "rank" : "ranks");
    context_.print("  network       %s, %zu parameters\n", kind_.substr(3).c_str(),
                   network_->model().graph.parameters.count());
    context_.print("  data          %s\n", source_->recipe().c_str());
    context_.print("  points        %s\n", points_text().c_str());
    if (is_of_training())
      context_.print(
          "  seed          that of the training, whose samples have the first numbers\n");
  }
  [[nodiscard]] std::string points_text() const {
    const std::string count = std::to_string(point_count_);
    if (has_own_points()) return count + " of each sample";
    if (!given_.values.empty()) return count + " of " + options_.string(points_option);
    const auto grid = uniform_grid(points_);
    if (!grid) return count + " of all samples";
    std::string text;
    for (int d = 0; d < grid->dim; ++d)
      text += (d > 0 ? " x " : "") + std::to_string(grid->points()[static_cast<std::size_t>(d)]);
    return text + " of a grid";
  }
  /// True where the samples are those of the model's card, but for their points.
  [[nodiscard]] bool is_of_training() const {
    const auto& card = network_->model().provenance;
    const auto data = card.find("data");
    if (data == card.end() || options_.choice("-predict_data") == "file") return false;
    const auto bare = [](const std::string& text) { return text.substr(0, text.rfind("; at ")); };
    return bare(data->second) == bare(source_->recipe());
  }

  void predict(std::span<const std::int64_t> numbers) {
    Round round;
    round.count = static_cast<std::int64_t>(numbers.size());
    const double seconds = seconds_of(context_.comm(), [&] { read(numbers, round); });
    if (source_->is_made()) sample_seconds_ += seconds;
    network_seconds_ += seconds_of(context_.comm(), [&] {
      if (has_own_points())
        evaluate_own(round);
      else
        evaluate_shared(round);
    });
    for (std::size_t s = 0; s < numbers.size(); ++s) report(round, s, numbers[s]);
  }
  [[nodiscard]] std::int64_t begin_of(std::int64_t count, int rank, int tile = 1) const {
    return share(count, rank, context_.ranks(), tile);
  }
  /// Each rank reads, or makes, a part of the samples; all get all.
  void read(std::span<const std::int64_t> numbers, Round& round) {
    const auto begin = static_cast<std::size_t>(begin_of(round.count, context_.rank())),
               end = static_cast<std::size_t>(begin_of(round.count, context_.rank() + 1));
    linnet::core::together(context_.comm(), [&] {
      FunctionSample sample;
      for (std::size_t s = begin; s < end; ++s) {
        source_->read(numbers[s], sample);
        append(sample.input, round.input);
        if (has_own_points()) append(sample.points, round.points);
        if (has_truth_) append(sample.truth, round.truth);
      }
    });
    gather(round.count, static_cast<std::size_t>(parts().sensors), round.input);
    if (has_own_points())
      gather(round.count, static_cast<std::size_t>(point_count_ * parts().coordinates),
             round.points);
    if (has_truth_) gather(round.count, output_values(), round.truth);
  }
  static void append(const Values& from, Values& to) {
    to.insert(to.end(), from.begin(), from.end());
  }
  /// From the parts of the ranks, of @p each values for one of @p count things, to all of them.
  void gather(std::int64_t count, std::size_t each, Values& values, int tile = 1) const {
    std::vector<int> counts, places;
    for (int r = 0; r < context_.ranks(); ++r) {
      const auto size = [&](int rank) {
        return static_cast<int>(begin_of(count, rank, tile) * static_cast<std::int64_t>(each));
      };
      places.push_back(size(r));
      counts.push_back(size(r + 1) - size(r));
    }
    Values all(static_cast<std::size_t>(count) * each);
    MPI_Allgatherv(values.data(), static_cast<int>(values.size()), MPI_DOUBLE, all.data(),
                   counts.data(), places.data(), MPI_DOUBLE, context_.comm());
    values = std::move(all);
  }

  /// Tiles of samples are dealt to the ranks.
  void evaluate_own(Round& round) {
    const std::int64_t begin = begin_of(round.count, context_.rank(), function_tile),
                       end = begin_of(round.count, context_.rank() + 1, function_tile);
    round.prediction.resize(static_cast<std::size_t>(end - begin) * output_values());
    linnet::core::together(context_.comm(), [&] {
      for (std::int64_t s = begin; s < end; s += function_tile) {
        const auto count = static_cast<std::size_t>(std::min<std::int64_t>(function_tile, end - s));
        const auto tile = [&](auto values, std::size_t each, std::int64_t first) {
          return values.subspan(static_cast<std::size_t>(first) * each, count * each);
        };
        const auto sensors = static_cast<std::size_t>(parts().sensors),
                   places = static_cast<std::size_t>(point_count_ * parts().coordinates);
        network_->evaluate_each(tile(std::span<const double>(round.input), sensors, s),
                                tile(std::span<const double>(round.points), places, s),
                                point_count_,
                                tile(std::span(round.prediction), output_values(), s - begin));
      }
    });
    gather(round.count, output_values(), round.prediction, function_tile);
  }
  /// Tiles of points are dealt to the ranks.
  void evaluate_shared(Round& round) {
    const auto d = places_.size() / static_cast<std::size_t>(point_count_),
               begin =
                   static_cast<std::size_t>(begin_of(point_count_, context_.rank(), point_tile)),
               count = static_cast<std::size_t>(
                           begin_of(point_count_, context_.rank() + 1, point_tile)) -
                       begin,
               rows = static_cast<std::size_t>(round.count) *
                      static_cast<std::size_t>(parts().outputs);
    Values mine(rows * count);
    linnet::core::together(context_.comm(), [&] {
      if (count > 0)
        network_->evaluate(round.input, std::span(places_).subspan(begin * d, count * d), mine,
                           static_cast<int>(begin));
    });
    gather(point_count_, rows, mine, point_tile); // (rank, row, point of the rank)
    round.prediction.resize(mine.size());
    auto from = mine.begin();
    for (int r = 0; r < context_.ranks(); ++r) {
      const std::int64_t first = begin_of(point_count_, r, point_tile),
                         last = begin_of(point_count_, r + 1, point_tile);
      for (std::size_t row = 0; row < rows; ++row, from += last - first)
        std::copy(from, from + (last - first),
                  round.prediction.begin() + static_cast<std::ptrdiff_t>(row) * point_count_ +
                      first);
    }
  }

  void report(const Round& round, std::size_t s, std::int64_t number) {
    const auto of_sample = [&](const Values& values) {
      const std::size_t each = values.size() / static_cast<std::size_t>(round.count);
      return std::span<const double>(values).subspan(s * each, each);
    };
    const PredictedSample sample{number, of_sample(round.input), of_sample(round.points),
                                 of_sample(round.prediction), of_sample(round.truth)};
    if (has_truth_) errors_.add(sample.prediction, sample.truth);
    if (output_) output_->write(sample);
    if (!has_truth_ || samples_.size() > printed_samples) return;
    context_.print("sample %lld: relative L2 %.3e, largest error %.3e\n",
                   static_cast<long long>(number), errors_.relative_l2().back(),
                   errors_.largest().back());
  }

  void finish() {
    linnet::io::Results results;
    results.app = context_.name();
    results.command = context_.command();
    results.ranks = context_.ranks();
    results.unknowns = static_cast<std::int64_t>(output_values());
    results.converged = true;
    results.reason = "all samples predicted";
    results.setup_seconds = setup_seconds_;
    results.solve_seconds = network_seconds_;
    results.total_seconds = context_.seconds();
    results.peak_memory_mb = linnet::io::peak_memory_mb(context_.comm());
    if (output_) results.outputs = output_->files();
    results.errors = errors_.summary();
    auto& own = results.objects["predict"];
    own["samples"] = static_cast<std::int64_t>(samples_.size());
    own["network_seconds"] = network_seconds_;
    if (source_->is_made()) own["sample_seconds"] = sample_seconds_;
    own["relative_l2"] = errors_.relative_l2();
    own["largest"] = errors_.largest();
    print_end(results);
    if (!context_.results_file().empty())
      linnet::io::write_results(context_.comm(), context_.results_file(), results);
  }
  void print_end(const linnet::io::Results& results) const {
    context_.print("  samples       %zu%s\n", samples_.size(),
                   has_truth_ ? "" : ", whose solution is not known");
    if (!errors_.empty())
      context_.print(
          "  errors        relative L2 %.3e in the mean, mean square %.3e, largest %.3e\n",
          results.errors.at("relative_l2"), results.errors.at("mean_square"),
          results.errors.at("largest"));
    context_.print("  network       %.4f s\n", network_seconds_);
    if (source_->is_made()) context_.print("  solutions     %.4f s\n", sample_seconds_);
    for (const std::string& file : results.outputs)
      context_.print("  %-13s %s\n",
                     points_.values.empty() || !uniform_grid(points_) ? "values" : "fields",
                     file.c_str());
  }

  AppContext& context_;
  const Options& options_;
  std::string stem_, name_, kind_;
  std::optional<DeepONet> network_;
  SharedPoints given_, points_; ///< of -predict_points; that all samples share, or none
  Values places_;               ///< of all samples, as the trunk takes them
  int point_count_ = 0;         ///< of a sample
  bool has_truth_ = false;
  std::unique_ptr<FunctionSource> source_;
  std::vector<std::int64_t> samples_;
  std::unique_ptr<FunctionOutput> output_;
  FunctionErrors errors_; ///< the same on all ranks
  double setup_seconds_ = 0.0, network_seconds_ = 0.0, sample_seconds_ = 0.0;
};

} // namespace

void run_function_prediction(AppContext& context, const Model& model, const std::string& stem) {
  FunctionPrediction(context, model, stem).run();
}

} // namespace app
