// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
// Reading by one rank, and the way of the content to the others.
#include <linnet/io/model_file.hpp>

#include <linnet/core/agreement.hpp>
#include <linnet/io/model_reader.hpp>
#include <linnet/io/model_rules.hpp>

#include <algorithm>
#include <cstring>

namespace linnet::io {
namespace {

/// MPI counts with int.
constexpr std::size_t longest_message = std::size_t{1} << 27;

template <class T>
void broadcast(MPI_Comm comm, T* data, std::size_t count, MPI_Datatype type) {
  for (std::size_t begin = 0; begin < count; begin += longest_message)
    MPI_Bcast(data + begin, static_cast<int>(std::min(longest_message, count - begin)), type, 0,
              comm);
}

/// Appends to a text, or takes off its front; the same calls do both.
class Packer {
public:
  Packer() = default;
  explicit Packer(std::string text) : text_(std::move(text)), reading_(true) {}

  void number(std::int64_t& value) {
    if (reading_)
      std::memcpy(&value, take(sizeof value), sizeof value);
    else
      text_.append(reinterpret_cast<const char*>(&value), sizeof value);
  }
  void text(std::string& value) {
    auto size = static_cast<std::int64_t>(value.size());
    number(size);
    if (reading_)
      value.assign(take(static_cast<std::size_t>(size)), static_cast<std::size_t>(size));
    else
      text_ += value;
  }
  void shape(Shape& value) {
    auto size = static_cast<std::int64_t>(value.size());
    number(size);
    value.resize(static_cast<std::size_t>(size));
    for (std::int64_t& extent : value) number(extent);
  }
  void item(std::string& value) { text(value); }
  void item(ModelArray& array) {
    shape(array.shape);
    text(array.role);
  }
  template <class Value>
  void map(std::map<std::string, Value>& values) {
    auto size = static_cast<std::int64_t>(values.size());
    number(size);
    if (reading_) {
      for (; size > 0; --size) {
        std::string name;
        text(name);
        item(values[name]);
      }
      return;
    }
    for (auto& [name, value] : values) {
      std::string copy = name;
      text(copy);
      item(value);
    }
  }
  [[nodiscard]] std::string& packed() { return text_; }

private:
  const char* take(std::size_t size) {
    const char* front = text_.data() + position_;
    position_ += size;
    return front;
  }
  std::string text_;
  std::size_t position_ = 0;
  bool reading_ = false;
};

/// Everything but the values.
void pack(Packer& packer, ModelFile& model) {
  packer.text(model.graph);
  packer.text(model.dtype);
  packer.map(model.parameters);
  packer.map(model.normalisation);
  packer.map(model.basis);
  packer.map(model.provenance);
  std::int64_t has_check = model.check ? 1 : 0;
  packer.number(has_check);
  if (has_check == 0) return;
  if (!model.check) model.check.emplace();
  packer.item(model.check->input);
  packer.item(model.check->output);
}

void broadcast_description(MPI_Comm comm, bool first, ModelFile& model) {
  Packer out;
  if (first) pack(out, model);
  std::string text = std::move(out.packed());
  std::int64_t size = static_cast<std::int64_t>(text.size());
  MPI_Bcast(&size, 1, MPI_INT64_T, 0, comm);
  core::together(comm, [&] { text.resize(static_cast<std::size_t>(size)); });
  broadcast(comm, text.data(), text.size(), MPI_CHAR);
  core::together(comm, [&] {
    if (first) return;
    Packer in(std::move(text));
    pack(in, model);
  });
}

} // namespace

ModelFile read_model(MPI_Comm comm, const std::string& path, const ExpectedShapes& expected,
                     std::int64_t byte_limit) {
  int rank = 0, ranks = 1;
  MPI_Comm_rank(comm, &rank);
  MPI_Comm_size(comm, &ranks);
  ModelFile model;
  core::on_first_rank(comm, [&] { model = read_model_alone(path, expected, byte_limit); });
  if (ranks == 1) return model;
  broadcast_description(comm, rank == 0, model);
  core::together(comm, [&] {
    for_each_array(model, [](const std::string&, ModelArray& array) {
      array.values.resize(static_cast<std::size_t>(Slab{{}, array.shape}.size()));
    });
  });
  for_each_array(model, [&](const std::string&, ModelArray& array) {
    broadcast(comm, array.values.data(), array.values.size(), MPI_DOUBLE);
  });
  return model;
}

} // namespace linnet::io
