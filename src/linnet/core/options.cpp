// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/core/options.hpp>

#include <linnet/core/text.hpp>

#include <algorithm>
#include <limits>

namespace linnet::core {
namespace {

// A number that option_problem() has accepted.
std::int64_t integer_of(std::string_view text) { return std::stoll(std::string(text)); }

} // namespace

Options::Options(const OptionTable& table, const OptionSources& sources, PetscOptions database)
    : table_(&table), sources_(&sources), database_(database) {
  PetscInt count = 0;
  char **names = nullptr, **values = nullptr;
  // Nobody has asked for one of our options yet, so that all of them are among the unused.
  LINNET_CHECK(PetscOptionsLeftGet(database_, &count, &names, &values));
  for (PetscInt i = 0; i < count; ++i) names_.push_back("-" + lower_case(names[i]));
  LINNET_CHECK(PetscOptionsLeftRestore(database_, &count, &names, &values));
  std::sort(names_.begin(), names_.end());
}

const OptionSpec& Options::declared(std::string_view name) const {
  const OptionSpec* spec = table_->find(name);
  if (spec == nullptr)
    throw Error(ExitCode::internal, "option " + std::string(name) + " is read but not declared");
  return *spec;
}

Options::Text Options::database_text(const std::string& name) const {
  const char* value = nullptr;
  PetscBool found = PETSC_FALSE;
  LINNET_CHECK(PetscOptionsFindPair(database_, nullptr, name.c_str(), &value, &found));
  if (!found) return {};
  const bool has_value = value != nullptr && *value != '\0';
  return {has_value ? std::string(trimmed(value)) : "", has_value, true};
}

Options::Text Options::look_up(std::string_view name, OptionKind kind) const {
  const OptionSpec& spec = declared(name);
  if (spec.kind != kind)
    throw Error(ExitCode::internal,
                "option " + std::string(name) + " is read as another kind than it is declared");
  Text found = database_text(std::string(name));
  if (!found.present) return {spec.default_text, true, !spec.default_text.empty()};
  const std::string problem = option_problem(spec, found.text, found.has_value);
  if (!problem.empty()) fail(name, problem);
  return found;
}

bool Options::is_set(std::string_view name) const {
  static_cast<void>(declared(name));
  return database_text(std::string(name)).present;
}

bool Options::boolean(std::string_view name) const {
  const Text found = look_up(name, OptionKind::boolean);
  if (!found.present) return false;
  const std::string text = lower_case(found.text);
  return !found.has_value || text == "true" || text == "yes" || text == "on" || text == "1";
}

std::int64_t Options::integer64(std::string_view name) const {
  const Text found = look_up(name, OptionKind::integer);
  return found.present ? integer_of(found.text) : 0;
}

int Options::integer(std::string_view name) const {
  const std::int64_t value = integer64(name);
  if (value > std::numeric_limits<int>::max() || value < std::numeric_limits<int>::min())
    fail(name, "must fit into 32 bits, got " + std::to_string(value));
  return static_cast<int>(value);
}

double Options::real(std::string_view name) const {
  const Text found = look_up(name, OptionKind::real);
  return found.present ? *to_real(found.text) : 0.0;
}

std::string Options::string(std::string_view name) const {
  return look_up(name, OptionKind::string).text;
}

std::string Options::choice(std::string_view name) const {
  return look_up(name, OptionKind::choice).text;
}

int Options::choice_index(std::string_view name) const {
  const std::string word = choice(name);
  const auto& choices = declared(name).choices;
  const auto at = std::find(choices.begin(), choices.end(), word);
  if (at == choices.end())
    throw Error(ExitCode::internal, "option " + std::string(name) + " has no default choice");
  return static_cast<int>(at - choices.begin());
}

std::vector<int> Options::integers(std::string_view name) const {
  const Text found = look_up(name, OptionKind::integers);
  std::vector<int> values;
  if (!found.present) return values;
  for (const auto& item : split(found.text, ',')) {
    const std::int64_t value = integer_of(item);
    if (value > std::numeric_limits<int>::max() || value < std::numeric_limits<int>::min())
      fail(name, "each item must fit into 32 bits, got " + item);
    values.push_back(static_cast<int>(value));
  }
  return values;
}

std::vector<double> Options::reals(std::string_view name) const {
  const Text found = look_up(name, OptionKind::reals);
  std::vector<double> values;
  if (!found.present) return values;
  for (const auto& item : split(found.text, ',')) values.push_back(*to_real(item));
  return values;
}

namespace {

template <class T>
std::array<T, 3> per_direction(const Options& options, std::string_view name,
                               const std::vector<T>& given, int dim, T unused) {
  if (given.size() != 1 && static_cast<int>(given.size()) != dim)
    options.fail(name, (dim == 1 ? "must have 1 entry in one direction, got "
                                 : "must have 1 or " + std::to_string(dim) +
                                       " entries, one per direction, got ") +
                           std::to_string(given.size()));
  std::array<T, 3> values{unused, unused, unused};
  for (std::size_t d = 0; d < static_cast<std::size_t>(dim); ++d)
    values[d] = given[given.size() == 1 ? 0 : d];
  return values;
}

} // namespace

std::array<int, 3> Options::integers_per_direction(std::string_view name, int dim,
                                                   int unused) const {
  return per_direction(*this, name, integers(name), dim, unused);
}

std::array<double, 3> Options::reals_per_direction(std::string_view name, int dim,
                                                   double unused) const {
  return per_direction(*this, name, reals(name), dim, unused);
}

std::vector<std::string> Options::strings(std::string_view name) const {
  const Text found = look_up(name, OptionKind::strings);
  if (!found.present) return {};
  return split(found.text, ',');
}

std::string Options::text(std::string_view name) const {
  const Text found = database_text(std::string(name));
  if (!found.present) return declared(name).default_text;
  return found.has_value ? found.text : "yes";
}

std::vector<std::string> Options::given() const {
  std::vector<std::string> result;
  for (const auto& name : names_)
    if (table_->find(name) != nullptr) result.push_back(name);
  return result;
}

std::vector<std::string> Options::given(std::string_view family) const {
  const OptionSpec& spec = declared(family);
  std::vector<std::string> result;
  for (const auto& name : names_)
    if (table_->find(name) == &spec) result.push_back(name);
  return result;
}

void Options::fail(std::string_view name, const std::string& problem) const {
  throw_usage(sources_->place(name) + ": " + problem);
}

void Options::check_names() const {
  for (const auto& name : names_) {
    if (!table_->misspelt(name)) {
      check_no_deck(name);
      continue;
    }
    const std::string near = table_->closest(name);
    fail(name, "unknown option" + (near.empty() ? "; --help lists the known ones"
                                                : "; did you mean " + near + "?"));
  }
}

// A deck under a name that neither we nor PETSc follow would be passed over.
void Options::check_no_deck(const std::string& name) const {
  if (table_->find(name) != nullptr || name.starts_with("-options_file")) return;
  const std::string value = sources_->value(name); // asking PETSc would mark it as used
  // With a colon it is a viewer's, such as ascii:view.yaml.
  if (!(value.ends_with(".yaml") || value.ends_with(".yml")) || value.find(':') != value.npos)
    return;
  fail(name, "takes no deck; did you mean -options_file " + value + "?");
}

void Options::check_values() const {
  for (const auto& name : names_) {
    const OptionSpec* spec = table_->find(name);
    if (spec == nullptr) continue;
    const Text found = database_text(name);
    const std::string problem = option_problem(*spec, found.text, found.has_value);
    if (!problem.empty()) fail(name, problem);
  }
}

} // namespace linnet::core
