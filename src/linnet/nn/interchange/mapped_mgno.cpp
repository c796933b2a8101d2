// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/nn/interchange/mapped_mgno.hpp>

#include <linnet/core/error.hpp>

#include <algorithm>
#include <map>
#include <set>

namespace linnet::nn {

namespace {

using io::NamedTensor;
using io::Shape;

constexpr std::int64_t most_channels = 4096, most_extent = 1 << 20;
constexpr std::size_t most_layers = 100, most_grids = 16;

constexpr const char* smoother = "layer#.S#.#/weight";

/// A tensor that a rule takes.
struct Found {
  std::vector<std::int64_t> numbers;
  std::size_t pattern = 0;
  std::string name;
  const NamedTensor* tensor = nullptr;
};

class MgnoReader {
public:
  MgnoReader(const MappedMgnoOptions& options, const WeightMap& map, const io::Safetensors& file,
             const std::string& path)
      : given_(options), map_(map), file_(file), path_(path) {}

  MgnoOptions run() {
    o_.padding = given_.padding;
    o_.coarsening = given_.coarsening;
    o_.increment = given_.increment;
    o_.crop = given_.padding != Padding::zero;
    read_smoothers();
    o_.first_operator = on_finest("layer#.A#.#/weight") == o_.steps[0][0] + o_.steps[0][1];
    o_.restrict_residual = o_.steps.size() > 1 && find("layer#.Pi#/weight").empty();
    o_.bias = !find("layer#.S#.#/bias").empty();
    o_.skip = !find("layer#.B/weight").empty();
    read_head();
    read_points();
    return o_;
  }

private:
  [[noreturn]] void refuse(const std::string& what) const { core::throw_data(path_ + ": " + what); }
  [[noreturn]] void refuse(const std::string& tensor, const std::string& what) const {
    refuse("tensor '" + tensor + "': " + what);
  }

  /// By number, then by pattern.
  [[nodiscard]] std::vector<Found> find(const std::string& parameter) const {
    std::vector<Found> found;
    for (const WeightRule& rule : map_.rules) {
      if (rule.parameter != parameter) continue;
      for (const auto& [name, tensor] : file_.tensors)
        for (std::size_t p = 0; p < rule.tensors.size(); ++p) {
          Found entry{{}, p, name, &tensor};
          if (!matches(rule.tensors[p], name, entry.numbers)) continue;
          found.push_back(std::move(entry));
          break;
        }
    }
    std::stable_sort(found.begin(), found.end(), [](const Found& a, const Found& b) {
      return a.numbers != b.numbers ? a.numbers < b.numbers : a.pattern < b.pattern;
    });
    return found;
  }

  [[nodiscard]] bool is_torch() const { return map_.layout == WeightLayout::torch; }
  /// Of a convolution.
  [[nodiscard]] int channels_out(const Found& entry) const {
    const Shape& shape = entry.tensor->shape;
    return channels(entry, is_torch() ? shape.front() : shape.back());
  }
  [[nodiscard]] int channels_in(const Found& entry) const {
    const Shape& shape = entry.tensor->shape;
    return channels(entry, is_torch() ? shape[1] : shape[shape.size() - 2]);
  }
  [[nodiscard]] int channels(const Found& entry, std::int64_t count) const {
    if (count > most_channels)
      refuse(entry.name, "has " + std::to_string(count) + " channels, and 4096 are allowed");
    return static_cast<int>(count);
  }
  void require_kernel(const Found& entry) const {
    const std::size_t rank = entry.tensor->shape.size();
    if (rank != 4 && rank != 5)
      refuse(entry.name, "has the shape " + io::to_string(entry.tensor->shape) +
                             ", which is no convolution of 2 or 3 dimensions; name the map of the "
                             "program that has written it");
  }

  void read_smoothers() {
    const std::vector<Found> all = find(smoother);
    if (all.empty())
      refuse("has no tensor for '" + std::string(smoother) +
             "' of a multigrid neural operator by the rules of " + map_.name +
             "; name the map of the program that has written it");
    std::set<std::int64_t> layers;
    std::map<std::int64_t, std::array<int, 2>> steps; // by grid
    std::map<std::int64_t, int> channels;
    for (const Found& entry : all) {
      if (entry.numbers.size() != 3)
        refuse(entry.name, "has " + std::to_string(entry.numbers.size()) +
                               " numbers, and layer, grid and step are needed; mark them with '#' "
                               "in " +
                               map_.name);
      layers.insert(entry.numbers[0]);
      if (entry.numbers[0] != all.front().numbers[0]) continue;
      require_kernel(entry);
      channels[entry.numbers[1]] = channels_out(entry);
      ++steps[entry.numbers[1]][entry.pattern == 0 ? 0 : 1];
    }
    if (layers.size() > most_layers || steps.size() > most_grids)
      refuse("has " + std::to_string(layers.size()) + " layers of " + std::to_string(steps.size()) +
             " grids, and at most 100 of 16 are allowed; name a graph as the network");
    first_layer_ = all.front().numbers[0];
    o_.layers = static_cast<int>(layers.size());
    o_.in = channels_in(all.front());
    o_.dimension = static_cast<int>(all.front().tensor->shape.size()) - 2;
    o_.channels.clear();
    o_.steps.clear();
    for (const auto& [grid, count] : steps) {
      o_.channels.push_back(channels.at(grid));
      o_.steps.push_back(count);
    }
  }

  /// Tensors of the first layer's finest grid.
  [[nodiscard]] int on_finest(const std::string& parameter) const {
    const std::int64_t finest = find(smoother).front().numbers[1];
    int count = 0;
    for (const Found& entry : find(parameter))
      if (entry.numbers.size() > 1 && entry.numbers[0] == first_layer_ &&
          entry.numbers[1] == finest)
        ++count;
    return count;
  }

  void read_head() {
    const std::vector<Found> cycle = find("head.S#.#/weight"), matrix = find("head.matrix/weight");
    if (cycle.empty() && matrix.empty())
      refuse("has no tensor for 'head.matrix/weight' by the rules of " + map_.name +
             "; complete the file or the map");
    o_.cycle_head = matrix.empty();
    const Found& head = o_.cycle_head ? cycle.front() : matrix.front();
    if (head.tensor->shape.size() < 2)
      refuse(head.name, "has the shape " + io::to_string(head.tensor->shape) +
                            ", which is no matrix over channels; name the map of the program that "
                            "has written it");
    o_.out = channels_out(head);
  }

  void read_points() {
    const std::vector<Found> corrections = find("layer#.norm#/scale"),
                             cycles = find("layer#.norm/scale");
    o_.norm = !corrections.empty() ? MgnoNorm::correction
              : !cycles.empty()    ? MgnoNorm::cycle
                                   : MgnoNorm::none;
    if (o_.norm != MgnoNorm::none)
      o_.points = points_of(o_.norm == MgnoNorm::cycle ? cycles.front() : corrections.front());
    else
      o_.points = points_for_kernels();
  }

  /// Those of a field that is normalised.
  [[nodiscard]] core::Index3 points_of(const Found& norm) const {
    Shape extents = norm.tensor->shape;
    const auto directions = static_cast<std::size_t>(o_.dimension);
    if (extents.size() != directions + 1)
      refuse(norm.name, "has the shape " + io::to_string(extents) +
                            ", and channels and all extents of a grid are needed; name a graph as "
                            "the network");
    extents.erase(is_torch() ? extents.begin() : extents.end() - 1);
    core::Index3 points{1, 1, 1};
    for (std::size_t d = 0; d < directions; ++d) {
      const std::int64_t extent = extents[directions - 1 - d];
      if (extent > most_extent)
        refuse(norm.name, "is for " + std::to_string(extent) +
                              " points in one direction, and 1048576 are allowed");
      points[static_cast<int>(d)] = static_cast<int>(extent);
    }
    return points;
  }

  /// The least ones of which every grid has an even extent where the kernel to it has 4 points, and
  /// an odd one where it has 3.
  [[nodiscard]] core::Index3 points_for_kernels() const {
    std::vector<Found> kernels;
    for (Found& entry : find("layer#.P#/weight"))
      if (entry.numbers.size() > 1 && entry.numbers[0] == first_layer_)
        kernels.push_back(std::move(entry));
    if (kernels.size() + 1 != o_.steps.size())
      refuse("has " + std::to_string(kernels.size()) +
             " tensor(s) for 'layer#.P#/weight' in its "
             "first layer, and " +
             std::to_string(o_.steps.size()) + " grids need " +
             std::to_string(o_.steps.size() - 1) + "; complete the file");
    int n = 4; // of the coarsest grid
    for (std::size_t l = kernels.size(); l-- > 0;) {
      require_kernel(kernels[l]);
      const std::int64_t extent = kernels[l].tensor->shape[is_torch() ? 2 : 0];
      if (extent != 3 && extent != 4)
        refuse(kernels[l].name, "has " + std::to_string(extent) +
                                    " points in one direction, and 3 (to odd grids) or 4 (to even "
                                    "ones) are needed; name a graph as the network");
      const bool is_even = extent == 4;
      n = given_.coarsening == Coarsening::even ? 2 * n - (is_even ? 0 : 1)
                                                : 2 * n + (is_even ? 2 : 1);
    }
    return {n, n, o_.dimension == 3 ? n : 1};
  }

  const MappedMgnoOptions& given_;
  const WeightMap& map_;
  const io::Safetensors& file_;
  const std::string& path_;
  std::int64_t first_layer_ = 0;
  MgnoOptions o_;
};

} // namespace

MgnoOptions mapped_mgno(const MappedMgnoOptions& options, const WeightMap& map,
                        const io::Safetensors& file, const std::string& path) {
  return MgnoReader(options, map, file, path).run();
}

} // namespace linnet::nn
