// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/nn/network/memory_plan.hpp>

#include <algorithm>

namespace linnet::nn {

namespace {

class Planner {
public:
  Planner(const ResolvedGraph& graph, const std::vector<LayerNeeds>& needs, NetworkMode mode)
      : graph_(graph), needs_(needs), mode_(mode), count_(static_cast<int>(graph.nodes.size())) {
    plan_.values.assign(graph.nodes.size(), -1);
    plan_.gradients.assign(graph.nodes.size(), -1);
    plan_.is_used.assign(graph.nodes.size(), false);
    plan_.is_constant.assign(graph.nodes.size(), false);
  }

  MemoryPlan run() {
    find_used();
    find_wanted();
    find_constants();
    for (int i = 0; i < count_; ++i)
      // An input exists also where the output does not depend on it: its caller fills it.
      if (used(i) || node(i).in.empty()) place_value(i);
    for (int i = count_ - 1; i >= 0; --i)
      if (used(i) && wanted(i)) place_gradient(i);
    find_adds();
    return std::move(plan_);
  }

private:
  [[nodiscard]] const ResolvedNode& node(int i) const {
    return graph_.nodes[static_cast<std::size_t>(i)];
  }
  [[nodiscard]] const LayerNeeds& needs(int i) const { return needs_[static_cast<std::size_t>(i)]; }
  [[nodiscard]] bool used(int i) const { return plan_.is_used[static_cast<std::size_t>(i)]; }
  [[nodiscard]] bool constant(int i) const {
    return plan_.is_constant[static_cast<std::size_t>(i)];
  }
  [[nodiscard]] bool wanted(int i) const { return wanted_[static_cast<std::size_t>(i)]; }
  [[nodiscard]] int forward_step(int i) const { return i; }
  [[nodiscard]] int backward_step(int i) const { return 2 * count_ - i; }
  [[nodiscard]] int last_step() const { return 2 * count_ + 1; }

  void find_used() {
    plan_.is_used[static_cast<std::size_t>(graph_.output)] = true;
    for (int i = count_ - 1; i >= 0; --i)
      if (used(i))
        for (const int j : node(i).in) plan_.is_used[static_cast<std::size_t>(j)] = true;
  }

  /// Nodes whose gradient leads to one that the mode asks for.
  void find_wanted() {
    wanted_.assign(graph_.nodes.size(), false);
    if (mode_ == NetworkMode::inference) return;
    for (int i = 0; i < count_; ++i) {
      bool is_wanted =
          !node(i).parameters.empty() || (mode_ == NetworkMode::adjoint && node(i).in.empty());
      for (const int j : node(i).in) is_wanted = is_wanted || wanted(j);
      wanted_[static_cast<std::size_t>(i)] = is_wanted;
    }
  }

  /// Training changes parameters all the time.
  void find_constants() {
    if (mode_ == NetworkMode::inference) plan_.is_constant = constant_nodes(graph_);
  }

  /// visit(c, k): node c is used and takes i as input number k.
  template <class Visit>
  void for_each_consumer(int i, const Visit& visit) const {
    for (int c = i + 1; c < count_; ++c)
      for (std::size_t k = 0; k < node(c).in.size(); ++k)
        if (used(c) && node(c).in[k] == i) visit(c, k);
  }

  /// The last step that reads the value of node i.
  [[nodiscard]] int value_death(int i) const {
    const bool stays = i == graph_.output || (constant(i) && node(i).in.empty());
    int death = stays ? last_step() : forward_step(i);
    const auto need_until = [&](int step) { death = std::max(death, step); };
    for_each_consumer(i, [&](int c, std::size_t) {
      need_until(constant(i) && !constant(c) ? last_step() : forward_step(c));
      if (wanted(c) && needs(c).input_again) need_until(backward_step(c));
    });
    if (wanted(i) && needs(i).output_again) need_until(backward_step(i));
    return death;
  }

  [[nodiscard]] int value_ghosts(int i) const {
    int ghosts = needs(i).output_border;
    for_each_consumer(i, [&](int c, std::size_t) { ghosts = std::max(ghosts, needs(c).ghosts); });
    return ghosts;
  }

  [[nodiscard]] int gradient_ghosts(int i) const {
    int ghosts = needs(i).gradient_ghosts;
    for_each_consumer(
        i, [&](int c, std::size_t) { ghosts = std::max(ghosts, needs(c).gradient_border); });
    return ghosts;
  }

  /// A layer in place overwrites its first input, so that must be no other of its inputs.
  [[nodiscard]] bool in_place(int i) const {
    const std::vector<int>& in = node(i).in;
    return needs(i).in_place && std::count(in.begin(), in.end(), in[0]) == 1;
  }

  int new_slot(const MemorySlot& slot) {
    plan_.slots.push_back(slot);
    return static_cast<int>(plan_.slots.size()) - 1;
  }

  /// Slot @p s goes on as the memory of another tensor.
  void extend(int s, int ghosts, int death) {
    MemorySlot& slot = plan_.slots[static_cast<std::size_t>(s)];
    slot.ghosts = std::max(slot.ghosts, ghosts);
    slot.death = std::max(slot.death, death);
  }

  void place_value(int i) {
    const int death = value_death(i), ghosts = value_ghosts(i);
    int& slot = plan_.values[static_cast<std::size_t>(i)];
    // What is kept must survive the steps of the next forward that come before its own, too.
    const bool is_kept = constant(i) && death == last_step();
    if (in_place(i) && !is_kept) {
      const int j = node(i).in[0];
      const int s = plan_.values[static_cast<std::size_t>(j)];
      if (plan_.slots[static_cast<std::size_t>(s)].death == forward_step(i)) {
        slot = s;
        return extend(s, ghosts, death);
      }
    }
    // Inputs are filled before the first step.
    const bool exists_before = node(i).in.empty() || is_kept;
    slot = new_slot({node(i).signature, ghosts, exists_before ? -1 : forward_step(i), death});
  }

  void place_gradient(int i) {
    const bool is_result = node(i).in.empty();
    const int death = is_result ? last_step() : backward_step(i), ghosts = gradient_ghosts(i);
    int first = -1; // the consumer that writes it first
    for_each_consumer(i, [&](int c, std::size_t) { first = std::max(first, c); });
    int& slot = plan_.gradients[static_cast<std::size_t>(i)];
    if (i == graph_.output) {
      slot = new_slot({node(i).signature, ghosts, count_, death});
      return;
    }
    const int s = plan_.gradients[static_cast<std::size_t>(first)];
    if (in_place(first) && node(first).in[0] == i &&
        plan_.slots[static_cast<std::size_t>(s)].death == backward_step(first)) {
      slot = s;
      return extend(s, ghosts, death);
    }
    slot = new_slot({node(i).signature, ghosts, backward_step(first), death});
  }

  void find_adds() {
    std::vector<bool> written(graph_.nodes.size(), false);
    written[static_cast<std::size_t>(graph_.output)] = true;
    plan_.adds.resize(graph_.nodes.size());
    for (int i = count_ - 1; i >= 0; --i)
      for (const int j : node(i).in) {
        plan_.adds[static_cast<std::size_t>(i)].push_back(written[static_cast<std::size_t>(j)]);
        if (used(i)) written[static_cast<std::size_t>(j)] = true;
      }
  }

  const ResolvedGraph& graph_;
  const std::vector<LayerNeeds>& needs_;
  NetworkMode mode_;
  int count_;
  MemoryPlan plan_;
  std::vector<bool> wanted_;
};

} // namespace

std::vector<bool> constant_nodes(const ResolvedGraph& graph) {
  std::vector<bool> constants;
  for (const ResolvedNode& node : graph.nodes) {
    bool is_constant = !node.in.empty() || node.attribute("constant") != 0;
    for (const int i : node.in) is_constant = is_constant && constants[static_cast<std::size_t>(i)];
    constants.push_back(is_constant);
  }
  return constants;
}

MemoryPlan plan_memory(const ResolvedGraph& graph, const std::vector<LayerNeeds>& needs,
                       NetworkMode mode) {
  return Planner(graph, needs, mode).run();
}

} // namespace linnet::nn
