#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "common/io/file.h"
#include "common/io/yaml/yaml_schema.h"
#include "common/io/yaml/yaml_state.h"
#include "common/io/yaml/yaml_text.h"
#include "common/io/yaml/yaml_tree.h"

namespace promheal {
namespace {

constexpr size_t kMaxErrors = 500;

std::shared_ptr<const YamlValue> EmptyMap() {
  auto map = std::make_shared<YamlValue>();
  map->kind = YamlValue::Kind::kMap;
  map->mark = {.line = 1, .column = 1};
  return map;
}

bool IsBefore(const YamlError& a, const YamlError& b) {
  return std::tie(a.at.line, a.at.column) < std::tie(b.at.line, b.at.column);
}

bool IsSame(const YamlError& a, const YamlError& b) {
  return a.at.line == b.at.line && a.at.column == b.at.column && a.message == b.message;
}

// Line 0 means the whole file.
std::string Line(const std::string& name, const YamlError& error) {
  if (error.at.line <= 0) return fmt::format("{}: {}", name, error.message);
  return fmt::format("{}:{}:{}: {}", name, error.at.line, error.at.column, error.message);
}

// A message may quote the file, but must stay on one line.
std::string OneLine(std::string message) {
  std::replace_if(
      message.begin(), message.end(),
      [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }, ' ');
  return message;
}

}  // namespace

YamlDocument::YamlDocument(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
YamlDocument::YamlDocument(YamlDocument&&) noexcept = default;
YamlDocument& YamlDocument::operator=(YamlDocument&&) noexcept = default;
YamlDocument::~YamlDocument() = default;

YamlDocument YamlDocument::Parse(std::string name, std::string_view text) {
  YamlTree tree = ParseYamlTree(text);
  auto impl = std::make_unique<Impl>();
  impl->name = std::move(name);
  impl->readable = tree.root != nullptr;
  impl->errors = std::move(tree.errors);
  impl->root = std::make_shared<YamlMap::Node>();
  impl->root->map = tree.root != nullptr ? tree.root : EmptyMap();
  return YamlDocument(std::move(impl));
}

YamlDocument YamlDocument::Load(const std::string& path) {
  const Result<std::string> text = ReadFile(path, kMaxYamlBytes);
  if (text) return Parse(path, *text);
  YamlDocument document = Parse(path, "");
  document.impl_->load_error = text.error();
  return document;
}

YamlMap YamlDocument::root() { return YamlMap(this, impl_->root); }

void YamlDocument::AddError(YamlMark at, std::string message) {
  if (impl_->readable) impl_->errors.push_back({at, OneLine(std::move(message))});
}

Status YamlDocument::status() const {
  if (impl_->load_error) return tl::make_unexpected(*impl_->load_error);
  if (impl_->errors.empty()) return {};
  std::vector<YamlError> errors = impl_->errors;
  std::stable_sort(errors.begin(), errors.end(), IsBefore);
  // A value with several aliases is read, and reported, several times.
  errors.erase(std::unique(errors.begin(), errors.end(), IsSame), errors.end());
  std::string message;
  for (size_t i = 0; i < std::min(errors.size(), kMaxErrors); ++i) {
    if (i > 0) message += '\n';
    message += Line(impl_->name, errors[i]);
  }
  if (errors.size() > kMaxErrors) {
    message += fmt::format("\n{}: and {} more errors", impl_->name, errors.size() - kMaxErrors);
  }
  return Fail(ErrorCode::kInvalidArgument, std::move(message));
}

}  // namespace promheal
