// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/fem/material_point/point_table.hpp>

namespace linnet::fem {

namespace {

void add_names(std::vector<std::string>& names, const std::string& stem) {
  for (const char* component : component_names) names.push_back(stem + "_" + component);
}

/// All back stresses together.
Tensor6 whole_backstress(const MaterialPoint& point) {
  Tensor6 sum{};
  for (int b = 0; b < point.material().backstresses; ++b) {
    const Tensor6 part = point.backstress(b);
    for (std::size_t i = 0; i < 6; ++i) sum[i] += part[i];
  }
  return sum;
}

} // namespace

std::vector<std::string> point_columns(bool uniaxial, int backstresses) {
  std::vector<std::string> names{"t", "T"};
  if (uniaxial) {
    names.insert(names.end(), {"eps_total_axial", "sigma_axial", "ep_axial", "C*a", "p"});
    for (int b = 1; backstresses > 1 && b <= backstresses; ++b) {
      const std::string number = std::to_string(b);
      names.push_back("C" + number + "*a" + number);
    }
    return names;
  }
  for (const char* stem : {"em", "sig", "ep", "X"}) add_names(names, stem);
  names.emplace_back("p");
  for (int b = 1; backstresses > 1 && b <= backstresses; ++b)
    add_names(names, "X" + std::to_string(b));
  return names;
}

std::vector<double> point_row(const MaterialPoint& point, bool uniaxial) {
  const PointState& s = point.state();
  const int backstresses = point.material().backstresses;
  const Tensor6 x = whole_backstress(point);
  const double p = s.law[kernels::state_p];
  if (uniaxial) {
    std::vector<double> row{s.time, s.temperature, s.strain[0], s.stress[0], s.law[0], 1.5 * x[0],
                            p};
    for (int b = 0; backstresses > 1 && b < backstresses; ++b)
      row.push_back(1.5 * point.backstress(b)[0]);
    return row;
  }
  std::vector<double> row{s.time, s.temperature};
  const double thermal = point.thermal_strain();
  for (std::size_t i = 0; i < 6; ++i) row.push_back(s.strain[i] - (i < 3 ? thermal : 0.0));
  row.insert(row.end(), s.stress.begin(), s.stress.end());
  row.insert(row.end(), s.law.begin(), s.law.begin() + 6);
  row.insert(row.end(), x.begin(), x.end());
  row.push_back(p);
  for (int b = 0; backstresses > 1 && b < backstresses; ++b) {
    const Tensor6 part = point.backstress(b);
    row.insert(row.end(), part.begin(), part.end());
  }
  return row;
}

std::vector<std::string> tangent_columns() {
  std::vector<std::string> names;
  for (const char* row : component_names)
    for (const char* column : component_names)
      names.push_back(std::string("D_") + row + "_" + column);
  return names;
}

} // namespace linnet::fem
