#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/labels.h"
#include "common/base/result.h"

namespace promheal {

// Text with places for label values: `{name}` with a valid label name between the braces. Any other
// brace stands for itself, so PromQL selectors and Go templates need no escaping:
// `up{service="{service}"}` has one place. Values are data: each goes through `encode` before it is
// put in, and a value is never looked at for places again.
// Thread safety: a value.
class LabelTemplate {
 public:
  using Encode = std::function<Result<std::string>(std::string_view name, std::string_view value)>;

  LabelTemplate() = default;
  explicit LabelTemplate(std::string_view text);

  // kInvalidArgument for a label that is missing or that `encode` refuses. `follow` is told what
  // stands between the places, in order, so that `encode` can know where it is.
  using Follow = std::function<void(std::string_view text)>;
  Result<std::string> Render(const Labels& labels, const Encode& encode,
                             const Follow& follow = {}) const;

  // The names of its places, in order, repeated as written.
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
