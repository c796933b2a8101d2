// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/fem/material/materials.hpp>

#include <linnet/core/error.hpp>
#include <linnet/core/text.hpp>
#include <linnet/io/checksum.hpp>
#include <linnet/io/text_file.hpp>

#include <algorithm>
#include <cstdio>
#include <limits>

namespace linnet::fem {

namespace {

using kernels::SolidMaterial;

/// The rows of a table as SolidMaterial has them.
std::vector<double> rows_of(const MaterialTable& table) {
  std::vector<double> rows;
  const auto entry = [](const std::vector<double>& column, std::size_t row, double none) {
    return column.empty() ? none : column[row];
  };
  for (std::size_t i = 0; i < table.temperature.size(); ++i) {
    rows.insert(rows.end(),
                {table.temperature[i], table.young[i], table.poisson[i], table.expansion[i],
                 entry(table.yield, i, 0.0), entry(table.voce, i, 0.0),
                 entry(table.voce_rate, i, 0.0), entry(table.hardening, i, 0.0),
                 entry(table.drag, i, 0.0), entry(table.exponent, i, 1.0)});
    for (std::size_t k = 0; k < table.kinematic.size(); ++k)
      rows.insert(rows.end(), {table.kinematic[k][i], table.recovery[k][i]});
  }
  return rows;
}

SolidMaterial view_of(const MaterialTable& table, const double* rows) {
  SolidMaterial material;
  material.table = rows;
  material.rows = table.rows();
  material.backstresses = table.backstresses();
  material.reference_temperature = table.reference_temperature;
  material.density = table.density;
  material.yields = table.yields();
  material.viscous = table.viscous();
  return material;
}

std::string listed(const std::vector<MaterialTable>& tables) {
  std::vector<std::string> names;
  for (const MaterialTable& table : tables) names.push_back("'" + table.name + "'");
  return core::joined(names);
}

} // namespace

Materials::Materials(std::vector<MaterialTable> tables, std::string source)
    : source_(std::move(source)), tables_(std::move(tables)) {
  if (tables_.empty()) core::throw_data(source_ + ": holds no material");
  for (std::size_t i = 0; i < tables_.size(); ++i) {
    check_material(tables_[i], source_);
    for (std::size_t j = 0; j < i; ++j)
      if (tables_[j].name == tables_[i].name)
        core::throw_data(source_ + ": two materials have the name '" + tables_[i].name + "'");
  }
  fill();
}

Materials Materials::read(MPI_Comm comm, const std::string& path) {
  const std::string text = io::read_text_file(comm, path, "material file");
  return Materials(material_tables_from_json(text, path), path); // the same on all ranks
}

void Materials::fill() {
  std::vector<double> all;
  for (const MaterialTable& table : tables_) {
    begin_.push_back(all.size());
    const std::vector<double> rows = rows_of(table);
    all.insert(all.end(), rows.begin(), rows.end());
  }
  values_ = kernels::Array<double>("linnet::fem::material_values", all.size());
  host_values_ = Kokkos::create_mirror_view(values_);
  std::copy(all.begin(), all.end(), host_values_.data());
  Kokkos::deep_copy(values_, host_values_);
  device_ = kernels::Array<SolidMaterial>("linnet::fem::materials", tables_.size());
  const auto host = Kokkos::create_mirror_view(device_);
  for (std::size_t i = 0; i < tables_.size(); ++i)
    host(i) = view_of(tables_[i], values_.data() + begin_[i]);
  Kokkos::deep_copy(device_, host);
}

SolidMaterial Materials::on_host(int i) const {
  return view_of(table(i), host_values_.data() + begin_[place(i)]);
}

TemperatureRange Materials::range(int i) const {
  constexpr double endless = std::numeric_limits<double>::infinity();
  const auto& t = table(i).temperature;
  if (t.size() == 1 && !table(i).isothermal) return {-endless, endless};
  return {t.front(), t.back()};
}

int Materials::state_size() const {
  int size = 0;
  for (int i = 0; i < count(); ++i) size = std::max(size, on_host(i).state_size());
  return size;
}

std::vector<int> Materials::of_regions(const std::vector<std::string>& regions) const {
  if (count() == 1 && tables_[0].everywhere) return std::vector<int>(regions.size(), 0);
  std::vector<int> found;
  for (const std::string& region : regions) {
    const auto place = std::find_if(tables_.begin(), tables_.end(),
                                    [&](const MaterialTable& t) { return t.name == region; });
    if (place == tables_.end())
      core::throw_data(
          source_ + ": has no material for the mesh's region '" + region + "'; it has " +
          listed(tables_) +
          ". Name materials as the regions, or give one table for all, without 'materials'");
    found.push_back(static_cast<int>(place - tables_.begin()));
  }
  return found;
}

std::string Materials::fingerprint() const {
  std::uint64_t hash = 0;
  std::uint64_t number = 0;
  const auto add = [&](double value) { hash += io::number_hash(number++, value); };
  for (const MaterialTable& table : tables_) {
    hash += io::text_hash(table.name + "/" + std::to_string(number));
    add(table.rows());
    add(table.backstresses());
    add(table.yields() ? 1.0 : 0.0);
    add(table.viscous() ? 1.0 : 0.0);
    add(table.reference_temperature);
    add(table.density);
    for (const double value : rows_of(table)) add(value);
  }
  char text[17];
  std::snprintf(text, sizeof text, "%016llx", static_cast<unsigned long long>(hash));
  return text;
}

} // namespace linnet::fem
