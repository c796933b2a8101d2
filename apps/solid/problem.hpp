// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Everything that a deck says about a solid and its loading.
#pragma once

#include <linnet/core/app_runtime.hpp>
#include <linnet/fem/loading/load_term.hpp>
#include <linnet/fem/loading/loading.hpp>
#include <linnet/fem/material/materials.hpp>
#include <linnet/fem/mesh/mesh.hpp>
#include <linnet/fem/solid_model.hpp>

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace app {

using linnet::core::AppContext;

/// Stays where it is made: its parts refer to each other.
struct Problem {
  linnet::fem::Mesh mesh;
  linnet::fem::Materials materials;
  std::vector<int> material_of_region = {};
  std::unique_ptr<linnet::fem::SolidModel> model = nullptr;
  std::unique_ptr<linnet::fem::Loading> loading = nullptr;
  std::vector<std::string> held_groups = {}; ///< each once, in the order of the deck
  std::vector<double> cycle = {};            ///< times of the steps of the first cycle, without 0
  std::vector<double> times = {};            ///< of all cycles
};

/// From the options. Warns about temperatures outside of the material tables, or refuses them, and
/// refuses supports that leave the solid free to move. Collective; @throws core::Error.
std::unique_ptr<Problem> make_problem(const AppContext& context);

/// Tables over time by their names, repeated where the cycle is.
class Amplitudes {
public:
  Amplitudes(const AppContext& context, double period);
  /// The one that @p option names; 1 at all times for an empty @p name. @throws core::Error
  [[nodiscard]] const linnet::fem::Amplitude& named(const std::string& option,
                                                    const std::string& name);
  /// Through the points, repeated where the cycle is.
  [[nodiscard]] linnet::fem::Amplitude make(const std::string& option, std::vector<double> times,
                                            std::vector<double> values) const;
  /// Says which ones nothing has named.
  void warn_of_unused(const AppContext& context) const;

private:
  const linnet::core::Options* options_;
  double period_;
  bool repeat_;
  std::map<std::string, linnet::fem::Amplitude> tables_;
  std::set<std::string> used_;
};

/// Holds and loads of the deck. Collective.
void add_supports(const AppContext& context, Amplitudes& amplitudes, Problem& problem);
void add_forces(const AppContext& context, Amplitudes& amplitudes, Problem& problem);
void add_temperature(const AppContext& context, Amplitudes& amplitudes, Problem& problem);
/// What -solid_temperature_outside asks for. Collective.
void check_temperature(const AppContext& context, const Problem& problem);

/// Runs @p work; its usage errors get the place and the name of the option, unless they have it.
template <class Work>
auto for_option(const AppContext& context, const std::string& option, Work&& work) {
  try {
    return work();
  } catch (const linnet::core::Error& error) {
    const bool named = std::string(error.what()).find(option + ": ") != std::string::npos;
    if (error.code() != linnet::core::ExitCode::usage || named) throw;
    context.options().fail(option, error.what());
  }
}

} // namespace app
