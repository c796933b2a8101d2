// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include "function_output.hpp"

#include "field_parts.hpp"

#include <linnet/core/agreement.hpp>
#include <linnet/io/atomic_file.hpp>
#include <linnet/io/field_writer.hpp>
#include <linnet/io/h5_file.hpp>

namespace app {

using linnet::core::AppContext;
using linnet::core::Index3;
using linnet::grid::IndexBox;

namespace {

using Values = std::vector<double>;

Values difference(std::span<const double> a, std::span<const double> b) {
  Values result(a.begin(), a.end());
  for (std::size_t i = 0; i < result.size(); ++i) result[i] -= b[i];
  return result;
}

/// This rank's layers of a grid of @p n points, cut along its slowest direction.
IndexBox layers(const AppContext& context, const Index3& n, int dimension) {
  const auto d = static_cast<std::size_t>(dimension - 1);
  const auto begin = [&](std::int64_t rank) {
    return static_cast<int>(n[d] * rank / context.ranks());
  };
  IndexBox box{{0, 0, 0}, n};
  box.lo[d] = begin(context.rank());
  box.hi[d] = begin(context.rank() + 1);
  return box;
}

class FieldFiles final : public FunctionOutput {
public:
  FieldFiles(const AppContext& context, const std::string& stem, const FunctionOutputLayout& layout)
      : layout_(layout), n_(layout.grid->points()),
        parts_(context.comm(), n_, layers(context, n_, layout.grid->dim)),
        writer_(context.comm(), stem, *layout.grid, {context.command(), context.deck()}) {}
  void write(const PredictedSample& sample) override {
    writer_.begin_step(static_cast<double>(writer_.steps()), 1);
    writer_.write_step_attribute("sample", static_cast<double>(sample.number));
    if (layout_.input_is_field) put("input", sample.input);
    put("prediction", sample.prediction);
    if (layout_.has_truth) {
      put("reference", sample.truth);
      put("error", difference(sample.prediction, sample.truth));
    }
    writer_.end_step();
  }
  void close() override { writer_.close(); }
  [[nodiscard]] std::vector<std::string> files() const override { return writer_.files(); }

private:
  /// Layers are side by side in @p whole.
  void put(const std::string& name, std::span<const double> whole) {
    const auto size = static_cast<std::size_t>(linnet::core::volume(n_)),
               mine = static_cast<std::size_t>(parts_.box().size());
    const Index3& lo = parts_.box().lo;
    const auto first =
        static_cast<std::size_t>(lo[0] + n_[0] * (lo[1] + std::int64_t{n_[1]} * lo[2]));
    Values part;
    part.reserve(whole.size() / size * mine);
    for (std::size_t c = 0; c < whole.size() / size; ++c) {
      const auto from = whole.subspan(c * size + (mine > 0 ? first : 0), mine);
      part.insert(part.end(), from.begin(), from.end());
    }
    writer_.write_point(name, parts_.to_vec(part, static_cast<int>(whole.size() / size)).get());
  }

  FunctionOutputLayout layout_;
  Index3 n_;
  FieldParts parts_;
  linnet::io::FieldWriter writer_;
};

/// Written by the first rank, under a temporary name until all of it is there.
class Tables final : public FunctionOutput {
public:
  Tables(const AppContext& context, const std::string& stem, FunctionOutputLayout layout)
      : comm_(context.comm()), path_(stem + ".h5"), layout_(std::move(layout)) {
    linnet::core::on_first_rank(comm_, [&] {
      linnet::io::create_parent_folder(path_);
      file_.emplace(linnet::io::H5File::create(PETSC_COMM_SELF, path_ + ".tmp"));
      file_->write_attribute("/", "format", "linnet-predictions");
      file_->write_attribute("/", "command", context.command());
      file_->write_attribute("/", "deck", context.deck());
      create();
    });
  }
  void write(const PredictedSample& sample) override {
    linnet::core::on_first_rank(comm_, [&] {
      const std::int64_t number = sample.number;
      file_->write("/sample", {{written_}, {1}}, &number);
      put("/input", {layout_.sensors}, sample.input);
      if (layout_.shared.values.empty())
        put("/points", {layout_.points, layout_.coordinates}, sample.points);
      put("/prediction", {layout_.outputs, layout_.points}, sample.prediction);
      if (layout_.has_truth) {
        put("/reference", {layout_.outputs, layout_.points}, sample.truth);
        put("/error", {layout_.outputs, layout_.points},
            difference(sample.prediction, sample.truth));
      }
      ++written_;
    });
  }
  void close() override {
    linnet::core::on_first_rank(comm_, [&] {
      file_->close();
      file_.reset();
      linnet::io::flush_to_disk(path_ + ".tmp");
      linnet::io::rename_durably(path_ + ".tmp", path_);
    });
  }
  [[nodiscard]] std::vector<std::string> files() const override { return {path_}; }

private:
  void create() {
    using linnet::io::NumberType;
    const std::int64_t samples = layout_.samples;
    const linnet::io::Shape values{samples, layout_.outputs, layout_.points};
    file_->create_dataset("/sample", NumberType::int64, {samples});
    file_->create_dataset("/input", NumberType::float64, {samples, layout_.sensors});
    file_->create_dataset("/prediction", NumberType::float64, values);
    if (layout_.has_truth)
      for (const char* name : {"/reference", "/error"})
        file_->create_dataset(name, NumberType::float64, values);
    if (layout_.shared.values.empty()) {
      file_->create_dataset("/points", NumberType::float64,
                            {samples, layout_.points, layout_.coordinates});
      return;
    }
    const linnet::io::Shape all{layout_.points, layout_.shared.coordinates};
    file_->create_dataset("/points", NumberType::float64, all);
    file_->write("/points", {{0, 0}, all}, layout_.shared.values.data());
  }
  void put(const std::string& dataset, const linnet::io::Shape& shape,
           std::span<const double> values) {
    linnet::io::Slab slab{{written_}, {1}};
    for (const std::int64_t extent : shape) {
      slab.offset.push_back(0);
      slab.count.push_back(extent);
    }
    file_->write(dataset, slab, values.data());
  }

  MPI_Comm comm_;
  std::string path_;
  FunctionOutputLayout layout_;
  std::optional<linnet::io::H5File> file_; ///< on the first rank
  std::int64_t written_ = 0;
};

} // namespace

std::unique_ptr<FunctionOutput> make_function_output(const AppContext& context,
                                                     const std::string& stem,
                                                     const FunctionOutputLayout& layout) {
  if (layout.grid) return std::make_unique<FieldFiles>(context, stem, layout);
  return std::make_unique<Tables>(context, stem, layout);
}

} // namespace app
