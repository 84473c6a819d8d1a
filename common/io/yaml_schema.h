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
// Errors are collected in the document; readers return defaults and go on, so that one pass finds all.
//
//   YamlDocument document = YamlDocument::Parse("exporter.yml", text);
//   YamlMap root = document.root();
//   root.Read("interval", &config.interval, {.min = ...});
//   root.ReadMap("threshold", [&](YamlMap& map) { map.Read("quantile", &config.quantile); });
//   root.Finish();                       // Unknown and duplicate keys become errors.
//   if (auto status = document.status(); !status) return Fail(...)
class YamlDocument;

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

  bool Has(std::string_view key) const;
  std::vector<std::string> Keys() const;
  YamlMark mark() const;                      // Where this map starts.
  YamlMark MarkOf(std::string_view key) const;  // Where the value of `key` starts; else mark().
  void AddError(YamlMark at, std::string message);
  // Every key not read so far is unknown; suggests the nearest known one.
  void Finish();

 private:
  friend class YamlDocument;
  struct Node;
  YamlMap(YamlDocument* document, std::shared_ptr<Node> node);
  YamlDocument* document_;
  std::shared_ptr<Node> node_;
};

class YamlDocument {
 public:
  // `name` is the file's name as errors print it. Syntax errors are reported by status().
  static YamlDocument Parse(std::string name, std::string_view text);
  // A file that cannot be read is an error of the document, too.
  static YamlDocument Load(const std::string& path);

  YamlDocument(YamlDocument&&) noexcept;
  YamlDocument& operator=(YamlDocument&&) noexcept;
  ~YamlDocument();

  YamlMap root();
  void AddError(YamlMark at, std::string message);
  // kInvalidArgument with all errors in order of position, one a line; else nothing.
  Status status() const;

 private:
  friend class YamlMap;
  struct Impl;
  explicit YamlDocument(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace promheal
