#include "common/base/label_template.h"

#include <fmt/core.h>

namespace promheal {

LabelTemplate::LabelTemplate(std::string_view text) : text_(text) {
  std::string literal;
  for (size_t i = 0; i < text.size();) {
    const size_t end = text[i] == '{' ? text.find('}', i) : std::string_view::npos;
    if (end != std::string_view::npos && IsValidLabelName(text.substr(i + 1, end - i - 1))) {
      if (!literal.empty()) pieces_.push_back({.text = std::move(literal), .is_place = false});
      literal.clear();
      pieces_.push_back({.text = std::string(text.substr(i + 1, end - i - 1)), .is_place = true});
      i = end + 1;
    } else {
      literal += text[i++];
    }
  }
  if (!literal.empty()) pieces_.push_back({.text = std::move(literal), .is_place = false});
}

Result<std::string> LabelTemplate::Render(const Labels& labels, const Encode& encode,
                                          const Follow& follow) const {
  std::string rendered;
  for (const Piece& piece : pieces_) {
    if (!piece.is_place) {
      if (follow) follow(piece.text);
      rendered += piece.text;
      continue;
    }
    if (!labels.Has(piece.text)) {
      return Fail(ErrorCode::kInvalidArgument,
                  fmt::format("the alert has no label '{}', which '{}' needs", piece.text, text_));
    }
    const Result<std::string> value = encode(piece.text, labels.Get(piece.text));
    if (!value) return tl::make_unexpected(value.error());
    rendered += *value;
  }
  return rendered;
}

std::vector<std::string> LabelTemplate::names() const {
  std::vector<std::string> names;
  for (const Piece& piece : pieces_) {
    if (piece.is_place) names.push_back(piece.text);
  }
  return names;
}

}  // namespace promheal
