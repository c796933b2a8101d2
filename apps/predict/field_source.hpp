// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Where the fields come from that a network is applied to, and those that it is to predict.
#pragma once

#include "field_parts.hpp"

#include <linnet/core/app_runtime.hpp>
#include <linnet/nn/fields/field_samples.hpp>
#include <linnet/problems/operators/field_sampler.hpp>

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace app {

/// Samples by number. All calls but the plain questions are collective.
class FieldSource {
public:
  explicit FieldSource(const linnet::core::AppContext& context) : context_(context) {}
  virtual ~FieldSource() = default;
  FieldSource(const FieldSource&) = delete;
  FieldSource& operator=(const FieldSource&) = delete;
  FieldSource(FieldSource&&) = delete;
  FieldSource& operator=(FieldSource&&) = delete;

  [[nodiscard]] virtual linnet::core::Index3 points() const = 0;
  [[nodiscard]] virtual std::string recipe() const = 0;
  /// Samples that there are; nothing: as many as are asked for.
  [[nodiscard]] virtual std::optional<std::int64_t> count() const { return std::nullopt; }
  /// The sample that the next calls are about.
  virtual void select(std::int64_t sample) = 0;
  /// Seconds that select() took on one rank to solve for what is to be predicted; 0: it is known.
  [[nodiscard]] virtual double seconds() const { return 0.0; }

  /// True if samples are frames of an evolution, each of one channel.
  [[nodiscard]] bool is_evolution() const { return channels(linnet::nn::evolution_field) > 0; }
  /// Channels of an input, and of what is to be predicted; 0: that is not known.
  [[nodiscard]] int in() const;
  [[nodiscard]] int out() const;
  /// Applications after which it is known what is to be predicted.
  [[nodiscard]] int known_steps() const;
  /// The input of the sample, and what is to come after @p step applications, on the boxes of
  /// @p parts. @throws core::Error (data) on all ranks for a value that is not finite.
  std::vector<double> input(FieldParts& parts);
  std::vector<double> target(int step, FieldParts& parts);

protected:
  /// 0: there is no such field.
  [[nodiscard]] virtual int channels(const std::string& field) const = 0;
  virtual std::vector<double> part(const std::string& field, int first, int count,
                                   FieldParts& parts) = 0;
  [[nodiscard]] const linnet::core::AppContext& context() const { return context_; }

private:
  std::vector<double> finite_part(const std::string& field, int first, int count,
                                  FieldParts& parts);
  const linnet::core::AppContext& context_;
};

/// As -predict_data says. Collective. @throws core::Error on all ranks.
std::unique_ptr<FieldSource> make_source(const linnet::core::AppContext& context);
std::unique_ptr<FieldSource> sample_file(const linnet::core::AppContext& context);
std::unique_ptr<FieldSource> generator(const linnet::core::AppContext& context);

/// The path of -predict_input. Collective. @throws core::Error where it is not given or not there.
std::string input_file(const linnet::core::AppContext& context);
/// Samples of fields that -predict_data names. Not collective. @throws core::Error (usage).
std::unique_ptr<linnet::problems::FieldSampler> field_sampler(const linnet::core::Options& options);

} // namespace app
