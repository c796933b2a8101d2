// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/io/xdmf.hpp>

#include <array>
#include <charconv>

namespace linnet::io {
namespace {

std::string escaped(const std::string& text) {
  std::string result;
  for (const char c : text) {
    switch (c) {
    case '&': result += "&amp;"; break;
    case '<': result += "&lt;"; break;
    case '>': result += "&gt;"; break;
    case '"': result += "&quot;"; break;
    default: result += c;
    }
  }
  return result;
}

} // namespace

std::string xdmf_number(double x) {
  std::array<char, 40> text{};
  const auto end = std::to_chars(text.data(), text.data() + text.size(), x).ptr;
  return {text.data(), end};
}

std::string xdmf_dimensions(const Shape& shape) {
  std::string text;
  for (const std::int64_t n : shape) text.append(text.empty() ? "" : " ").append(std::to_string(n));
  return text;
}

std::string xdmf_item(const std::string& dimensions, NumberType type, const std::string& location) {
  const bool real = type == NumberType::float32 || type == NumberType::float64;
  const bool wide = type == NumberType::float64 || type == NumberType::int64;
  // Precision is stated for every item: readers take 4 bytes where it is missing.
  return "<DataItem Dimensions=\"" + dimensions + "\" NumberType=\"" + (real ? "Float" : "Int") +
         "\" Precision=\"" + (wide ? "8" : "4") + "\" Format=\"HDF\">" + location + "</DataItem>";
}

std::string xdmf_attribute(const OutputGeometry& geometry, const XdmfAttribute& field,
                           const std::string& location) {
  std::string dimensions = xdmf_dimensions(geometry.shape(field.center));
  if (field.vector) dimensions += " 3";
  return "  <Attribute Name=\"" + escaped(field.name) + "\" AttributeType=\"" +
         (field.vector ? "Vector" : "Scalar") + "\" Center=\"" +
         (field.center == Center::cell ? "Cell" : "Node") + "\">\n   " +
         xdmf_item(dimensions, field.integer ? NumberType::int32 : NumberType::float64, location) +
         "</Attribute>\n";
}

std::string xdmf_text(const OutputGeometry& geometry, const std::string& h5_name,
                      const std::vector<XdmfStep>& steps) {
  const std::string h5 = escaped(h5_name);
  std::string text = "<?xml version=\"1.0\" ?>\n<Xdmf Version=\"2.0\"><Domain>"
                     "<Grid Name=\"series\" GridType=\"Collection\" CollectionType=\"Temporal\">\n";
  for (const auto& step : steps) {
    text += " <Grid Name=\"grid\" GridType=\"Uniform\"><Time Value=\"" + xdmf_number(step.time) +
            "\"/>\n" + geometry.xdmf(h5);
    const std::string group = h5 + ":/" + step.group + "/";
    for (const auto& field : step.attributes)
      text += xdmf_attribute(geometry, field, group + escaped(field.name));
    text += " </Grid>\n";
  }
  return text + "</Grid></Domain></Xdmf>\n";
}

} // namespace linnet::io
