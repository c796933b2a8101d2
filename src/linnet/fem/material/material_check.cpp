// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/fem/material/material_table.hpp>

#include <linnet/core/error.hpp>
#include <linnet/core/text.hpp>
#include <linnet/kernels/solid/material.hpp>

#include <algorithm>
#include <cmath>
#include <functional>

namespace linnet::fem {

namespace {

constexpr double most = 1e30;   // powers and products of parameters stay finite
constexpr double least = 1e-30; // of those that divide
constexpr double most_exponent = 200;

class Check {
public:
  Check(const MaterialTable& table, const std::string& where) : table_(table), where_(where) {}

  void run() const {
    temperatures();
    each(
        "E", table_.young, [](double x) { return x >= least; }, "must be positive");
    each(
        "nu", table_.poisson, [](double x) { return x > -1.0 && x < 0.5; },
        "must lie between -1 and 0.5, both excluded");
    each(
        "alpha", table_.expansion, [](double x) { return std::abs(x) <= 1.0; },
        "must lie between -1 and 1");
    finite("Tref", table_.reference_temperature);
    finite("density", table_.density);
    if (table_.density < 0.0) fail("density", table_.density, "must not be negative");
    if (table_.yields()) flow();
  }

private:
  [[noreturn]] void fail(const std::string& key, double value, const std::string& rule,
                         std::size_t row = no_row) const {
    std::string text = where_ + ": '" + key + "' " + rule + ", got " + core::number_text(value);
    if (row != no_row && table_.rows() > 1)
      text += " at T = " + core::number_text(table_.temperature[row]);
    core::throw_data(text);
  }
  void finite(const std::string& key, double value, std::size_t row = no_row) const {
    if (!(std::abs(value) <= most))
      fail(key, value, "must be a number of at most 1e30 in magnitude", row);
  }
  void each(const std::string& key, const std::vector<double>& column,
            const std::function<bool(double)>& good, const std::string& rule) const {
    if (column.size() != table_.temperature.size())
      core::throw_data(where_ + ": '" + key + "' has " + std::to_string(column.size()) +
                       " entries and 'T' has " + std::to_string(table_.rows()));
    for (std::size_t i = 0; i < column.size(); ++i) {
      finite(key, column[i], i);
      if (!good(column[i])) fail(key, column[i], rule, i);
    }
  }
  void not_negative(const std::string& key, const std::vector<double>& column) const {
    each(
        key, column, [](double x) { return x >= 0.0; }, "must not be negative");
  }

  void temperatures() const {
    const auto& t = table_.temperature;
    if (t.empty()) core::throw_data(where_ + ": 'T' is empty; give at least one temperature");
    for (std::size_t i = 0; i < t.size(); ++i) {
      finite("T", t[i]);
      if (i > 0 && !(t[i] > t[i - 1]))
        core::throw_data(where_ + ": 'T' must rise from row to row, got " +
                         core::number_text(t[i]) + " after " + core::number_text(t[i - 1]));
    }
  }

  void flow() const {
    not_negative("R0", table_.yield);
    each(
        "Q", table_.voce, [](double) { return true; }, "");
    not_negative("b", table_.voce_rate);
    not_negative("H", table_.hardening);
    if (table_.viscous()) {
      each(
          "K", table_.drag, [](double x) { return x >= least; },
          "must be positive (leave K and n out for a rate-independent material)");
      each(
          "n", table_.exponent, [](double x) { return x >= 1.0 && x <= most_exponent; },
          "must lie between 1 and 200");
    }
    backstresses();
    radius();
    softening();
  }

  void backstresses() const {
    if (table_.kinematic.size() != table_.recovery.size())
      core::throw_data(where_ + ": 'C' has " + std::to_string(table_.kinematic.size()) +
                       " backstresses and 'D' has " + std::to_string(table_.recovery.size()));
    if (table_.backstresses() > kernels::most_backstresses)
      core::throw_data(where_ + ": 'C' has " + std::to_string(table_.backstresses()) +
                       " backstresses, at most " + std::to_string(kernels::most_backstresses) +
                       " are possible");
    for (const auto& column : table_.kinematic) not_negative("C", column);
    for (const auto& column : table_.recovery) not_negative("D", column);
  }

  /// R moves from R0 towards R0 + Q: both bound it. Without viscous stress a zero radius leaves no
  /// deviatoric stress at all.
  void radius() const {
    for (std::size_t i = 0; i < table_.yield.size(); ++i) {
      const double r0 = table_.yield[i], end = r0 + table_.voce[i];
      if (!table_.viscous() && r0 <= 0.0)
        fail("R0", r0, "must be positive in a rate-independent material", i);
      if (end < 0.0 || (!table_.viscous() && end <= 0.0))
        fail("Q", table_.voce[i],
             "must leave a positive yield stress R0 + Q, with R0 = " + core::number_text(r0), i);
    }
  }

  /// The scalar equation of a step falls with the multiplier as long as 3 G + R' > 0; between rows
  /// the product Q b is at most that of the largest factors.
  void softening() const {
    double steepest = 0.0, stiffness = most;
    for (std::size_t i = 0; i < table_.voce.size(); ++i) {
      steepest = std::max(steepest, -table_.voce[i]);
      stiffness = std::min(stiffness, 1.5 * table_.young[i] / (1.0 + table_.poisson[i]));
    }
    steepest *= *std::max_element(table_.voce_rate.begin(), table_.voce_rate.end());
    if (steepest >= stiffness)
      fail("Q", -steepest,
           "times b softens faster than the elastic stiffness 3 G = " +
               core::number_text(stiffness) + "; take a smaller b: Q b is");
  }

  static constexpr std::size_t no_row = static_cast<std::size_t>(-1);
  const MaterialTable& table_;
  const std::string& where_;
};

} // namespace

void check_material(const MaterialTable& table, const std::string& where) {
  Check(table, where).run();
}

} // namespace linnet::fem
