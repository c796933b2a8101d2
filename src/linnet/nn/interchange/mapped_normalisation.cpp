// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/nn/interchange/mapped_normalisation.hpp>

#include <linnet/core/error.hpp>

#include <algorithm>
#include <set>

namespace linnet::nn {

namespace {

using io::Shape;

constexpr double own_epsilon = 1e-5; // which Normaliser adds to deviations

/// Numbers of each channel, or of each point of it: channels slowest, x fastest.
struct Statistic {
  core::Index3 points{1, 1, 1}; ///< of the grid; one point: numbers of channels
  std::vector<double> values;
};

class NormalisationReader {
public:
  NormalisationReader(const ResolvedGraph& graph, const WeightMap& map, const io::Safetensors& file,
                      const std::string& path)
      : graph_(graph), map_(map), file_(file), path_(path) {
    for (const auto& entry : file.tensors) names_.insert(entry.first);
  }

  [[nodiscard]] Normaliser read(const std::string& field, int node) const {
    const std::string mean_name = tensor(field + "/mean"),
                      deviation_name = tensor(field + "/deviation");
    if (mean_name.empty() && deviation_name.empty()) return {};
    const int channels = graph_.nodes[static_cast<std::size_t>(node)].signature.channels;
    Statistic mean = statistic(mean_name, channels, 0.0),
              deviation = statistic(deviation_name, channels, 1.0);
    if (deviation_name.empty())
      for (double& value : deviation.values) value -= map_.epsilon; // it is added again below
    spread(mean, deviation.points, channels);
    spread(deviation, mean.points, channels);
    if (mean.points != deviation.points)
      refuse(deviation_name, "has another grid than '" + mean_name + "'; save both of one grid");
    for (double& value : deviation.values) value += map_.epsilon - own_epsilon;
    const auto lowest = std::min_element(deviation.values.begin(), deviation.values.end());
    if (*lowest < 0.0)
      refuse(deviation_name, "has a deviation below 1e-5, which fields are not divided by; "
                             "scale the data as in training and leave it out");
    return {core::volume(mean.points) > 1 ? NormaliserKind::point : NormaliserKind::channel,
            channels, mean.points, std::move(mean.values), std::move(deviation.values)};
  }

private:
  [[noreturn]] void refuse(const std::string& name, const std::string& what) const {
    core::throw_data(path_ + ": tensor '" + name + "': " + what);
  }

  /// Its name; empty: there is none.
  [[nodiscard]] std::string tensor(const std::string& place) const {
    const auto patterns = map_.normalisation.find(place);
    if (patterns == map_.normalisation.end()) return "";
    const std::vector<std::string> found = tensors_of({place, patterns->second, ""}, names_, path_);
    if (found.size() > 1)
      refuse(found[1], "is '" + place + "' by " + map_.name + ", as '" + found[0] +
                           "' is; leave one of them out");
    return found.empty() ? "" : found.front();
  }

  [[nodiscard]] Statistic statistic(const std::string& name, int channels, double missing) const {
    Statistic result;
    if (name.empty()) {
      result.values.assign(static_cast<std::size_t>(channels), missing);
      return result;
    }
    const io::NamedTensor& t = file_.tensors.at(name);
    if (t.values.empty())
      refuse(name, "has the dtype " + t.dtype + "; save it as F64, F32, F16 or BF16");
    if (t.values.size() == 1) {
      result.values.assign(static_cast<std::size_t>(channels), t.values[0]);
      return result;
    }
    if (!arrange(t, static_cast<std::size_t>(channels), result))
      refuse(name, "has the shape " + io::to_string(t.shape) + ", and a field of " +
                       std::to_string(channels) + " channel(s) and " +
                       std::to_string(graph_.graph.dimension) +
                       " direction(s) needs a number for each channel or each point of it");
    return result;
  }

  /// False where the shape of @p t is not that of a field of @p channels.
  [[nodiscard]] bool arrange(const io::NamedTensor& t, std::size_t channels, Statistic& s) const {
    const auto directions = static_cast<std::size_t>(graph_.graph.dimension);
    Shape shape = t.shape;
    while (shape.size() > directions + 1 && shape.front() == 1) shape.erase(shape.begin());
    const auto count = static_cast<std::int64_t>(channels);
    if (shape.size() == 1 && shape[0] == count) {
      s.values = t.values;
      return true;
    }
    const bool has_channels = shape.size() == directions + 1,
               first = map_.layout == WeightLayout::torch;
    if (has_channels) {
      if ((first ? shape.front() : shape.back()) != count) return false;
      shape.erase(first ? shape.begin() : shape.end() - 1);
    } else if (channels > 1) {
      return false;
    }
    if (shape.size() != directions) return false;
    for (std::size_t d = 0; d < directions; ++d)
      s.points[static_cast<int>(d)] = static_cast<int>(shape[directions - 1 - d]);
    s.values = t.values;
    const std::size_t points = t.values.size() / channels;
    if (has_channels && !first)
      for (std::size_t c = 0; c < channels; ++c)
        for (std::size_t p = 0; p < points; ++p)
          s.values[c * points + p] = t.values[p * channels + c];
    return true;
  }

  /// From numbers of channels to numbers of points, where @p points are more than one.
  static void spread(Statistic& s, const core::Index3& points, int channels) {
    if (core::volume(s.points) > 1 || core::volume(points) == 1) return;
    const auto count = static_cast<std::size_t>(core::volume(points));
    std::vector<double> values;
    for (int c = 0; c < channels; ++c)
      values.insert(values.end(), count, s.values[static_cast<std::size_t>(c)]);
    s = {points, std::move(values)};
  }

  const ResolvedGraph& graph_;
  const WeightMap& map_;
  const io::Safetensors& file_;
  const std::string& path_;
  std::set<std::string> names_;
};

} // namespace

Normalisation mapped_normalisation(const ResolvedGraph& graph, const WeightMap& map,
                                   const io::Safetensors& file, const std::string& path) {
  const NormalisationReader reader(graph, map, file, path);
  return {reader.read("input", graph.inputs.at(0)), reader.read("output", graph.output)};
}

} // namespace linnet::nn
