// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include "history.hpp"

#include <linnet/core/agreement.hpp>
#include <linnet/io/atomic_file.hpp>
#include <linnet/io/h5_file.hpp>

#include <petscsys.h>

#include <cstdio>

namespace app {

namespace {

std::string to_csv(const std::vector<linnet::nn::EpochRecord>& history) {
  std::string text = "epoch,training_loss,held_out_loss,learning_rate\n";
  char line[160];
  for (const auto& r : history) {
    std::snprintf(line, sizeof line, "%lld,%.17g,%.17g,%.17g\n", static_cast<long long>(r.epoch),
                  r.training, r.validation, r.rate);
    text += line;
  }
  return text;
}

void write_hdf5(const std::string& path, const std::vector<linnet::nn::EpochRecord>& history) {
  const std::string temporary = path + ".tmp";
  auto file = linnet::io::H5File::create(PETSC_COMM_SELF, temporary);
  const auto rows = static_cast<std::int64_t>(history.size());
  file.resize_table("/history", rows, 4);
  file.write_attribute("/history", "columns", "epoch,training_loss,held_out_loss,learning_rate");
  std::vector<double> values;
  for (const auto& r : history)
    values.insert(values.end(), {static_cast<double>(r.epoch), r.training, r.validation, r.rate});
  file.write("/history", {{0, 0}, {rows, 4}}, values.data());
  file.close();
  linnet::io::flush_to_disk(temporary);
  linnet::io::rename_durably(temporary, path);
}

} // namespace

void write_history(MPI_Comm comm, const std::string& stem,
                   const std::vector<linnet::nn::EpochRecord>& history) {
  linnet::core::on_first_rank(comm, [&] {
    linnet::io::write_file_atomically(stem + ".history.csv", to_csv(history));
    write_hdf5(stem + ".history.h5", history);
  });
}

void write_values(MPI_Comm comm, const std::string& path, const std::vector<double>& values) {
  linnet::core::on_first_rank(comm, [&] {
    std::string text = "evaluation,best_rate\n";
    char line[64];
    for (std::size_t i = 0; i < values.size(); ++i) {
      std::snprintf(line, sizeof line, "%zu,%.17g\n", i + 1, values[i]);
      text += line;
    }
    linnet::io::write_file_atomically(path, text);
  });
}

} // namespace app
