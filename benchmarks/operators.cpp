// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// What samples of operators cost and how exact they are: CPU time of one sample with its values on
/// the whole grid, and the difference to a solver with twice the points and steps.
///   build/benchmarks/operators [-problems pendulum,kdv,...] [-samples 10] [-curves FILE]
/// Families of evolution equations are named one by one, as evolution/burgers where a problem has
/// the same name. -curves writes inputs and solutions of a
/// few samples as JSON, for docs/images/render_operator_problems.py.
#include <linnet/core/petsc.hpp>
#include <linnet/core/text.hpp>
#include <linnet/problems/operators/evolution_families.hpp>
#include <linnet/registry/register.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <ctime>
#include <fstream>

namespace {

using namespace linnet;
using problems::OperatorSampler;
using problems::OperatorSamplerOptions;

double cpu_seconds() {
  timespec time{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

std::string text_option(const char* name) {
  char text[4096] = "";
  LINNET_CHECK(PetscOptionsGetString(nullptr, nullptr, name, text, sizeof(text), nullptr));
  return text;
}

/// Problems, with each family by its own name.
std::vector<std::string> all_names() {
  auto names = problems::operator_problems();
  std::erase(names, "evolution");
  for (const auto& family : problems::evolution_families()) names.push_back("evolution/" + family);
  return names;
}

std::unique_ptr<OperatorSampler> make(const std::string& name, int refinement,
                                      std::uint64_t seed = 0) {
  OperatorSamplerOptions options;
  options.refinement = refinement;
  options.seed = seed;
  if (!name.starts_with("evolution/")) return problems::make_operator_sampler(name, options);
  options.families = {name.substr(name.find('/') + 1)};
  return problems::make_operator_sampler("evolution", options);
}

/// Exact problems have no finer solver.
std::unique_ptr<OperatorSampler> make_finer(const std::string& name) {
  try {
    return make(name, 2);
  } catch (const core::Error&) {
    return nullptr;
  }
}

struct Sample {
  Sample(OperatorSampler& sampler, const std::vector<double>& grid, std::uint64_t number)
      : input(static_cast<std::size_t>(sampler.sensors())),
        values(grid.size() / static_cast<std::size_t>(sampler.dimension())) {
    solved = sampler.draw(number, input);
    if (solved) sampler.evaluate(grid, values);
  }
  bool solved = false;
  std::vector<double> input, values;
};

void measure(const std::string& name, int samples) {
  const double start = cpu_seconds();
  const auto sampler = make(name, 1);
  const auto grid = sampler->grid();
  const double ready = cpu_seconds();
  std::vector<Sample> drawn;
  for (int k = 0; k < samples; ++k)
    drawn.emplace_back(*sampler, grid, static_cast<std::uint64_t>(k));
  const double end = cpu_seconds();
  double largest = 0.0, difference = 0.0, relative = 0.0;
  const auto finer = make_finer(name);
  for (std::size_t k = 0; k < drawn.size(); ++k) {
    double square = 0.0, size = 0.0;
    const auto& values = drawn[k].values;
    const auto exact = finer && drawn[k].solved ? Sample(*finer, grid, k).values : values;
    for (std::size_t i = 0; i < values.size(); ++i) {
      largest = std::max(largest, std::abs(values[i]));
      difference = std::max(difference, std::abs(values[i] - exact[i]));
      square += std::pow(values[i] - exact[i], 2);
      size += exact[i] * exact[i];
    }
    relative = std::max(relative, size > 0.0 ? std::sqrt(square / size) : 0.0);
  }
  std::printf("%-28s %7zu %9.3f %9.3f %9.2g", name.c_str(), drawn[0].values.size(),
              1e3 * (ready - start), 1e3 * (end - ready) / samples, largest);
  finer ? std::printf(" %9.1e %9.1e\n", difference, relative)
        : std::printf("     exact     exact\n");
}

/// Three inputs; of functions of one variable three solutions, else one at five places of the last
/// coordinate.
nlohmann::json curves(const std::string& name) {
  const auto sampler = make(name, 1);
  const auto grid = sampler->grid();
  const std::size_t line = sampler->axes()[0].points.size();
  nlohmann::json inputs, outputs;
  for (std::uint64_t k = 0; k < 3; ++k) {
    const Sample sample(*sampler, grid, k);
    inputs.push_back(sample.input);
    const std::size_t lines = sample.values.size() / line;
    for (std::size_t n = 0; n < 5 && (lines > 1 ? k == 0 : n == 0); ++n) {
      const auto first = sample.values.begin() +
                         static_cast<std::ptrdiff_t>(line * (lines > 1 ? n * (lines - 1) / 4 : 0));
      outputs.push_back(std::vector<double>(first, first + static_cast<std::ptrdiff_t>(line)));
    }
  }
  return {{"name", name}, {"inputs", inputs}, {"outputs", outputs}};
}

/// How many of the inputs below @p draws have no solution.
std::uint64_t unsolved(const std::string& name, std::uint64_t seed, std::uint64_t draws) {
  const auto sampler = make(name, 1, seed);
  std::vector<double> input(static_cast<std::size_t>(sampler->sensors()));
  std::uint64_t count = 0;
  for (std::uint64_t k = 0; k < draws; ++k)
    if (!sampler->draw(k, input)) ++count;
  return count;
}

void run() {
  PetscInt samples = 10, draws = 0, seed = 0;
  LINNET_CHECK(PetscOptionsGetInt(nullptr, nullptr, "-samples", &samples, nullptr));
  LINNET_CHECK(PetscOptionsGetInt(nullptr, nullptr, "-draws", &draws, nullptr));
  LINNET_CHECK(PetscOptionsGetInt(nullptr, nullptr, "-seed", &seed, nullptr));
  const std::string chosen = text_option("-problems"), file = text_option("-curves");
  auto names = chosen.empty() ? all_names() : core::split(chosen, ',');
  for (auto& name : names)
    if (std::ranges::count(problems::evolution_families(), name) > 0 &&
        std::ranges::count(problems::operator_problems(), name) == 0)
      name = "evolution/" + name;
  if (!file.empty()) {
    nlohmann::json all;
    for (const auto& name : names) all.push_back(curves(name));
    std::ofstream(file) << all.dump() << "\n";
    return;
  }
  if (draws > 0) {
    for (const auto& name : names)
      std::printf("%s %llu\n", name.c_str(),
                  static_cast<unsigned long long>(unsolved(name, static_cast<std::uint64_t>(seed),
                                                           static_cast<std::uint64_t>(draws))));
    return;
  }
  std::printf("%-28s %7s %9s %9s %9s %9s %9s\n", "problem", "points", "set-up ms", "sample ms",
              "largest", "error", "relative");
  for (const auto& name : names) measure(name, std::max(1, static_cast<int>(samples)));
}

} // namespace

int main(int argc, char** argv) {
  if (PetscInitialize(&argc, &argv, nullptr, nullptr)) return 1;
  int code = 0;
  try {
    LINNET_CHECK(LinnetInitialize());
    run();
  } catch (const core::Error& error) {
    std::fprintf(stderr, "operators: %s\n", error.what());
    code = static_cast<int>(error.code());
  }
  return PetscFinalize() ? 1 : code;
}
