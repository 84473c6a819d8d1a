#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/labels.h"
#include "common/base/result.h"

namespace promheal {

// Text with placeholders for label values: `{name}` with a valid label name between the braces. Any
// other brace is plain text, so PromQL selectors and Go templates need no escaping:
// `up{service="{service}"}` has one placeholder. Values are data: Render passes each through
// `encode` before it inserts it, and never searches a value for placeholders.
// Thread safety: a value.
class LabelTemplate {
 public:
  using Encode = std::function<Result<std::string>(std::string_view name, std::string_view value)>;

  LabelTemplate() = default;
  explicit LabelTemplate(std::string_view text);

  // Fails for a missing label (kInvalidArgument), or with the error of `encode`. Render calls
  // `follow` with each text between placeholders, in order: `encode` may depend on that context.
  using Follow = std::function<void(std::string_view text)>;
  Result<std::string> Render(const Labels& labels, const Encode& encode,
                             const Follow& follow = {}) const;

  // The names of the placeholders, in order, with repetitions.
  std::vector<std::string> names() const;
  const std::string& text() const { return text_; }

 private:
  struct Piece {
    std::string text;
    bool is_place = false;
  };
  std::string text_;
  std::vector<Piece> pieces_;
};

}  // namespace promheal
