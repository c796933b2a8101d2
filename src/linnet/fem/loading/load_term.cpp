// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/fem/loading/load_term.hpp>

#include <linnet/core/error.hpp>
#include <linnet/core/text.hpp>

namespace linnet::fem {
namespace {

std::string shape_of(const TermForm& form) {
  return std::string(form.group ? "group" : "") + (form.group && form.components ? ":" : "") +
         (form.components ? "components" : "") + (form.value_needed ? "=value" : "[=value]") +
         "[@amplitude]";
}

[[noreturn]] void fail(const std::string& text, const TermForm& form, const std::string& what) {
  core::throw_usage("'" + text + "': " + what + "; write " + shape_of(form));
}

std::array<bool, 3> parse_components(const std::string& text, const std::string& word,
                                     const TermForm& form) {
  std::array<bool, 3> result{};
  for (const char c : word) {
    const std::size_t d = std::string("xyz").find(c);
    if (d == std::string::npos || result[d])
      fail(text, form, "the components must be of x, y, z, each once");
    result[d] = true;
  }
  if (word.empty()) fail(text, form, "components are missing");
  return result;
}

double parse_number(const std::string& point, const std::string& word) {
  const auto value = core::to_real(word);
  if (!value) core::throw_usage("'" + point + "' is not a point time:value");
  return *value;
}

} // namespace

LoadTerm parse_load_term(const std::string& text, const TermForm& form) {
  LoadTerm term;
  std::string rest = text;
  if (const std::size_t at = rest.rfind('@'); at != std::string::npos) {
    term.amplitude = rest.substr(at + 1);
    if (term.amplitude.empty()) fail(text, form, "the name of an amplitude is missing");
    rest.resize(at);
  }
  const std::size_t equals = rest.find('=');
  if (equals != std::string::npos) {
    term.value = core::Expression::parse(rest.substr(equals + 1));
    if (term.value.depends_on_time())
      fail(text, form, "a value depends on x, y, z; what depends on time is an amplitude");
    rest.resize(equals);
  } else if (form.value_needed) {
    fail(text, form, "a value is missing");
  }
  const std::size_t colon = form.group && form.components ? rest.rfind(':') : std::string::npos;
  if (form.group) term.group = rest.substr(0, colon);
  if (form.group && term.group.empty()) fail(text, form, "the name of a group is missing");
  if (form.components && form.group && colon == std::string::npos)
    fail(text, form, "components are missing");
  if (form.components)
    term.components = parse_components(text, form.group ? rest.substr(colon + 1) : rest, form);
  return term;
}

Amplitude parse_amplitude(const std::vector<std::string>& points) {
  std::vector<double> times, values;
  for (const std::string& point : points) {
    const std::size_t colon = point.find(':');
    if (colon == std::string::npos) core::throw_usage("'" + point + "' is not a point time:value");
    times.push_back(parse_number(point, point.substr(0, colon)));
    values.push_back(parse_number(point, point.substr(colon + 1)));
  }
  return {std::move(times), std::move(values)};
}

} // namespace linnet::fem
