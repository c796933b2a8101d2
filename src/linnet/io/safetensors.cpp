// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/io/safetensors.hpp>

#include <linnet/core/error.hpp>
#include <linnet/core/text.hpp>
#include <linnet/io/checksum.hpp>
#include <linnet/io/json_limits.hpp>

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <limits>
#include <utility>

namespace linnet::io {
namespace {

static_assert(std::endian::native == std::endian::little, "values are copied as they are");

using Kind = JsonValue::Kind;

constexpr std::int64_t longest_extent = std::int64_t{1} << 31;

/// Bytes of a number of type @p dtype; 0: there is no such type.
std::int64_t bytes_of(const std::string& dtype) {
  static constexpr std::array<std::pair<const char*, int>, 15> types{{{"F64", 8},
                                                                      {"F32", 4},
                                                                      {"F16", 2},
                                                                      {"BF16", 2},
                                                                      {"I64", 8},
                                                                      {"I32", 4},
                                                                      {"I16", 2},
                                                                      {"I8", 1},
                                                                      {"U64", 8},
                                                                      {"U32", 4},
                                                                      {"U16", 2},
                                                                      {"U8", 1},
                                                                      {"BOOL", 1},
                                                                      {"F8_E5M2", 1},
                                                                      {"F8_E4M3", 1}}};
  for (const auto& [name, bytes] : types)
    if (dtype == name) return bytes;
  return 0;
}

bool has_values(const std::string& dtype) {
  return dtype == "F64" || dtype == "F32" || dtype == "F16" || dtype == "BF16";
}

template <class T>
T bits_at(const char* bytes) {
  T value;
  std::memcpy(&value, bytes, sizeof value);
  return value;
}

/// A number of IEEE 754 with 5 bits of exponent and 10 of fraction.
double half(std::uint16_t bits) {
  const int exponent = bits >> 10 & 31, fraction = bits & 1023;
  double size =
      exponent == 0 ? std::ldexp(fraction, -24) : std::ldexp(fraction + 1024, exponent - 25);
  if (exponent == 31)
    size = fraction == 0 ? std::numeric_limits<double>::infinity()
                         : std::numeric_limits<double>::quiet_NaN();
  return bits >> 15 != 0 ? -size : size;
}

double number_at(const char* bytes, const std::string& dtype) {
  if (dtype == "F64") return bits_at<double>(bytes);
  if (dtype == "F32") return bits_at<float>(bytes);
  if (dtype == "F16") return half(bits_at<std::uint16_t>(bytes));
  // The upper half of a number of single precision.
  return std::bit_cast<float>(static_cast<std::uint32_t>(bits_at<std::uint16_t>(bytes)) << 16);
}

/// Reads and verifies the header, then the values.
class Reader {
public:
  explicit Reader(const std::string& path) : path_(path), file_(path, std::ios::binary) {
    std::error_code error;
    const auto bytes = std::filesystem::file_size(path, error);
    if (error || !file_) core::throw_data(path + ": cannot be read; name a file of tensors");
    bytes_ = static_cast<std::int64_t>(
        std::min<std::uintmax_t>(bytes, std::numeric_limits<std::int64_t>::max()));
  }

  Safetensors read(std::int64_t byte_limit) {
    read_header();
    require_total(byte_limit);
    require_no_gaps();
    for (const Place& place : places_) read_values(place);
    result_.checksum = checksum();
    return std::move(result_);
  }

private:
  /// Where the bytes of a tensor lie behind the header.
  struct Place {
    std::int64_t begin, end;
    std::string name;
  };

  [[noreturn]] void refuse(const std::string& what) const { core::throw_data(path_ + ": " + what); }
  [[noreturn]] void refuse(const std::string& tensor, const std::string& what) const {
    refuse("tensor '" + tensor + "': " + what);
  }

  std::string read_bytes(std::int64_t count) {
    std::string bytes(static_cast<std::size_t>(count), '\0');
    if (!file_.read(bytes.data(), static_cast<std::streamsize>(count))) refuse("cannot be read");
    return bytes;
  }

  void read_header() {
    if (bytes_ < 8)
      refuse("has " + std::to_string(bytes_) + " bytes: this is no safetensors file; name one");
    const auto length = bits_at<std::uint64_t>(read_bytes(8).data());
    if (length > static_cast<std::uint64_t>(SafetensorsLimits::header_bytes))
      refuse("its header has " + std::to_string(length) + " bytes, and at most " +
             std::to_string(SafetensorsLimits::header_bytes) +
             " are allowed: this is no safetensors file; name one");
    const auto header = static_cast<std::int64_t>(length);
    if (header > bytes_ - 8)
      refuse("its header has " + std::to_string(header) +
             " bytes, and the file ends before it; get "
             "the file anew");
    data_ = 8 + header;
    const std::string text = read_bytes(header);
    if (!text.starts_with('{'))
      refuse("its header does not begin with '{': this is no safetensors file; name one");
    const JsonLimits limits{static_cast<std::size_t>(SafetensorsLimits::header_bytes), 3,
                            SafetensorsLimits::values};
    const JsonValue json = parse_json(text, path_ + ": header", limits);
    for (std::size_t i = 0; i < json.keys.size(); ++i)
      if (json.keys[i] == "__metadata__")
        read_metadata(json.items[i]);
      else
        read_description(json.keys[i], json.items[i]);
  }

  void read_metadata(const JsonValue& value) {
    if (value.kind != Kind::object) refuse("'__metadata__' must be an object of texts");
    for (std::size_t i = 0; i < value.keys.size(); ++i) {
      if (value.items[i].kind != Kind::text) refuse("'__metadata__' must be an object of texts");
      result_.metadata[value.keys[i]] = value.items[i].text;
    }
  }

  void read_description(const std::string& name, const JsonValue& value) {
    if (name.empty() || name.size() > SafetensorsLimits::name_characters)
      refuse("the name of a tensor has " + std::to_string(name.size()) + " characters; 1 to " +
             std::to_string(SafetensorsLimits::name_characters) + " are allowed");
    const JsonValue *dtype = value.find("dtype"), *shape = value.find("shape"),
                    *offsets = value.find("data_offsets");
    if (value.kind != Kind::object || value.keys.size() != 3 || !dtype || !shape || !offsets)
      refuse(name, "must have 'dtype', 'shape' and 'data_offsets', and nothing else");
    NamedTensor tensor;
    tensor.dtype = dtype->text;
    const std::int64_t size = bytes_of(tensor.dtype);
    if (dtype->kind != Kind::text || size == 0)
      refuse(name, "has the unknown dtype '" + dtype->text + "'; save it as F64, F32, F16 or BF16");
    const std::int64_t bytes = size * read_shape(name, *shape, tensor.shape);
    const auto [begin, end] = read_offsets(name, *offsets);
    if (end - begin != bytes)
      refuse(name, "has " + std::to_string(end - begin) + " bytes, and its shape needs " +
                       std::to_string(bytes) + "; get the file anew");
    // Each is within the file, so the sum is of overlapping parts long before it overflows.
    if (bytes > bytes_ - total_) refuse(name, "overlaps others; get the file anew");
    total_ += bytes;
    places_.push_back({begin, end, name});
    result_.tensors.emplace(name, std::move(tensor));
  }

  /// Its values; more than the file has bytes is as good as any such number.
  std::int64_t read_shape(const std::string& name, const JsonValue& list, Shape& shape) const {
    if (list.kind != Kind::list || list.items.size() > SafetensorsLimits::rank)
      refuse(name, "must have a list of at most 6 extents as its shape");
    __extension__ using Wide = unsigned __int128; // 6 times 31 bits, stopped at the first excess
    Wide values = 1;
    for (const JsonValue& extent : list.items) {
      if (extent.kind != Kind::integer || extent.integer < 1 || extent.integer > longest_extent)
        refuse(name, "has an extent that is not a whole number from 1 to 2^31");
      shape.push_back(extent.integer);
      values *= static_cast<Wide>(extent.integer);
      if (values > static_cast<Wide>(bytes_))
        refuse(name, "has the shape " + to_string(shape) +
                         ", of more values than the file has "
                         "bytes; get the file anew");
    }
    return static_cast<std::int64_t>(values);
  }

  std::pair<std::int64_t, std::int64_t> read_offsets(const std::string& name,
                                                     const JsonValue& list) const {
    const bool is_pair = list.kind == Kind::list && list.items.size() == 2 &&
                         list.items[0].kind == Kind::integer && list.items[1].kind == Kind::integer;
    if (!is_pair) refuse(name, "must have two whole numbers as 'data_offsets'");
    const std::int64_t begin = list.items[0].integer, end = list.items[1].integer;
    if (begin < 0 || begin > end || end > bytes_ - data_)
      refuse(name, "lies from byte " + std::to_string(begin) + " to " + std::to_string(end) +
                       " of " + std::to_string(bytes_ - data_) + "; get the file anew");
    return {begin, end};
  }

  void require_total(std::int64_t byte_limit) const {
    if (total_ > byte_limit)
      refuse("the tensors have " + std::to_string(total_) + " bytes and " +
             std::to_string(byte_limit) + " are allowed; raise the limit of bytes");
  }

  void require_no_gaps() {
    std::sort(places_.begin(), places_.end(),
              [](const Place& a, const Place& b) { return a.begin < b.begin; });
    std::int64_t end = 0;
    for (const Place& place : places_) {
      if (place.begin != end)
        refuse(place.name, std::string(place.begin < end ? "overlaps the one" : "leaves a gap") +
                               " before it; get the file anew");
      end = place.end;
    }
    if (end != bytes_ - data_)
      refuse("has " + std::to_string(bytes_ - data_ - end) +
             " bytes behind its tensors; get the "
             "file anew");
  }

  void read_values(const Place& place) {
    NamedTensor& tensor = result_.tensors.at(place.name);
    if (!has_values(tensor.dtype)) return;
    file_.seekg(data_ + place.begin);
    const std::string bytes = read_bytes(place.end - place.begin);
    const auto size = static_cast<std::size_t>(bytes_of(tensor.dtype));
    tensor.values.resize(bytes.size() / size);
    for (std::size_t i = 0; i < tensor.values.size(); ++i) {
      tensor.values[i] = number_at(bytes.data() + i * size, tensor.dtype);
      if (!std::isfinite(tensor.values[i]))
        refuse(place.name, "value " + std::to_string(i) + " is " +
                               core::number_text(tensor.values[i]) +
                               "; finite numbers are allowed: train the network anew");
    }
  }

  /// Of the whole file.
  std::uint64_t checksum() {
    file_.seekg(0);
    return text_hash(read_bytes(bytes_));
  }

  const std::string& path_;
  std::ifstream file_;
  std::int64_t bytes_ = 0, data_ = 0, total_ = 0;
  std::vector<Place> places_;
  Safetensors result_;
};

} // namespace

Safetensors read_safetensors(const std::string& path, std::int64_t byte_limit) {
  return Reader(path).read(byte_limit);
}

} // namespace linnet::io
