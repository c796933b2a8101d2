// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include "basis_run.hpp"

#include "field_samples.hpp"
#include "options.hpp"

#include <linnet/core/agreement.hpp>
#include <linnet/core/kokkos_session.hpp>
#include <linnet/core/text.hpp>
#include <linnet/core/version.hpp>
#include <linnet/io/model_file.hpp>
#include <linnet/io/results.hpp>
#include <linnet/io/writable_outputs.hpp>
#include <linnet/linalg/dense_columns.hpp>
#include <linnet/linalg/pod.hpp>
#include <linnet/linalg/tabulated_basis.hpp>
#include <linnet/nn/training/sample_file.hpp>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace app {

using linnet::core::AppContext;
using linnet::core::Index3;
using linnet::core::number_text;
using linnet::core::Options;
using linnet::core::Owned;
using linnet::linalg::LocalColumns;
using linnet::linalg::TabulatedBasis;
using linnet::nn::SampleReader;

namespace {

/// The square of their number is kept in memory several times.
constexpr std::int64_t most_snapshots = 20000;
/// Rows of a tile, at least: the piece of work whose sums have the same bits on every rank.
constexpr int least_tile = 64;

/// Layers of the grid across its last direction, dealt out to the ranks by whole tiles.
struct Rows {
  int first = 0, last = 0; ///< layers of this rank
  int layer = 1;           ///< points of one
  int tile = 1;            ///< points of a tile
};

Rows rows_of(const AppContext& context, const Index3& n) {
  const bool flat = n[2] == 1;
  const int layers = flat ? n[1] : n[2];
  Rows rows;
  rows.layer = flat ? n[0] : n[0] * n[1];
  const int each = std::max(1, (least_tile + rows.layer - 1) / rows.layer);
  const int tiles = (layers + each - 1) / each;
  const auto begin = [&](int rank) {
    return std::min<int>(layers,
                         static_cast<int>(std::int64_t{tiles} * rank / context.ranks()) * each);
  };
  rows.first = begin(context.rank());
  rows.last = begin(context.rank() + 1);
  rows.tile = each * rows.layer;
  return rows;
}

class BasisTraining {
public:
  explicit BasisTraining(AppContext& context)
      : context_(context), options_(context.options()), stem_(options_.string("-train_output")) {
    if (!is_field_data(options_))
      options_.fail("-train_network", "basis is made of solutions; take a -train_data of fields, "
                                      "as diffusion_lognormal, not " +
                                          options_.choice("-train_data"));
  }

  void run() {
    linnet::io::require_writable_outputs(
        context_, {{"-train_output", stem_ + ".model.h5"},
                   {"-train_samples_file", options_.string("-train_samples_file")}});
    require_field();
    sample_seconds_ = make_field_samples(context_, *make_field_sampler(context_));
    const double start = context_.seconds();
    open();
    print_start();
    decompose();
    judge();
    train_seconds_ = context_.seconds() - start;
    write_model();
    finish();
  }

private:
  [[nodiscard]] std::string field() const { return options_.string("-train_basis_field"); }
  [[nodiscard]] std::int64_t held_out() const { return options_.integer64("-train_test"); }
  [[nodiscard]] std::int64_t training() const { return reader_->layout().samples - held_out(); }

  /// Before samples are made, which takes time.
  void require_field() const {
    LINNET_CHECK(linnet::core::ensure_kokkos());
    std::string names;
    bool found = false;
    const auto sampler = make_field_sampler(context_);
    const std::int64_t samples = sample_count(options_, *sampler);
    if (held_out() >= samples)
      options_.fail("-train_test",
                    "leaves none of " + std::to_string(samples) + " samples to train on");
    for (const auto& f : sampler->fields()) {
      names += (names.empty() ? "" : ", ") + f.name;
      found = found || f.name == field();
    }
    if (!found) options_.fail("-train_basis_field", "must be one of " + names + ", got " + field());
  }

  void open() {
    linnet::core::together(context_.comm(), [&] {
      reader_ = std::make_unique<SampleReader>(options_.string("-train_samples_file"));
      channels_ = reader_->channels(field());
      if (training() * channels_ > most_snapshots)
        options_.fail("-train_samples", "gives " + std::to_string(training() * channels_) +
                                            " snapshots; at most " +
                                            std::to_string(most_snapshots) + " are taken");
    });
    rows_ = rows_of(context_, reader_->layout().points);
  }

  /// This rank's rows of samples @p first to @p last - 1.
  Owned<Mat> snapshots(std::int64_t first, std::int64_t last) const {
    const Index3 n = reader_->layout().points;
    const auto columns = static_cast<PetscInt>((last - first) * channels_);
    Owned<Mat> matrix = linnet::linalg::make_columns(
        context_.comm(), static_cast<PetscInt>(rows_.last - rows_.first) * rows_.layer, columns);
    const LocalColumns to(matrix.get(), LocalColumns::Access::write);
    linnet::grid::IndexBox box{{0, 0, 0}, n};
    const std::size_t across = n[2] == 1 ? 1 : 2;
    box.lo[across] = rows_.first;
    box.hi[across] = rows_.last;
    linnet::core::together(context_.comm(), [&] {
      if (box.empty()) return;
      PetscInt column = 0;
      for (std::int64_t s = first; s < last; ++s)
        for (int c = 0; c < channels_; ++c)
          reader_->read_box(field(), s, box, to.column(column++), c, 1);
    });
    return matrix;
  }

  /// Squares of the norms of the columns, with the same bits on any number of ranks.
  std::vector<double> squares(Mat matrix) const {
    const LocalColumns columns(matrix, LocalColumns::Access::read);
    const auto count = static_cast<std::size_t>(columns.columns());
    const int tiles = static_cast<int>((reader_->layout().points[2] == 1
                                            ? std::int64_t{reader_->layout().points[1]}
                                            : std::int64_t{reader_->layout().points[2]}) *
                                           rows_.layer / rows_.tile +
                                       1);
    std::vector<double> parts(count * static_cast<std::size_t>(tiles), 0.0);
    const int first_tile = rows_.first * rows_.layer / rows_.tile;
    for (PetscInt j = 0; j < columns.columns(); ++j)
      for (PetscInt i = 0; i < columns.rows(); ++i)
        parts[static_cast<std::size_t>(first_tile + i / rows_.tile) * count +
              static_cast<std::size_t>(j)] += columns.column(j)[i] * columns.column(j)[i];
    // One rank has each of them, the others add 0.
    MPI_Allreduce(MPI_IN_PLACE, parts.data(), static_cast<int>(parts.size()), MPI_DOUBLE, MPI_SUM,
                  context_.comm());
    std::vector<double> sums(count, 0.0);
    for (std::size_t p = 0; p < parts.size(); ++p) sums[p % count] += parts[p];
    return sums;
  }

  void normalise(Mat matrix) const {
    const std::vector<double> sizes = squares(matrix);
    const LocalColumns columns(matrix, LocalColumns::Access::write);
    for (PetscInt j = 0; j < columns.columns(); ++j) {
      const double size = sizes[static_cast<std::size_t>(j)];
      if (size == 0.0) continue;
      for (PetscInt i = 0; i < columns.rows(); ++i) columns.column(j)[i] /= std::sqrt(size);
    }
  }

  void print_start() const {
    const Index3& n = reader_->layout().points;
    context_.print("train: basis of a coarse space, %d %s\n", context_.ranks(),
                   context_.ranks() == 1 ? "rank" : "ranks");
    context_.print(
        "  samples       %lld of %s to train on, %lld held out, of %d x %d x %d points\n",
        static_cast<long long>(training()), options_.choice("-train_data").c_str(),
        static_cast<long long>(held_out()), n[0], n[1], n[2]);
  }

  void decompose() {
    const Owned<Mat> all = snapshots(0, training());
    if (options_.boolean("-train_basis_normalise")) normalise(all.get());
    pod_ = linnet::linalg::pod(all.get(),
                               {.most = options_.integer("-train_basis_size"), .tile = rows_.tile});
    LINNET_CHECK(MatGetSize(pod_.modes.get(), nullptr, &modes_));
    const auto sum = [&](std::size_t first) {
      return std::accumulate(pod_.eigenvalues.begin() + static_cast<std::ptrdiff_t>(first),
                             pod_.eigenvalues.end(), 0.0);
    };
    left_out_ = std::sqrt(sum(static_cast<std::size_t>(modes_)) / sum(0));
    context_.print("  modes         %d, which leave %.2e of the training solutions\n",
                   static_cast<int>(modes_), left_out_);
  }

  /// Root mean square of the parts of solutions held out that the modes do not have.
  void judge() {
    if (held_out() == 0) return;
    const Owned<Mat> others = snapshots(training(), training() + held_out());
    const std::vector<double> parts =
                                  linnet::linalg::inner_products(pod_.modes.get(), others.get()),
                              sizes = squares(others.get());
    double sum = 0.0;
    const auto m = static_cast<std::size_t>(modes_);
    for (std::size_t j = 0; j < sizes.size(); ++j) {
      double inside = 0.0;
      for (std::size_t i = 0; i < m; ++i) inside += parts[i + m * j] * parts[i + m * j];
      if (sizes[j] > 0.0) sum += std::max(0.0, 1.0 - inside / sizes[j]);
    }
    held_out_error_ = std::sqrt(sum / static_cast<double>(sizes.size()));
    context_.print("  held out      %.2e is left\n", held_out_error_);
  }

  /// All modes on the first rank, mode by mode.
  std::vector<double> gather() const {
    const LocalColumns columns(pod_.modes.get(), LocalColumns::Access::read);
    const int rows = static_cast<int>(columns.rows());
    std::vector<int> counts(static_cast<std::size_t>(context_.ranks())), offsets(counts.size());
    MPI_Gather(&rows, 1, MPI_INT, counts.data(), 1, MPI_INT, 0, context_.comm());
    for (std::size_t r = 1; r < counts.size(); ++r) offsets[r] = offsets[r - 1] + counts[r - 1];
    const std::int64_t points = linnet::core::volume(reader_->layout().points);
    std::vector<double> values(context_.rank() == 0 ? static_cast<std::size_t>(points * modes_)
                                                    : std::size_t{0});
    for (PetscInt j = 0; j < columns.columns(); ++j)
      MPI_Gatherv(columns.column(j), rows, MPI_DOUBLE,
                  context_.rank() == 0 ? values.data() + points * j : nullptr, counts.data(),
                  offsets.data(), MPI_DOUBLE, 0, context_.comm());
    return values;
  }

  [[nodiscard]] TabulatedBasis table(std::vector<double> values) const {
    const Index3 n = reader_->layout().points;
    const bool nodes = options_.choice("-train_basis_points") == "nodes";
    TabulatedBasis basis;
    basis.dimension = n[2] == 1 ? 2 : 3;
    for (std::size_t d = 0; d < static_cast<std::size_t>(basis.dimension); ++d) {
      for (int i = 0; i < n[d]; ++i)
        basis.axes[d].push_back(nodes && n[d] > 1 ? static_cast<double>(i) / (n[d] - 1)
                                                  : (i + 0.5) / n[d]);
      const bool zero = options_.boolean("-train_basis_zero");
      basis.zero[d] = {zero, zero};
    }
    basis.values = std::move(values);
    basis.eigenvalues = pod_.eigenvalues;
    return basis;
  }

  void write_model() const {
    linnet::io::ModelFile model;
    model.graph = R"({"basis":"pod"})";
    model.dtype = "float32"; // as the samples
    std::vector<double> values = gather();
    if (context_.rank() == 0) model.basis = arrays_of(table(std::move(values)));
    model.provenance = {{"command", context_.command()},
                        {"recipe", recipe(options_)},
                        {"data", reader_->layout().recipe},
                        {"version", LINNET_VERSION " (" LINNET_GIT_COMMIT ")"},
                        {"samples", std::to_string(training())},
                        {"left_out_training", number_text(left_out_)}};
    if (held_out() > 0) model.provenance["left_out_held_out"] = number_text(held_out_error_);
    linnet::io::write_model(context_.comm(), stem_ + ".model.h5", model);
  }

  void finish() const {
    linnet::io::Results results;
    results.app = context_.name();
    results.command = context_.command();
    results.ranks = context_.ranks();
    results.unknowns = linnet::core::volume(reader_->layout().points);
    results.converged = true;
    results.reason = "all modes found";
    results.setup_seconds = sample_seconds_;
    results.solve_seconds = train_seconds_;
    results.total_seconds = context_.seconds();
    results.peak_memory_mb = linnet::io::peak_memory_mb(context_.comm());
    results.outputs = {stem_ + ".model.h5", options_.string("-train_samples_file")};
    auto& own = results.objects["train"];
    own["modes"] = static_cast<std::int64_t>(modes_);
    own["left_out_training"] = left_out_;
    own["left_out_held_out"] = held_out_error_;
    context_.print("  seconds       %.1f for samples, %.1f for modes\n", sample_seconds_,
                   train_seconds_);
    context_.print("  model         %s\n", (stem_ + ".model.h5").c_str());
    if (!context_.results_file().empty())
      linnet::io::write_results(context_.comm(), context_.results_file(), results);
  }

  AppContext& context_;
  const Options& options_;
  std::string stem_;
  std::unique_ptr<SampleReader> reader_;
  int channels_ = 0;
  Rows rows_;
  linnet::linalg::Pod pod_;
  PetscInt modes_ = 0;
  double left_out_ = 0.0, held_out_error_ = 0.0, sample_seconds_ = 0.0, train_seconds_ = 0.0;
};

} // namespace

void run_basis_training(AppContext& context) { BasisTraining(context).run(); }

} // namespace app
