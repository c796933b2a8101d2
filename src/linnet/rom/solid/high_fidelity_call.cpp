// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/rom/solid/high_fidelity_call.hpp>

#include <cstdio>

namespace linnet::rom {

namespace {

template <class Part>
double sum(const std::vector<HighFidelityCall>& calls, Part part) {
  double total = 0.0;
  for (const HighFidelityCall& call : calls) total += part(call);
  return total;
}

template <class... Values>
std::string line(const char* format, Values... values) {
  char text[200];
  std::snprintf(text, sizeof text, format, values...);
  return text;
}

std::string row(const HighFidelityCall& call) {
  const std::string why = call.reason == CallReason::newton
                              ? std::string("   no equilibrium")
                              : line("%9.2e %9.2e", call.indicator, call.estimate).substr(0, 19);
  return line("%6d %19s%c %6d %7.3f %7.3f %7.3f %7.3f  %4d %4d %5d %6d", call.step, why.c_str(),
              call.reason == CallReason::growth ? '+' : ' ', call.replayed, call.replay_seconds,
              call.solve_seconds, call.append_seconds, call.points_seconds, call.modes_u,
              call.modes_p, call.stress_rows, call.points);
}

} // namespace

double AdaptiveCosts::replay_seconds() const {
  return sum(calls, [](const HighFidelityCall& call) { return call.replay_seconds; });
}

double AdaptiveCosts::solve_seconds() const {
  return sum(calls, [](const HighFidelityCall& call) { return call.solve_seconds; });
}

double AdaptiveCosts::update_seconds() const {
  return sum(calls, [](const HighFidelityCall& call) { return call.update_seconds(); });
}

double AdaptiveCosts::seconds() const {
  return reduced_seconds + pre_enrichment_seconds + replay_seconds() + solve_seconds() +
         update_seconds();
}

std::vector<int> AdaptiveCosts::steps() const {
  std::vector<int> result;
  for (const HighFidelityCall& call : calls) result.push_back(call.step);
  return result;
}

std::vector<std::string> cost_table(const AdaptiveCosts& costs) {
  std::vector<std::string> lines{
      "steps on the mesh: indicator I, estimate of E_p (+: asked for the growth of p); seconds of "
      "each part; the model afterwards",
      "  step         I  estimate replays  replay   solve  append  points    n_u  n_p  rows "
      "points"};
  for (const HighFidelityCall& call : costs.calls) lines.push_back(row(call));
  lines.push_back(
      line("%6s %19s %7s %7.3f %7.3f %7.3f %7.3f", "sum", "", "", costs.replay_seconds(),
           costs.solve_seconds(),
           sum(costs.calls, [](const HighFidelityCall& call) { return call.append_seconds; }),
           sum(costs.calls, [](const HighFidelityCall& call) { return call.points_seconds; })));
  lines.push_back(line("reduced steps %.3f s, pre-enrichment %.3f s, all %.3f s; %d steps on the "
                       "mesh, %d reduced ones without equilibrium",
                       costs.reduced_seconds, costs.pre_enrichment_seconds, costs.seconds(),
                       static_cast<int>(costs.calls.size()), costs.reduced_failures));
  return lines;
}

} // namespace linnet::rom
