// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/nn/fields/imported_field.hpp>

#include <linnet/core/error.hpp>
#include <linnet/io/h5_untrusted.hpp>

#include <algorithm>

namespace linnet::nn {

namespace {

constexpr std::int64_t most_sample_bytes = std::int64_t{1} << 31;

std::size_t index_of(ArrayAxis axis) { return static_cast<std::size_t>(axis); }

} // namespace

ArrayAxis array_axis(const std::string& word) {
  if (word == "time") return ArrayAxis::channel;
  const char* words[] = {"sample", "channel", "z", "y", "x"};
  const auto* found = std::find(std::begin(words), std::end(words), word);
  if (found == std::end(words))
    core::throw_usage("an axis is sample, channel, time, x, y or z, not " + word);
  return static_cast<ArrayAxis>(found - std::begin(words));
}

ImportedField::ImportedField(const std::string& path, const std::vector<std::string>& datasets,
                             const std::vector<ArrayAxis>& axes, int stride)
    : stride_(stride) {
  const auto count = [&](ArrayAxis axis) { return std::count(axes.begin(), axes.end(), axis); };
  for (const ArrayAxis axis : axes)
    if (count(axis) > 1) core::throw_usage("an axis is named twice (time is a channel)");
  if (count(ArrayAxis::sample) == 0) core::throw_usage("one axis must be sample");
  if (count(ArrayAxis::z) > count(ArrayAxis::y) || count(ArrayAxis::y) > count(ArrayAxis::x))
    core::throw_usage("a line has the axis x, a square x and y, a cube x, y and z");
  for (const std::string& dataset : datasets) add(path, dataset, axes);
}

void ImportedField::add(const std::string& path, const std::string& dataset,
                        const std::vector<ArrayAxis>& axes) {
  Part part{io::NumericArray(path, dataset), dataset, axes, {1, 1, 1, 1, 1}};
  const io::Shape& shape = part.array.shape();
  if (shape.size() + 1 == axes.size()) std::erase(part.axes, ArrayAxis::channel);
  if (shape.size() != part.axes.size())
    core::throw_data(part.array.name() + ": has the shape " + io::to_string(shape) + ", and " +
                     std::to_string(axes.size()) + " axes are named");
  for (std::size_t d = 0; d < shape.size(); ++d) part.extents[index_of(part.axes[d])] = shape[d];
  if (part.sample_bytes() > most_sample_bytes)
    core::throw_data(part.array.name() + ": a sample of the shape " + io::to_string(shape) +
                     " takes more than 2 GiB");
  core::Index3 points{1, 1, 1};
  for (std::size_t d = 0; d < 3; ++d)
    points[d] = static_cast<int>(kept(part.extents[index_of(ArrayAxis::x) - d]));
  if (!parts_.empty() && (points != points_ || part.extents[0] != samples_))
    core::throw_data(part.array.name() + ": has the shape " + io::to_string(shape) +
                     ", which does not fit " + parts_.front().array.name() + " of the shape " +
                     io::to_string(parts_.front().array.shape()));
  points_ = points;
  samples_ = part.extents[0];
  const std::int64_t channels = channels_ + part.extents[index_of(ArrayAxis::channel)];
  if (channels > 100000)
    core::throw_data(part.array.name() + ": has " + std::to_string(channels) +
                     " channels; 100000 are allowed");
  channels_ = static_cast<int>(channels);
  parts_.push_back(std::move(part));
}

std::vector<std::string> ImportedField::extents_text() const {
  const char* words[] = {"sample", "channel", "z", "y", "x"};
  std::vector<std::string> texts;
  for (const Part& part : parts_) {
    std::string text = part.dataset + " (";
    for (std::size_t d = 0; d < part.axes.size(); ++d)
      text += (d > 0 ? ", " : "") + std::string(words[index_of(part.axes[d])]) + " " +
              std::to_string(part.array.shape()[d]);
    texts.push_back(text + ")");
  }
  return texts;
}

std::int64_t ImportedField::Part::sample_bytes() const {
  return io::saturated_bytes({extents.begin() + 1, extents.end()}, io::PlainType::float64);
}

std::int64_t ImportedField::bytes_per_sample() const {
  std::int64_t most = 0;
  for (const Part& part : parts_) most = std::max(most, part.sample_bytes());
  return most + static_cast<std::int64_t>(sizeof(double)) * channels_ * core::volume(points_);
}

void ImportedField::Part::read(std::int64_t first, std::int64_t count,
                               std::vector<double>& values) const {
  io::Slab slab;
  for (const ArrayAxis axis : axes) {
    const bool sample = axis == ArrayAxis::sample;
    slab.offset.push_back(sample ? first : 0);
    slab.count.push_back(sample ? count : extents[index_of(axis)]);
  }
  values.resize(static_cast<std::size_t>(slab.size()));
  array.read(slab, values.data());
}

std::array<std::int64_t, 5> ImportedField::Part::pitches(std::int64_t count) const {
  std::array<std::int64_t, 5> pitch{};
  std::int64_t next = 1;
  for (std::size_t d = 0; d < axes.size(); ++d) {
    const ArrayAxis axis = axes[array.is_matlab() ? d : axes.size() - 1 - d];
    pitch[index_of(axis)] = next;
    next *= axis == ArrayAxis::sample ? count : extents[index_of(axis)];
  }
  return pitch;
}

void ImportedField::read(std::int64_t first, std::int64_t count,
                         std::vector<double>& values) const {
  const std::int64_t points = core::volume(points_), size = channels_ * points;
  values.resize(static_cast<std::size_t>(count * size));
  std::vector<double> raw;
  std::int64_t channel = 0;
  for (const Part& part : parts_) {
    part.read(first, count, raw);
    const auto pitch = part.pitches(count);
    const std::int64_t channels = part.extents[index_of(ArrayAxis::channel)];
    for (std::int64_t s = 0; s < count; ++s)
      for (std::int64_t c = 0; c < channels; ++c) {
        double* to = values.data() + s * size + (channel + c) * points;
        const std::int64_t from = s * pitch[0] + c * pitch[1];
        for (int z = 0; z < points_[2]; ++z)
          for (int y = 0; y < points_[1]; ++y)
            for (int x = 0; x < points_[0]; ++x)
              *to++ = raw[static_cast<std::size_t>(
                  from + stride_ * (z * pitch[2] + y * pitch[3] + x * pitch[4]))];
      }
    channel += channels;
  }
}

} // namespace linnet::nn
