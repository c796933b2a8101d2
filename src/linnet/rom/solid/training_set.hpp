// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Snapshots of several loadings in memory.
#pragma once

#include <linnet/rom/solid/lift.hpp>
#include <linnet/rom/solid/solid_snapshots.hpp>

#include <string>
#include <vector>

namespace linnet::rom {

/// One loading and its solution without reduction. Memory: (3 nodes + 7 points) numbers a step.
struct TrainingLoading {
  std::string name;
  DecomposedLoading loading;
  linalg::ColumnStore lifts;                                ///< of loading.held()
  linalg::ColumnStore displacement, plastic_strain, stress; ///< a column for each step

  [[nodiscard]] int steps() const { return loading.steps(); }
};

/// The first steps of a loading, or all of them.
struct TrainingPart {
  const TrainingLoading* loading;
  int steps;
  TrainingPart(const TrainingLoading& all) // NOLINT(google-explicit-constructor): the usual part
      : TrainingPart(all, all.steps()) {}
  TrainingPart(const TrainingLoading& of, int first_steps) : loading(&of), steps(first_steps) {}
};

/// Reads a file of snapshots; @p model serves the lifts and is left in its state zero. Collective;
/// @throws core::Error as SnapshotFile.
TrainingLoading read_training_loading(const std::string& path, fem::SolidModel& model,
                                      const std::string& materials);

/// u - sum_k c_k U_k at times()[index], into @p u, which holds u. Not collective.
void remove_lift(const DecomposedLoading& loading, const linalg::ColumnStore& lifts,
                 std::size_t index, std::span<double> u);
/// The way back. Not collective.
void add_lift(const DecomposedLoading& loading, const linalg::ColumnStore& lifts, std::size_t index,
              std::span<double> u);

} // namespace linnet::rom
