// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// The materials of a model, as kernels read them.
#pragma once

#include <linnet/fem/material/material_table.hpp>
#include <linnet/kernels/compat.hpp>
#include <linnet/kernels/solid/material.hpp>

#include <mpi.h>

#include <string>
#include <vector>

namespace linnet::fem {

/// What to do with a temperature outside of a material's table; -solid_temperature_outside.
enum class OutsideTable { clamp, refuse };

/// From the first to the last row. A material of one row holds at all temperatures.
struct TemperatureRange {
  double lowest;
  double highest;
  [[nodiscard]] bool contains(double t) const { return t >= lowest && t <= highest; }
};

/// Several materials, the same on every rank. Copies share the storage of kernels.
class Materials {
public:
  /// Needs a running Kokkos (core::ensure_kokkos). At least one table; names differ. @p source (a
  /// file) begins messages. Not collective. @throws core::Error (data).
  explicit Materials(std::vector<MaterialTable> tables, std::string source = "material");

  /// Those of a file, read by rank 0. Collective; @throws core::Error (data) on all ranks.
  static Materials read(MPI_Comm comm, const std::string& path);

  [[nodiscard]] int count() const { return static_cast<int>(tables_.size()); }
  [[nodiscard]] const MaterialTable& table(int i) const { return tables_[place(i)]; }
  [[nodiscard]] const std::string& name(int i) const { return table(i).name; }
  [[nodiscard]] const std::string& source() const { return source_; }
  [[nodiscard]] TemperatureRange range(int i) const;
  /// The most state numbers at a point over all materials.
  [[nodiscard]] int state_size() const;

  /// For kernels: entry i is material i, its table in the memory of the execution space.
  [[nodiscard]] const kernels::Array<kernels::SolidMaterial>& on_device() const { return device_; }
  /// For the host; refers to this object's storage, also after it was copied or moved.
  [[nodiscard]] kernels::SolidMaterial on_host(int i) const;

  /// The material of each region: one that is `everywhere` for all, else by name.
  /// @throws core::Error (data) naming a region without material and the names there are. A
  /// material that no region names is no error.
  [[nodiscard]] std::vector<int> of_regions(const std::vector<std::string>& regions) const;

  /// 16 hexadecimal digits over names and all values, for archives that only fit these materials.
  [[nodiscard]] std::string fingerprint() const;

private:
  [[nodiscard]] static std::size_t place(int i) { return static_cast<std::size_t>(i); }
  void fill();

  std::string source_;
  std::vector<MaterialTable> tables_;
  std::vector<std::size_t> begin_; // of each material in values_
  kernels::Array<double> values_;
  kernels::HostArray<double> host_values_;
  kernels::Array<kernels::SolidMaterial> device_;
};

} // namespace linnet::fem
