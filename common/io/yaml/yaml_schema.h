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

// Reads one YAML file strictly and says everything that is wrong with it at once, each on a line:
//   policies.yml:3:5: unknown key 'cooldwon' (did you mean 'cooldown'?)
//   policies.yml:7:13: settle: 'soon' is not a duration: expected a number and a unit, such as 30s
// Errors are collected in the document; readers return defaults and go on, so that one pass finds
// all.
//
//   YamlDocument document = YamlDocument::Parse("exporter.yml", text);
//   YamlMap root = document.root();
//   root.Read("interval", &config.interval, {.min = ...});
//   root.ReadMap("threshold", [&](YamlMap& map) { map.Read("quantile", &config.quantile); });
//   root.Finish();                       // Unknown and duplicate keys become errors.
//   if (auto status = document.status(); !status) return Fail(...)
// A message is "key: what is wrong: what was expected". A key without a value counts as an empty
// map or list where one is expected, and is an error for anything else. Numbers and booleans in
// quotes are text and so refused. What a text holds is never printed, since it may be a secret.
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

// Refers to its document, which must stay where it is meanwhile.
class YamlMap {
 public:
  // Each reads `key` where it is present, checks type and range, and leaves `*value` alone where it
  // is absent or wrong. Returns whether it was present and right.
  bool Read(std::string_view key, std::string* value, bool required = false);
  bool Read(std::string_view key, bool* value);
  bool Read(std::string_view key, int64_t* value, YamlRange<int64_t> range = {});
  bool Read(std::string_view key, int* value, YamlRange<int64_t> range = {});
  bool Read(std::string_view key, double* value, YamlRange<double> range = {});
  bool Read(std::string_view key, Duration* value, YamlRange<Duration> range = {});
  bool Read(std::string_view key, std::vector<std::string>* values);
  // A map of scalars to strings, in file order.
  bool Read(std::string_view key, std::vector<std::pair<std::string, std::string>>* values);
  // One of `names`; `*index` is which.
  bool ReadEnum(std::string_view key, const std::vector<std::string>& names, size_t* index);

  // A nested map; Finish is called on it for the reader.
  bool ReadMap(std::string_view key, const std::function<void(YamlMap&)>& reader);
  // A sequence of maps; Finish is called on each.
  bool ReadList(std::string_view key, const std::function<void(YamlMap&)>& reader);
  // A map whose keys are names chosen by the user, each with a map below it.
  bool ReadNamedMaps(std::string_view key,
                     const std::function<void(const std::string& name, YamlMap&)>& reader);

  bool Has(std::string_view key) const;         // Counts as reading it, for Finish.
  std::vector<std::string> Keys() const;        // In file order.
  YamlMark mark() const;                        // Where this map starts.
  YamlMark MarkOf(std::string_view key) const;  // Where the value of `key` starts; else mark().
  void AddError(YamlMark at, std::string message);
  // Every key not read so far is unknown; suggests the nearest known one.
  void Finish();

 private:
  friend class YamlDocument;
  struct Node;
  YamlMap(YamlDocument* document, std::shared_ptr<Node> node);
  // The value of `key`, from now on a known one; null where it is absent.
  const YamlValue* Find(std::string_view key);
  // The same for a single value; everything else, or a missing `required` key, is an error.
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
  // `name` is the file's name as errors print it. Syntax errors are reported by status(); root() is
  // then an empty map, and what its readers complain about is left out. A text that nests deeper
  // than 64 levels, is larger than 4 MiB, expands to more than 200,000 values, holds tags, or is
  // not UTF-8, counts as a syntax error.
  static YamlDocument Parse(std::string name, std::string_view text);
  // A file that cannot be read is an error of the document, too: status() is then ReadFile's error.
  static YamlDocument Load(const std::string& path);

  YamlDocument(YamlDocument&&) noexcept;
  YamlDocument& operator=(YamlDocument&&) noexcept;
  ~YamlDocument();

  YamlMap root();  // Each call gives the same map: what one reads counts for all.
  void AddError(YamlMark at, std::string message);
  // kInvalidArgument with all errors in order of position, one a line, at most 500; else nothing.
  Status status() const;

 private:
  friend class YamlMap;
  struct Impl;
  explicit YamlDocument(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace promheal
