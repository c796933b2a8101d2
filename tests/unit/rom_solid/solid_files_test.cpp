// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include "blade_case.hpp"

#include <linnet/core/agreement.hpp>
#include <linnet/io/vec_array.hpp>
#include <linnet/rom/solid/archive.hpp>

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace linnet {
namespace {

constexpr std::array<PetscInt, 3> cells{3, 2, 4};
const std::vector<double> times{0, 5, 10, 15, 20, 40, 120, 220, 240};

struct Recorded {
  tests::Blade blade{PETSC_COMM_WORLD, cells};
  tests::Blade alone{PETSC_COMM_SELF, cells};
  std::string path = "solid_files.h5";
  Recorded() {
    tests::record(blade, blade.loading(tests::hot_spot(0.3, 0.3, 280), 0.02), times, path);
  }
  [[nodiscard]] std::string materials() const { return blade.materials.fingerprint(); }
  static const Recorded& once() {
    static const Recorded* const one = new Recorded;
    return *one;
  }
};

/// The line of the data error that @p work throws on all ranks.
template <class Work>
std::string data_error(Work&& work) {
  try {
    work();
  } catch (const core::Error& error) {
    return error.code() == core::ExitCode::data ? error.what() : "wrong code";
  }
  return "no error";
}

std::string content(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// A changed copy of a file, made by rank 0.
void write_copy(const std::string& to, const std::string& bytes) {
  core::on_first_rank(PETSC_COMM_WORLD, [&] {
    std::ofstream(to, std::ios::binary | std::ios::trunc).write(bytes.data(), std::ssize(bytes));
  });
}

TEST(SolidSnapshots, AreTheSameOnAnyNumberOfRanks) {
  const Recorded& r = Recorded::once();
  const rom::SnapshotFile mine(r.path, *r.blade.model, r.materials());
  const rom::SnapshotFile whole(r.path, *r.alone.model, r.materials());
  EXPECT_EQ(mine.times(), times);
  const rom::SolidNumbering numbering(*r.blade.model), all(*r.alone.model);
  const auto part = mine.state(5), state = whole.state(5);
  const io::VecReadArray u(part.displacement.get()), v(state.displacement.get());
  ASSERT_EQ(all.unknowns.size(), 3 * static_cast<std::size_t>(r.blade.mesh.all_nodes()));
  std::vector<double> by_number(all.unknowns.size());
  for (std::size_t i = 0; i < by_number.size(); ++i)
    by_number[static_cast<std::size_t>(all.unknowns[i])] = v.data()[i];
  for (std::size_t i = 0; i < numbering.unknowns.size(); ++i)
    EXPECT_EQ(u.data()[i], by_number[static_cast<std::size_t>(numbering.unknowns[i])]);
  double most = 0.0;
  for (std::size_t i = 0; i < numbering.points.size(); ++i) {
    const auto at = static_cast<std::size_t>(numbering.points[i]); // one rank: in order
    EXPECT_EQ(part.plastic_strain[i], state.plastic_strain[at]);
    for (std::size_t c = 0; c < 6; ++c) EXPECT_EQ(part.stress[6 * i + c], state.stress[6 * at + c]);
    most = std::max(most, part.plastic_strain[i]);
  }
  MPI_Allreduce(MPI_IN_PLACE, &most, 1, MPI_DOUBLE, MPI_MAX, PETSC_COMM_WORLD);
  EXPECT_GT(most, 1e-5);
}

TEST(SolidSnapshots, HoldTheLoading) {
  const Recorded& r = Recorded::once();
  const fem::Loading loading = r.blade.loading(tests::hot_spot(0.3, 0.3, 280), 0.02);
  const auto expected = rom::DecomposedLoading::of(loading, *r.blade.model, times);
  const auto found = rom::SnapshotFile(r.path, *r.blade.model, r.materials()).loading();
  EXPECT_EQ(found.times(), expected.times());
  EXPECT_EQ(found.held_unknowns(), expected.held_unknowns());
  EXPECT_EQ(found.held().terms(), 1);
  for (const auto part : {&rom::DecomposedLoading::temperature, &rom::DecomposedLoading::force,
                          &rom::DecomposedLoading::held}) {
    const rom::LoadTerms &a = (found.*part)(), &b = (expected.*part)();
    EXPECT_EQ(a.factors, b.factors);
    ASSERT_EQ(a.terms(), b.terms());
    for (int k = 0; k < a.terms(); ++k)
      EXPECT_TRUE(std::ranges::equal(a.fields.column(k), b.fields.column(k)));
  }
  std::vector<double> t(static_cast<std::size_t>(r.blade.model->points()));
  found.temperature_at(3, t);
  const auto direct = r.blade.model->temperature();
  loading.temperature(times[3], direct);
  const auto host = fem::host_copy(direct);
  for (std::size_t i = 0; i < t.size(); ++i) EXPECT_NEAR(t[i], host(i), 1e-10);
}

TEST(SolidSnapshots, LiftTakesThePrescribedValues) {
  const Recorded& r = Recorded::once();
  const auto training = rom::read_training_loading(r.path, *r.blade.model, r.materials());
  std::vector<double> u(training.displacement.column(4).begin(),
                        training.displacement.column(4).end());
  const std::vector<double> whole = u;
  rom::remove_lift(training.loading, training.lifts, 5, u);
  double moved = 0.0;
  for (std::size_t i = 0; i < u.size(); ++i)
    if (training.loading.held_unknowns()[i] != 0.0) {
      EXPECT_NEAR(u[i], 0.0, 1e-12);
      moved = std::max(moved, std::abs(whole[i]));
    }
  MPI_Allreduce(MPI_IN_PLACE, &moved, 1, MPI_DOUBLE, MPI_MAX, PETSC_COMM_WORLD);
  EXPECT_GT(moved, 0.01);
  rom::add_lift(training.loading, training.lifts, 5, u);
  for (std::size_t i = 0; i < u.size(); ++i) EXPECT_NEAR(u[i], whole[i], 1e-12);
}

TEST(SolidSnapshots, RefusesFilesThatDoNotFit) {
  const Recorded& r = Recorded::once();
  const auto line = [&](const std::string& path, const fem::SolidModel& model,
                        const std::string& materials) {
    return data_error([&] { rom::SnapshotFile(path, model, materials); });
  };
  EXPECT_NE(line(r.path, *r.blade.model, "other").find("other materials"), std::string::npos);
  const tests::Blade other(PETSC_COMM_WORLD, {3, 2, 5});
  EXPECT_NE(line(r.path, *other.model, r.materials()).find("another mesh"), std::string::npos);
  EXPECT_NE(line("missing.h5", *r.blade.model, r.materials()).find("missing.h5"),
            std::string::npos);
  const std::string bytes = content(r.path);
  write_copy("solid_short.h5", bytes.substr(0, bytes.size() / 2));
  EXPECT_NE(line("solid_short.h5", *r.blade.model, r.materials()).find("solid_short.h5"),
            std::string::npos);
}

TEST(SolidSnapshots, LeavesNoHalfFile) {
  const Recorded& r = Recorded::once();
  {
    rom::SnapshotWriter writer("solid_half.h5", *r.blade.model, r.materials(),
                               rom::SnapshotFile(r.path, *r.blade.model, r.materials()).loading());
    EXPECT_THROW(writer.close(), core::Error);
  }
  MPI_Barrier(PETSC_COMM_WORLD);
  EXPECT_FALSE(std::filesystem::exists("solid_half.h5"));
  EXPECT_FALSE(std::filesystem::exists("solid_half.h5.tmp"));
}

struct Archived {
  const Recorded& r = Recorded::once();
  rom::SolidProducts products{*r.blade.model, fem::DisplacementProduct::l2};
  rom::TrainingLoading training = rom::read_training_loading(r.path, *r.blade.model, r.materials());
  rom::SolidReducedModel model = learn();
  rom::OnlineHistory history = run(model);
  std::string path = "solid_archive.h5";

  Archived() {
    std::vector<rom::IndicatorPair> pairs;
    for (int i = 1; i <= 30; ++i) pairs.push_back({0.01 * i, 0.02 * i * (1.0 + 0.3 * (i % 3))});
    model.set_calibration(rom::Calibration::fit(pairs, {}));
    history = run(model);
    history.name = "again";
    history.steps[3].high_fidelity = true;
    history.steps[1].displacement.resize(2); // as before the basis grew
    rom::write_archive(path, model, r.materials(), {"-rom_tol_u 1e-6", {history}});
  }
  [[nodiscard]] rom::SolidReducedModel learn() const {
    const std::vector<rom::TrainingPart> parts{training};
    return rom::train_reduced_model(*r.blade.model, products, parts, {});
  }
  [[nodiscard]] rom::OnlineHistory run(const rom::SolidReducedModel& of) const {
    return rom::run_reduced(of, rom::QuadratureKind::ecm, training.loading, training.lifts, {});
  }
  static const Archived& once() {
    static const Archived* const one = new Archived;
    return *one;
  }
};

TEST(SolidArchive, ServesLoadingsOfItsSupportsAlone) {
  const Archived& a = Archived::once();
  const rom::Archive read =
      rom::read_archive(a.path, *a.r.blade.model, a.products, a.r.materials());
  EXPECT_EQ(read.model.basis().supports(), a.model.basis().supports());
  fem::Loading less(a.r.blade.mesh);
  less.hold("root", {false, false, true});
  less.hold("leading_pin", {true, true, false});
  const auto other = rom::DecomposedLoading::of(less, *a.r.blade.model, times);
  const linalg::ColumnStore none = rom::elastic_lifts(*a.r.blade.model, other);
  const std::string line =
      data_error([&] { rom::run_reduced(read.model, rom::QuadratureKind::ecm, other, none, {}); });
  EXPECT_NE(line.find("-solid_hold"), std::string::npos) << line;
  const MPI_Comm comm = a.r.blade.mesh.comm();
  const fem::SolidModel& solid = *a.r.blade.model;
  const rom::TrainingLoading different{"different",
                                       rom::DecomposedLoading::of(less, solid, times),
                                       rom::elastic_lifts(*a.r.blade.model, other),
                                       linalg::ColumnStore(comm, 3 * solid.mesh().owned_nodes()),
                                       linalg::ColumnStore(comm, solid.points()),
                                       linalg::ColumnStore(comm, 6 * solid.points())};
  const std::vector<rom::TrainingPart> parts{a.training, {different, 0}};
  const std::string both =
      data_error([&] { rom::train_reduced_model(solid, a.products, parts, {}); });
  EXPECT_NE(both.find("'different' holds other unknowns"), std::string::npos) << both;
}

TEST(SolidArchive, GivesTheSameModelBack) {
  const Archived& a = Archived::once();
  EXPECT_EQ(rom::archive_product(PETSC_COMM_WORLD, a.path), fem::DisplacementProduct::l2);
  const rom::Archive read =
      rom::read_archive(a.path, *a.r.blade.model, a.products, a.r.materials());
  EXPECT_EQ(read.model.points().points, a.model.points().points);
  EXPECT_EQ(read.model.points().weights, a.model.points().weights);
  EXPECT_EQ(read.model.points().rule.points, a.model.points().rule.points);
  EXPECT_EQ(read.model.at_points().strains, a.model.at_points().strains);
  EXPECT_EQ(read.model.basis().displacement_values(), a.model.basis().displacement_values());
  EXPECT_EQ(read.model.basis().stress_rows().size(), a.model.basis().stress_rows().size());
  EXPECT_EQ(read.model.calibration().estimate(0.2), a.model.calibration().estimate(0.2));
  EXPECT_EQ(read.content.options, "-rom_tol_u 1e-6");
  const rom::OnlineHistory again = a.run(read.model);
  for (std::size_t k = 0; k < again.steps.size(); ++k) { // bit by bit
    if (k != 1) {
      EXPECT_EQ(again.steps[k].displacement, a.history.steps[k].displacement);
    }
    EXPECT_EQ(again.steps[k].estimate, a.history.steps[k].estimate);
  }
  ASSERT_EQ(read.content.online.size(), 1U);
  const rom::OnlineHistory& online = read.content.online.front();
  EXPECT_EQ(online.name, "again");
  EXPECT_TRUE(online.steps[3].high_fidelity);
  EXPECT_FALSE(online.steps[2].high_fidelity);
  EXPECT_EQ(online.steps[4].plastic_strain, a.history.steps[4].plastic_strain);
  EXPECT_EQ(online.steps[1].displacement[2], 0.0);
}

TEST(SolidArchive, IsReadByAnotherNumberOfRanks) {
  const Archived& a = Archived::once();
  const rom::SolidProducts products(*a.r.alone.model, fem::DisplacementProduct::l2);
  const rom::Archive read = rom::read_archive(a.path, *a.r.alone.model, products, a.r.materials());
  EXPECT_EQ(read.model.points().points, a.model.points().points);
  const auto &mine = read.model.at_points().strains, &theirs = a.model.at_points().strains;
  ASSERT_EQ(mine.size(), theirs.size());
  double scale = 0.0;
  for (const double e : theirs) scale = std::max(scale, std::abs(e));
  for (std::size_t i = 0; i < mine.size(); ++i) EXPECT_NEAR(mine[i], theirs[i], 1e-13 * scale);
}

TEST(SolidArchive, RefusesWhatDoesNotFit) {
  const Archived& a = Archived::once();
  const auto line = [&](const std::string& path, const fem::SolidModel& model,
                        const std::string& materials) {
    return data_error([&] { rom::read_archive(path, model, a.products, materials); });
  };
  EXPECT_NE(line(a.path, *a.r.blade.model, "x").find("other materials"), std::string::npos);
  EXPECT_NE(line(a.r.path, *a.r.blade.model, a.r.materials()).find("another kind of file"),
            std::string::npos);
  const tests::Blade other(PETSC_COMM_WORLD, {3, 2, 5});
  EXPECT_NE(line(a.path, *other.model, a.r.materials()).find("another mesh"), std::string::npos);
  const std::string bytes = content(a.path);
  write_copy("solid_cut.h5", bytes.substr(0, bytes.size() * 3 / 4));
  EXPECT_NE(line("solid_cut.h5", *a.r.blade.model, a.r.materials()).find("solid_cut.h5"),
            std::string::npos);
}

TEST(SolidArchive, NoticesDamage) {
  const Archived& a = Archived::once();
  const std::string copy = "solid_damaged.h5";
  const auto damaged = [&](const std::string& dataset) {
    write_copy(copy, content(a.path));
    {
      io::H5File file = io::H5File::open(PETSC_COMM_WORLD, copy, io::H5File::Access::modify);
      int rank = 0;
      MPI_Comm_rank(PETSC_COMM_WORLD, &rank);
      const io::Shape shape = file.info(dataset).shape;
      io::Slab slab{io::Shape(shape.size(), 0), io::Shape(shape.size(), rank == 0 ? 1 : 0)};
      const double value = 0.12345;
      file.write(dataset, slab, &value);
      file.close();
    }
    return data_error(
        [&] { rom::read_archive(copy, *a.r.blade.model, a.products, a.r.materials()); });
  };
  for (const char* dataset : {"/modes/u", "/modes/sigma_rows", "/points/weight",
                              "/singular_values/p", "/calibration/E", "/online/again/gamma"})
    EXPECT_NE(damaged(dataset).find(std::string(dataset) + ": is damaged"), std::string::npos)
        << dataset << ": " << damaged(dataset);
}

} // namespace
} // namespace linnet
