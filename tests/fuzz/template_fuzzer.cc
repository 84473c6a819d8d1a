#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "webhook/core/query/query_template.h"
#include "webhook/executors/command/argument_template.h"

// The first line is a template, the rest a label's value. A value only changes text between a
// query's quotes, never its structure; nor the number of arguments, or their constant parts.

using namespace promheal;
using namespace promheal::healing;

namespace {

// The query as PromQL's lexer sees it, with all strings empty; "?" if a string does not end.
std::string Skeleton(std::string_view query) {
  std::string skeleton;
  for (size_t i = 0; i < query.size(); ++i) {
    const char c = query[i];
    if (c == '#') {
      while (i < query.size() && query[i] != '\n') ++i;
      continue;
    }
    skeleton += c;
    if (c != '"' && c != '\'' && c != '`') continue;
    for (++i; i < query.size() && query[i] != c; ++i) {
      if (c != '`' && query[i] == '\\') ++i;
      if (c != '`' && i < query.size() && query[i] == '\n') return skeleton + "?";
    }
    if (i >= query.size()) return skeleton + "?";
    skeleton += c;
  }
  return skeleton;
}

void CheckQueries(const std::string& text, const std::string& value) {
  const LabelTemplate query(text);
  if (!CheckQuery(query)) return;
  Labels wild;
  Labels tame;
  for (const std::string& name : query.names()) {
    wild.Set(name, value);
    tame.Set(name, "x");
  }
  const auto rendered = RenderQuery(query, wild);
  const auto harmless = RenderQuery(query, tame);
  if (!harmless) std::abort();
  if (rendered && Skeleton(*rendered) != Skeleton(*harmless)) std::abort();
}

void CheckArguments(const std::string& text, const std::string& value) {
  const LabelTemplate place(text);
  Action action;
  for (const std::string& name : place.names()) action.labels.Set(name, value);
  const auto rendered = RenderArguments({LabelTemplate("program"), place}, action);
  if (!rendered) return;
  if (rendered->size() != 2 || rendered->front() != "program") std::abort();
  if (text.starts_with("{") && rendered->back().starts_with("-") && !place.names().empty() &&
      text.starts_with("{" + place.names().front() + "}")) {
    std::abort();  // A value that begins an argument became an option.
  }
  if (rendered->back().find('\0') != std::string::npos) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const size_t end = input.find('\n');
  if (end == std::string_view::npos) return 0;
  const std::string text(input.substr(0, end));
  if (text.find('\0') != std::string::npos) return 0;  // No configuration holds a NUL.
  const std::string value(input.substr(end + 1));
  CheckQueries(text, value);
  CheckArguments(text, value);
  return 0;
}
