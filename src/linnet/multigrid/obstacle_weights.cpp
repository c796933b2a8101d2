// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/multigrid/obstacle_weights.hpp>

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace linnet::multigrid {

namespace {

/// Four digits are enough to see what is wrong.
std::string number_text(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.4g", value);
  return text;
}

// Rounding in fp32 is far below.
constexpr double margin = 0.01;

/// K on the spectrum, by its ends.
std::string reason_of_smoother(const ObstacleWeights& w) {
  double least = 1.0, most = 1.0;
  for (const double closed : {0.0, 1.0})
    for (const double leak : {0.0, 1.0}) {
      least = std::min(least, w.centre(closed, leak));
      most = std::max(most, w.centre(closed, leak));
    }
  if (!(least >= margin))
    return "fine/centre makes the smoother indefinite: the correction falls to " +
           number_text(least) + ", and must stay above 0";
  const double end = 2.0 * most;
  const auto k = [&](double t) { return w.cell + w.faces * (1.0 - t); };
  const double least_k = std::min(k(0.0), k(end));
  if (!(least_k >= margin))
    return "fine/k makes the smoother indefinite: its symbol K falls to " + number_text(least_k) +
           ", and must stay above 0";
  double most_ka = end * k(end);
  const double turn = (w.cell + w.faces) / (2.0 * w.faces);
  if (turn > 0.0 && turn < end) most_ka = std::max(most_ka, turn * k(turn));
  if (!(most_ka <= 2.0 - margin))
    return "fine/k and fine/centre let the smoother diverge: its symbol KA reaches " +
           number_text(most_ka) + ", and must stay below 2";
  return "";
}

std::string outside(const char* path, double value, double least, double most) {
  if (value >= least && value <= most) return "";
  return std::string(path) + " must be between " + number_text(least) + " and " +
         number_text(most) + ", got " + number_text(value);
}

} // namespace

std::string reason_to_refuse(const ObstacleWeights& w) {
  const auto values = weight_values(w);
  if (!std::all_of(values.begin(), values.end(), [](double v) { return std::isfinite(v); }))
    return "a weight is not finite";
  for (const std::string& reason : {reason_of_smoother(w), outside("fine/wall", w.wall, 0.0, 10.0),
                                    // Where A is an M-matrix lambda_max(S A) is below twice this.
                                    outside("coarse/k", w.coarse_rows, margin, 1.0 - margin),
                                    outside("scale", w.scale, margin, 1.0 / margin),
                                    outside("scale", w.deeper_scale, margin, 1.0 / margin)})
    if (!reason.empty()) return reason;
  return "";
}

const std::vector<WeightBlock>& weight_blocks() {
  using W = ObstacleWeights;
  static const std::vector<WeightBlock> blocks{{"fine/k", {&W::cell, &W::faces}},
                                               {"fine/centre", {&W::closed, &W::leak}},
                                               {"fine/wall", {&W::wall}},
                                               {"coarse/k", {&W::coarse_rows}},
                                               {"scale", {&W::scale, &W::deeper_scale}}};
  return blocks;
}

std::vector<double> weight_values(const ObstacleWeights& weights) {
  std::vector<double> values;
  for (const WeightBlock& block : weight_blocks())
    for (const auto member : block.members) values.push_back(weights.*member);
  return values;
}

ObstacleWeights weights_from(const std::vector<double>& values) {
  ObstacleWeights weights;
  std::size_t next = 0;
  for (const WeightBlock& block : weight_blocks())
    for (const auto member : block.members) weights.*member = values.at(next++);
  return weights;
}

} // namespace linnet::multigrid
