// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include "field_source.hpp"

#include <linnet/core/agreement.hpp>
#include <linnet/core/error.hpp>
#include <linnet/nn/training/sample_file.hpp>

#include <optional>

namespace app {

using linnet::core::AppContext;
using namespace linnet::nn;

namespace {

class SampleFile final : public FieldSource {
public:
  explicit SampleFile(const AppContext& context) : FieldSource(context) {
    path_ = input_file(context);
    linnet::core::together(context.comm(), [&] {
      reader_.emplace(path_);
      if (reader_->complete() < reader_->layout().samples)
        linnet::core::throw_data(path_ + ": holds " + std::to_string(reader_->complete()) + " of " +
                                 std::to_string(reader_->layout().samples) +
                                 " samples; let the run that makes it go on");
      if (in() < 1)
        linnet::core::throw_data(path_ + ": has neither a field '" + coefficient_field + "' nor '" +
                                 evolution_field + "'");
    });
  }
  [[nodiscard]] linnet::core::Index3 points() const override { return reader_->layout().points; }
  [[nodiscard]] std::string recipe() const override { return reader_->layout().recipe; }
  [[nodiscard]] std::optional<std::int64_t> count() const override {
    return reader_->layout().samples;
  }
  void select(std::int64_t sample) override { sample_ = sample; }

private:
  [[nodiscard]] int channels(const std::string& field) const override {
    return reader_->channels(field);
  }
  std::vector<double> part(const std::string& field, int first, int count,
                           FieldParts& parts) override {
    std::vector<double> values(static_cast<std::size_t>(count * parts.box().size()));
    linnet::core::together(context().comm(), [&] {
      if (!parts.box().empty())
        reader_->read_box(field, sample_, parts.box(), values.data(), first, count);
    });
    return values;
  }

  std::string path_;
  std::optional<SampleReader> reader_;
  std::int64_t sample_ = 0;
};

} // namespace

std::string input_file(const AppContext& context) {
  const char* const option = "-predict_input";
  const std::string name = context.options().string(option);
  if (name.empty())
    context.options().fail(option, "is not given; name a file of samples, or where inputs come "
                                   "from with -predict_data");
  return context.find_file(option, name);
}

std::unique_ptr<FieldSource> sample_file(const AppContext& context) {
  return std::make_unique<SampleFile>(context);
}

} // namespace app
