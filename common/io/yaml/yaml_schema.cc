#include "common/io/yaml/yaml_schema.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "common/io/nearest_name.h"
#include "common/io/utf8.h"
#include "common/io/yaml/yaml_number.h"
#include "common/io/yaml/yaml_state.h"
#include "common/io/yaml/yaml_tree.h"

namespace promheal {
namespace {

constexpr size_t kMaxListedNames = 12;
constexpr size_t kMaxQuotedCharacters = 60;  // Limit of the file's text in a message.

using Kind = YamlValue::Kind;

std::string_view Describe(Kind kind) {
  switch (kind) {
    case Kind::kNull:
      return "has no value";
    case Kind::kScalar:
      return "is a single value";
    case Kind::kList:
      return "is a list";
    case Kind::kMap:
      return "is a map";
  }
  return "is unknown";
}

std::string Quoted(const YamlValue& scalar) {
  const std::string text = FirstWords(scalar.text, kMaxQuotedCharacters);
  return scalar.quoted ? fmt::format("\"{}\"", text) : fmt::format("'{}'", text);
}

std::string DidYouMean(std::string_view name, const std::vector<std::string>& candidates) {
  const std::string nearest = NearestName(name, candidates);
  return nearest.empty() ? "" : fmt::format(" (did you mean '{}'?)", nearest);
}

// "rules[0]", "services.orders": names of values in messages.
std::string ItemName(std::string_view key, std::ptrdiff_t index) {
  return fmt::format("{}[{}]", key, index);
}
std::string EntryName(std::string_view key, std::string_view name) {
  return fmt::format("{}.{}", key, FirstWords(name, kMaxQuotedCharacters));
}

// "a, b or c"
std::string OneOf(const std::vector<std::string>& names) {
  std::string text;
  for (size_t i = 0; i < names.size(); ++i) {
    if (i > 0) text += i + 1 == names.size() ? " or " : ", ";
    text += names[i];
  }
  return text;
}

std::string UnknownKey(std::string_view key, const std::vector<std::string>& absent) {
  std::string details = DidYouMean(key, absent);
  if (details.empty() && !absent.empty() && absent.size() <= kMaxListedNames) {
    details = ": expected " + OneOf(absent);
  }
  return fmt::format("unknown key '{}'{}", FirstWords(key, kMaxQuotedCharacters), details);
}

}  // namespace

YamlMap::YamlMap(YamlDocument* document, std::shared_ptr<Node> node)
    : document_(document), node_(std::move(node)) {}

bool YamlMap::Read(std::string_view key, std::string* value, bool required) {
  const YamlValue* scalar = FindScalar(key, required, "text");
  if (scalar == nullptr) return false;
  if (required && scalar->text.empty()) {
    Complain(key, *scalar, "is empty", "text");
    return false;
  }
  *value = scalar->text;
  return true;
}

bool YamlMap::Read(std::string_view key, bool* value) {
  const YamlValue* scalar = FindScalar(key, false, "true or false");
  if (scalar == nullptr) return false;
  if (scalar->quoted || (scalar->text != "true" && scalar->text != "false")) {
    Complain(key, *scalar, Quoted(*scalar) + " is not a boolean", "true or false");
    return false;
  }
  *value = scalar->text == "true";
  return true;
}

template <typename T>
bool YamlMap::ReadNumber(std::string_view key, T* value, const YamlRange<T>& range) {
  using Number = YamlNumber<T>;
  const YamlValue* scalar = FindScalar(key, range.required, ExpectedNumber(range));
  if (scalar == nullptr) return false;
  const bool is_text = scalar->quoted && !Number::kMayBeQuoted;
  const std::optional<T> number = is_text ? std::nullopt : Number::Parse(scalar->text);
  if (!number) {
    Complain(key, *scalar, fmt::format("{} is not {}", Quoted(*scalar), Number::kName),
             Number::kHint);
    return false;
  }
  const bool too_small = range.min && *number < *range.min;
  if (too_small || (range.max && *number > *range.max)) {
    Complain(key, *scalar,
             fmt::format("{} is too {}", Number::Format(*number), too_small ? "small" : "large"),
             ExpectedNumber(range));
    return false;
  }
  *value = *number;
  return true;
}

bool YamlMap::Read(std::string_view key, int64_t* value, YamlRange<int64_t> range) {
  return ReadNumber(key, value, range);
}

bool YamlMap::Read(std::string_view key, int* value, YamlRange<int64_t> range) {
  constexpr int64_t kLeast = std::numeric_limits<int>::min();
  constexpr int64_t kMost = std::numeric_limits<int>::max();
  int64_t wide = 0;
  if (!ReadNumber(key, &wide, range)) return false;
  if (wide < kLeast || wide > kMost) {
    AddError(MarkOf(key), fmt::format("{}: {} is too {}: expected a whole number from {} to {}",
                                      key, wide, wide < 0 ? "small" : "large", kLeast, kMost));
    return false;
  }
  *value = static_cast<int>(wide);
  return true;
}

bool YamlMap::Read(std::string_view key, double* value, YamlRange<double> range) {
  return ReadNumber(key, value, range);
}

bool YamlMap::Read(std::string_view key, Duration* value, YamlRange<Duration> range) {
  return ReadNumber(key, value, range);
}

bool YamlMap::Read(std::string_view key, std::vector<std::string>* values) {
  const YamlValue* list = Find(key);
  if (list == nullptr) return false;
  if (list->kind != Kind::kList && list->kind != Kind::kNull) {
    Complain(key, *list, Describe(list->kind), "a list of texts");
    return false;
  }
  std::vector<std::string> texts;
  for (const auto& item : list->items) {
    if (item->kind == Kind::kScalar) {
      texts.push_back(item->text);
    } else {
      Complain(ItemName(key, &item - list->items.data()), *item, Describe(item->kind), "text");
    }
  }
  if (texts.size() != list->items.size()) return false;
  *values = std::move(texts);
  return true;
}

bool YamlMap::Read(std::string_view key, std::vector<std::pair<std::string, std::string>>* values) {
  const YamlValue* map = Find(key);
  if (map == nullptr) return false;
  if (map->kind != Kind::kMap && map->kind != Kind::kNull) {
    Complain(key, *map, Describe(map->kind), "a map of names to texts");
    return false;
  }
  std::vector<std::pair<std::string, std::string>> texts;
  for (const YamlValue::Entry& entry : map->entries) {
    if (entry.value->kind == Kind::kScalar) {
      texts.emplace_back(entry.key, entry.value->text);
    } else {
      Complain(EntryName(key, entry.key), *entry.value, Describe(entry.value->kind), "text");
    }
  }
  if (texts.size() != map->entries.size()) return false;
  *values = std::move(texts);
  return true;
}

bool YamlMap::ReadEnum(std::string_view key, const std::vector<std::string>& names, size_t* index) {
  const YamlValue* scalar = FindScalar(key, false, OneOf(names));
  if (scalar == nullptr) return false;
  const auto found = std::find(names.begin(), names.end(), scalar->text);
  if (found == names.end()) {
    Complain(key, *scalar,
             fmt::format("unknown value {}{}", Quoted(*scalar), DidYouMean(scalar->text, names)),
             OneOf(names));
    return false;
  }
  *index = static_cast<size_t>(found - names.begin());
  return true;
}

bool YamlMap::ReadMap(std::string_view key, const std::function<void(YamlMap&)>& reader) {
  const YamlValue::Entry* entry = node_->Find(key);
  return entry != nullptr && ReadAsMap(entry->key, entry->value, reader);
}

bool YamlMap::ReadList(std::string_view key, const std::function<void(YamlMap&)>& reader) {
  const YamlValue* list = Find(key);
  if (list == nullptr) return false;
  if (list->kind != Kind::kList && list->kind != Kind::kNull) {
    Complain(key, *list, Describe(list->kind), "a list of maps");
    return false;
  }
  bool ok = true;
  for (const auto& item : list->items) {
    const std::string name = ItemName(key, &item - list->items.data());
    if (item->kind == Kind::kNull) Complain(name, *item, Describe(item->kind), "a map");
    ok &= item->kind != Kind::kNull && ReadAsMap(name, item, reader);
  }
  return ok;
}

bool YamlMap::ReadNamedMaps(std::string_view key,
                            const std::function<void(const std::string&, YamlMap&)>& reader) {
  const YamlValue* map = Find(key);
  if (map == nullptr) return false;
  if (map->kind != Kind::kMap && map->kind != Kind::kNull) {
    Complain(key, *map, Describe(map->kind), "a map of names, each with a map below it");
    return false;
  }
  bool ok = true;
  for (const YamlValue::Entry& entry : map->entries) {
    ok &= ReadAsMap(EntryName(key, entry.key), entry.value,
                    [&](YamlMap& inner) { reader(entry.key, inner); });
  }
  return ok;
}

bool YamlMap::ReadAsMap(const std::string& name, const std::shared_ptr<const YamlValue>& value,
                        const std::function<void(YamlMap&)>& reader) {
  if (value->kind != Kind::kMap && value->kind != Kind::kNull) {
    Complain(name, *value, Describe(value->kind), "a map");
    return false;
  }
  YamlMap inner(document_, std::make_shared<Node>(Node{.map = value, .known = {}}));
  reader(inner);
  inner.Finish();
  return true;
}

bool YamlMap::Has(std::string_view key) const { return node_->Find(key) != nullptr; }

std::vector<std::string> YamlMap::Keys() const {
  std::vector<std::string> keys;
  for (const YamlValue::Entry& entry : node_->map->entries) keys.push_back(entry.key);
  return keys;
}

YamlMark YamlMap::mark() const { return node_->map->mark; }

YamlMark YamlMap::MarkOf(std::string_view key) const {
  const YamlValue::Entry* entry = node_->map->Find(key);
  return entry == nullptr ? mark() : entry->value->mark;
}

void YamlMap::AddError(YamlMark at, std::string message) {
  document_->AddError(at, std::move(message));
}

void YamlMap::Finish() {
  std::vector<std::string> absent;  // Known keys that are absent: suggestions for unknown keys.
  for (const std::string& name : node_->known) {
    if (node_->map->Find(name) == nullptr) absent.push_back(name);
  }
  for (const YamlValue::Entry& entry : node_->map->entries) {
    if (!node_->IsKnown(entry.key)) AddError(entry.mark, UnknownKey(entry.key, absent));
  }
}

const YamlValue* YamlMap::Find(std::string_view key) {
  const YamlValue::Entry* entry = node_->Find(key);
  return entry == nullptr ? nullptr : entry->value.get();
}

const YamlValue* YamlMap::FindScalar(std::string_view key, bool required,
                                     const std::string& expected) {
  const YamlValue* value = Find(key);
  if (value == nullptr) {
    if (required) AddError(mark(), fmt::format("missing key '{}': expected {}", key, expected));
    return nullptr;
  }
  if (value->kind == Kind::kScalar) return value;
  Complain(key, *value, Describe(value->kind), expected);
  return nullptr;
}

void YamlMap::Complain(std::string_view key, const YamlValue& value, std::string_view what,
                       std::string_view expected) {
  AddError(value.mark, fmt::format("{}: {}: expected {}", key, what, expected));
}

}  // namespace promheal
