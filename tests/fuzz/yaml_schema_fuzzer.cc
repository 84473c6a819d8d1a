#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "common/io/yaml/yaml_schema.h"

// Any file is either read or refused, and every line of the refusal names the file.

namespace {

void ReadAll(promheal::YamlMap& map, int depth) {
  std::string text;
  bool flag = false;
  double number = 0.0;
  promheal::Duration duration{};
  std::vector<std::string> texts;
  std::vector<std::pair<std::string, std::string>> pairs;
  size_t index = 0;
  map.Read("s", &text, true);
  map.Read("b", &flag);
  map.Read("n", &number, {.min = 0.0, .max = 10.0});
  map.Read("d", &duration);
  map.Read("t", &texts);
  map.Read("p", &pairs);
  map.ReadEnum("e", {"one", "two"}, &index);
  if (depth == 0) return;
  map.ReadMap("m", [&](promheal::YamlMap& inner) { ReadAll(inner, depth - 1); });
  map.ReadList("l", [&](promheal::YamlMap& inner) { ReadAll(inner, depth - 1); });
  map.ReadNamedMaps("c", [&](const std::string& name, promheal::YamlMap& inner) {
    inner.AddError(inner.MarkOf(name), "named");
    ReadAll(inner, depth - 1);
  });
}

void CheckLines(std::string_view message) {
  while (!message.empty()) {
    if (!message.starts_with("f.yml:")) std::abort();
    const size_t end = message.find('\n');
    message.remove_prefix(end == std::string_view::npos ? message.size() : end + 1);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  promheal::YamlDocument document = promheal::YamlDocument::Parse(
      "f.yml", std::string_view(reinterpret_cast<const char*>(data), size));
  promheal::YamlMap root = document.root();
  ReadAll(root, 2);
  root.Finish();
  const promheal::Status status = document.status();
  if (!status) CheckLines(status.error().message);
  return 0;
}
