#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/result.h"
#include "common/base/time.h"

namespace promheal {

// Reads one YAML file strictly and reports all its errors at once, one per line:
//   policies.yml:3:5: unknown key 'cooldwon' (did you mean 'cooldown'?)
//   policies.yml:7:13: settle: 'soon' is not a duration: expected a number and a unit, such as 30s
// The document collects errors; readers leave defaults and go on, so one pass finds all errors.
//
//   YamlDocument document = YamlDocument::Parse("exporter.yml", text);
//   YamlMap root = document.root();
//   root.Read("interval", &config.interval, {.min = ...});
//   root.ReadMap("threshold", [&](YamlMap& map) { map.Read("quantile", &config.quantile); });
//   root.Finish();                       // Unknown and duplicate keys become errors.
//   if (auto status = document.status(); !status) return Fail(...)
// A message is "key: the error: expected ...". A key without a value is an empty map or list if one
// of these is expected, and an error otherwise. Numbers and booleans in quotes are text, and
// refused. Messages never hold the content of a text, since it may be a secret.
class YamlDocument;
struct YamlValue;

// A position in a file, for checks that run after reading: `document.AddError(mark, "...")`.
struct YamlMark {
  int line = 0;  // From 1.
  int column = 0;
};

template <typename T>
struct YamlRange {
  std::optional<T> min;
  std::optional<T> max;
  bool required = false;
};

// A map of the document, which must neither move nor end before this.
class YamlMap {
 public:
  // Each reads `key` and checks its type and range. Returns whether it is present and valid;
  // otherwise leaves `*value` unchanged.
  bool Read(std::string_view key, std::string* value, bool required = false);
  bool Read(std::string_view key, bool* value);
  bool Read(std::string_view key, int64_t* value, YamlRange<int64_t> range = {});
  bool Read(std::string_view key, int* value, YamlRange<int64_t> range = {});
  bool Read(std::string_view key, double* value, YamlRange<double> range = {});
  bool Read(std::string_view key, Duration* value, YamlRange<Duration> range = {});
  bool Read(std::string_view key, std::vector<std::string>* values);
  // A map of names to texts, in file order.
  bool Read(std::string_view key, std::vector<std::pair<std::string, std::string>>* values);
  // One of `names`; sets `*index` to its index.
  bool ReadEnum(std::string_view key, const std::vector<std::string>& names, size_t* index);

  // A nested map. Calls Finish on it after `reader`.
  bool ReadMap(std::string_view key, const std::function<void(YamlMap&)>& reader);
  // A list of maps. Calls Finish on each after `reader`.
  bool ReadList(std::string_view key, const std::function<void(YamlMap&)>& reader);
  // A map whose keys are the user's own names, each with a map below it.
  bool ReadNamedMaps(std::string_view key,
                     const std::function<void(const std::string& name, YamlMap&)>& reader);

  bool Has(std::string_view key) const;         // Finish treats the key as known.
  std::vector<std::string> Keys() const;        // In file order.
  YamlMark mark() const;                        // The start of this map.
  YamlMark MarkOf(std::string_view key) const;  // The start of its value; mark() if absent.
  void AddError(YamlMark at, std::string message);
  // Reports every key that was not read as unknown, and suggests the nearest known key.
  void Finish();

 private:
  friend class YamlDocument;
  struct Node;
  YamlMap(YamlDocument* document, std::shared_ptr<Node> node);
  // The value of `key`, or null. Finish treats the key as known.
  const YamlValue* Find(std::string_view key);
  // Find for a single value. Reports a list, a map, and a missing `required` key.
  const YamlValue* FindScalar(std::string_view key, bool required, const std::string& expected);
  template <typename T>
  bool ReadNumber(std::string_view key, T* value, const YamlRange<T>& range);
  void Complain(std::string_view key, const YamlValue& value, std::string_view what,
                std::string_view expected);
  bool ReadAsMap(const std::string& name, const std::shared_ptr<const YamlValue>& value,
                 const std::function<void(YamlMap&)>& reader);
  YamlDocument* document_;
  std::shared_ptr<Node> node_;
};

class YamlDocument {
 public:
  // `name` is the file's name for errors. After a syntax error, root() is an empty map, and
  // status() leaves out what its readers report. A text counts as a syntax error if it nests deeper
  // than 64 levels, is larger than 4 MiB, expands to more than 200,000 values, holds tags, or is
  // not UTF-8.
  static YamlDocument Parse(std::string name, std::string_view text);
  // If the file cannot be read, status() is ReadFile's error.
  static YamlDocument Load(const std::string& path);

  YamlDocument(YamlDocument&&) noexcept;
  YamlDocument& operator=(YamlDocument&&) noexcept;
  ~YamlDocument();

  YamlMap root();  // Each call returns the same map: keys read through one are known to all.
  void AddError(YamlMark at, std::string message);
  // kInvalidArgument with at most 500 errors, in order of position, one per line.
  Status status() const;

 private:
  friend class YamlMap;
  struct Impl;
  explicit YamlDocument(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace promheal
