// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/nn/interchange/weight_map.hpp>

#include <linnet/core/error.hpp>
#include <linnet/nn/network/operation.hpp>

#include <algorithm>
#include <map>
#include <numeric>
#include <set>

namespace linnet::nn {

namespace {

using io::NamedTensor;
using io::Shape;

constexpr std::size_t most_listed = 4; // names in a message

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// 'a', 'b', ...
std::string listed(const std::vector<std::string>& names) {
  std::string text;
  for (std::size_t i = 0; i < names.size() && i < most_listed; ++i)
    text += (i > 0 ? ", '" : "'") + names[i] + "'";
  return names.size() > most_listed ? text + ", ..." : text;
}

bool has_wildcard(const std::string& pattern) {
  return pattern.find_first_of("*#") != std::string::npos;
}

/// Something that matches a pattern, and its place among others.
struct Match {
  std::vector<std::int64_t> numbers;
  std::size_t pattern = 0;
  std::string name;

  /// All numbers but the last, the pattern, the last number.
  [[nodiscard]] std::vector<std::int64_t> key() const {
    std::vector<std::int64_t> result = numbers;
    const std::size_t place = numbers.empty() ? 0 : numbers.size() - 1;
    result.insert(result.begin() + static_cast<std::ptrdiff_t>(place),
                  static_cast<std::int64_t>(pattern));
    return result;
  }
};

/// Which direction of a tensor each direction of a parameter is, and from where on they are
/// mirrored.
struct Order {
  std::vector<std::size_t> source;
  std::size_t mirrored;
};

/// Kernel directions first, then those numbered @p first and @p second of the others.
Order kernel_first(std::size_t rank, std::size_t first, std::size_t second, bool mirrored) {
  Order order{{rank - 2 + first, rank - 2 + second}, mirrored ? 2 : rank};
  for (std::size_t d = 0; d + 2 < rank; ++d) order.source.push_back(d);
  return order;
}

Order order_of(const std::string& op, std::size_t rank, WeightLayout layout) {
  if (layout != WeightLayout::torch && rank > 1) {
    if (op == "conv_transpose" && layout == WeightLayout::flax)
      return kernel_first(rank, 0, 1, true);
    if (op == "dense" || op == "conv" || op == "conv_transpose")
      return kernel_first(rank, 1, 0, false);
    if (op == "field_norm") {
      Order order{{rank - 1}, rank};
      for (std::size_t d = 0; d + 1 < rank; ++d) order.source.push_back(d);
      return order;
    }
  }
  Order order{std::vector<std::size_t>(rank), rank};
  std::iota(order.source.begin(), order.source.end(), std::size_t{0});
  return order;
}

/// The values of @p tensor in the order of a parameter of @p shape.
std::vector<double> reordered(const NamedTensor& tensor, const Order& order, const Shape& shape) {
  const std::size_t rank = shape.size();
  std::vector<std::int64_t> stride(rank, 1);
  for (std::size_t d = rank - 1; d-- > 0;) stride[d] = stride[d + 1] * tensor.shape[d + 1];
  std::vector<double> values(tensor.values.size());
  std::vector<std::int64_t> at(rank, 0);
  for (double& value : values) {
    std::int64_t place = 0;
    for (std::size_t d = 0; d < rank; ++d)
      place += stride[order.source[d]] * (d >= order.mirrored ? shape[d] - 1 - at[d] : at[d]);
    value = tensor.values[static_cast<std::size_t>(place)];
    for (std::size_t d = rank; d-- > 0 && ++at[d] == shape[d];) at[d] = 0;
  }
  return values;
}

bool is_normalisation(const WeightMap& map, const std::string& name) {
  std::vector<std::int64_t> numbers;
  for (const auto& [place, patterns] : map.normalisation)
    for (const std::string& pattern : patterns)
      if (matches(pattern, name, numbers)) return true;
  return false;
}

/// One file being mapped to one graph.
class Mapping {
public:
  Mapping(const ResolvedGraph& graph, const WeightMap& map, const io::Safetensors& file,
          const std::string& path)
      : graph_(graph), map_(map), file_(file), path_(path) {
    for (const ResolvedNode& node : graph.nodes) ops_[node.id] = node.operation->name();
    for (const auto& entry : file.tensors)
      if (!is_normalisation(map, entry.first)) free_.insert(entry.first);
    for (const ParameterBlock& block : graph.parameters.blocks()) open_.push_back(&block);
  }

  kernels::Array<float> run() {
    const auto parameters = parameter_buffer<float>(graph_.parameters);
    values_ = Kokkos::create_mirror_view(
        static_cast<const Kokkos::View<float*, kernels::MemorySpace>&>(parameters));
    for (const WeightRule& rule : map_.rules) apply(rule);
    require_complete();
    Kokkos::deep_copy(static_cast<const Kokkos::View<float*, kernels::MemorySpace>&>(parameters),
                      values_);
    return parameters;
  }

private:
  using Blocks = std::vector<const ParameterBlock*>;

  [[noreturn]] void refuse(const std::string& what) const { core::throw_data(path_ + ": " + what); }
  [[nodiscard]] const std::string& op_of(const ParameterBlock& block) const {
    return ops_.at(block.name.substr(0, block.name.find('/')));
  }

  void apply(const WeightRule& rule) {
    const std::vector<std::string> tensors = tensors_of(rule, free_, path_);
    const Blocks blocks = blocks_of(rule);
    if (tensors.empty() || blocks.empty()) return;
    const bool joins = blocks.size() == 1 && !has_wildcard(rule.parameter);
    if (!joins && tensors.size() != blocks.size()) refuse_counts(rule, tensors, blocks);
    if (joins && tensors.size() > 1)
      join(tensors, *blocks.front());
    else
      for (std::size_t i = 0; i < blocks.size(); ++i) copy(tensors[i], *blocks[i]);
    for (const std::string& name : tensors) free_.erase(name);
    for (const ParameterBlock* block : blocks)
      open_.erase(std::find(open_.begin(), open_.end(), block));
  }

  [[nodiscard]] Blocks blocks_of(const WeightRule& rule) const {
    std::vector<std::pair<std::vector<std::int64_t>, const ParameterBlock*>> found;
    for (const ParameterBlock* block : open_) {
      std::vector<std::int64_t> numbers;
      if ((rule.op.empty() || rule.op == op_of(*block)) &&
          matches(rule.parameter, block->name, numbers))
        found.emplace_back(std::move(numbers), block);
    }
    std::stable_sort(found.begin(), found.end(),
                     [](const auto& a, const auto& b) { return a.first < b.first; });
    Blocks blocks;
    for (const auto& entry : found) blocks.push_back(entry.second);
    return blocks;
  }

  [[noreturn]] void refuse_counts(const WeightRule& rule, const std::vector<std::string>& tensors,
                                  const Blocks& blocks) const {
    std::vector<std::string> names;
    for (const ParameterBlock* block : blocks) names.push_back(block->name);
    refuse(std::to_string(tensors.size()) + " tensor(s), " + listed(tensors) + ", and " +
           std::to_string(names.size()) + " parameter(s), " + listed(names) +
           ", belong to the rule for '" + rule.parameter + "' of " + map_.name +
           "; name the network that was trained, or complete the file");
  }

  [[nodiscard]] const NamedTensor& tensor(const std::string& name) const {
    const NamedTensor& t = file_.tensors.at(name);
    if (t.values.empty())
      refuse("tensor '" + name + "': has the dtype " + t.dtype +
             ", and weights are F64, F32, F16 or BF16; save it as one of them");
    return t;
  }
  [[noreturn]] void refuse_shape(const std::string& name, const Shape& shape,
                                 const ParameterBlock& block, const Shape& wanted) const {
    refuse("tensor '" + name + "': has the shape " + io::to_string(shape) + ", and '" + block.name +
           "' needs " + io::to_string(wanted) +
           "; name the network that was trained, or the right 'layout' in " + map_.name);
  }

  void copy(const std::string& name, const ParameterBlock& block) {
    NamedTensor t = tensor(name);
    if (t.shape.empty()) t.shape = {1}; // a number
    Shape shape = block.shape;
    // A matrix serves as a convolution of one point.
    if (t.shape.size() == 2 && shape.size() > 2 &&
        std::all_of(shape.begin() + 2, shape.end(), [](std::int64_t n) { return n == 1; }))
      shape.resize(2);
    const Order order = order_of(op_of(block), shape.size(), map_.layout);
    Shape wanted(shape.size());
    for (std::size_t d = 0; d < shape.size(); ++d) wanted[order.source[d]] = shape[d];
    if (t.shape != wanted) refuse_shape(name, t.shape, block, wanted);
    put(reordered(t, order, shape), block);
  }

  /// Several behind each other: they share all extents but the first.
  void join(const std::vector<std::string>& names, const ParameterBlock& block) {
    std::vector<double> values;
    for (const std::string& name : names) {
      const NamedTensor& t = tensor(name);
      Shape part = block.shape;
      part[0] = t.shape.empty() ? 1 : t.shape[0];
      if (!(t.shape.empty() && part.size() == 1) && t.shape != part)
        refuse_shape(name, t.shape, block, part);
      values.insert(values.end(), t.values.begin(), t.values.end());
    }
    if (values.size() != block.size())
      refuse("tensors " + listed(names) + ": have " + std::to_string(values.size()) +
             " values together, and '" + block.name + "' needs " + std::to_string(block.size()) +
             "; name the network that was trained");
    put(values, block);
  }

  void put(const std::vector<double>& values, const ParameterBlock& block) {
    for (std::size_t i = 0; i < values.size(); ++i)
      values_(block.offset + i) = static_cast<float>(values[i]);
  }

  void require_complete() const {
    if (!open_.empty())
      refuse("has no tensor for '" + open_.front()->name + "' of the shape " +
             io::to_string(open_.front()->shape) + ", nor do the rules of " + map_.name +
             " find one; complete the file or the map, or name the network that was trained");
    for (const std::string& name : free_) {
      std::vector<std::int64_t> numbers;
      if (std::any_of(map_.ignore.begin(), map_.ignore.end(),
                      [&](const std::string& pattern) { return matches(pattern, name, numbers); }))
        continue;
      refuse("tensor '" + name + "': has no place in the network; name the network that was " +
             "trained, or add it to 'rules' or 'ignore' of " + map_.name);
    }
  }

  const ResolvedGraph& graph_;
  const WeightMap& map_;
  const io::Safetensors& file_;
  const std::string& path_;
  std::map<std::string, std::string> ops_; ///< of nodes
  std::set<std::string> free_;             ///< tensors
  Blocks open_;
  Kokkos::View<float*, kernels::MemorySpace>::HostMirror values_;
};

} // namespace

std::vector<std::string> tensors_of(const WeightRule& rule, const std::set<std::string>& names,
                                    const std::string& where) {
  std::vector<Match> found;
  for (const std::string& name : names)
    for (std::size_t p = 0; p < rule.tensors.size(); ++p) {
      Match match{{}, p, name};
      if (!matches(rule.tensors[p], name, match.numbers)) continue;
      found.push_back(std::move(match));
      break;
    }
  std::stable_sort(found.begin(), found.end(),
                   [](const Match& a, const Match& b) { return a.key() < b.key(); });
  std::vector<std::string> sorted;
  for (std::size_t i = 0; i < found.size(); ++i) {
    if (i > 0 && found[i].key() == found[i - 1].key())
      core::throw_data(where + ": the rule for '" + rule.parameter + "' takes the tensors " +
                       listed({found[i - 1].name, found[i].name}) +
                       " in no order; mark their number with '#' in the map");
    sorted.push_back(found[i].name);
  }
  return sorted;
}

bool matches(std::string_view pattern, std::string_view text, std::vector<std::int64_t>& numbers) {
  constexpr std::size_t none = std::string_view::npos, most_digits = 18;
  std::size_t p = 0, t = 0, star = none, star_text = 0;
  const std::size_t first = numbers.size();
  std::size_t star_numbers = first;
  while (p < pattern.size() || t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      star_text = t;
      star_numbers = numbers.size();
      continue;
    }
    if (p < pattern.size() && t < text.size()) {
      if (pattern[p] == '#' && is_digit(text[t])) {
        const std::size_t begin = t;
        while (t < text.size() && is_digit(text[t])) ++t;
        if (t - begin <= most_digits) {
          numbers.push_back(std::stoll(std::string(text.substr(begin, t - begin))));
          ++p;
          continue;
        }
      } else if (pattern[p] != '#' && pattern[p] == text[t]) {
        ++p;
        ++t;
        continue;
      }
    }
    // The last `*` takes one character more: those before it need not.
    if (star == none || star_text >= text.size()) {
      numbers.resize(first);
      return false;
    }
    t = ++star_text;
    p = star + 1;
    numbers.resize(star_numbers);
  }
  return true;
}

kernels::Array<float> mapped_parameters(const ResolvedGraph& graph, const WeightMap& map,
                                        const io::Safetensors& file, const std::string& path) {
  return Mapping(graph, map, file, path).run();
}

} // namespace linnet::nn
