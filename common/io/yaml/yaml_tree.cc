#include "common/io/yaml/yaml_tree.h"

#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <optional>
#include <sstream>
#include <unordered_map>

#include "common/io/utf8.h"
#include "common/io/yaml/yaml_text.h"

namespace promheal {
namespace {

constexpr size_t kMaxDepth = 64;
constexpr size_t kMaxValues = 200'000;
constexpr size_t kMaxQuotedCharacters = 60;  // Limit of the file's text in a message.

YamlMark ToMark(const YAML::Mark& mark) {
  return {.line = std::max(mark.line, 0) + 1, .column = std::max(mark.column, 0) + 1};
}

// Builds the tree from the parser's events. Beyond the limits it stops the parser with the parser's
// own exception. It reports duplicate keys, which yaml-cpp accepts silently, and goes on.
class TreeBuilder final : public YAML::EventHandler {
 public:
  explicit TreeBuilder(std::vector<YamlError>* errors) : errors_(errors) {}

  std::shared_ptr<const YamlValue> root() const { return root_; }
  YamlMark document_start() const { return document_start_; }
  YamlProgress progress() const {
    return {.last_value = last_mark_,
            .innermost_open = open_.empty() ? last_mark_ : open_.back().value->mark};
  }

  void OnDocumentStart(const YAML::Mark& mark) override { document_start_ = ToMark(mark); }
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    Count(mark, 1);
    AttachNew(NewValue(YamlValue::Kind::kNull, MarkOfNull(ToMark(mark))), anchor, {});
  }

  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& text) override {
    Count(mark, 1);
    // C functions would see the text end at a NUL.
    if (text.find('\0') != std::string::npos) {
      throw YAML::ParserException(mark, "a text cannot hold the character \\0");
    }
    const auto value = NewValue(YamlValue::Kind::kScalar, ToMark(mark));
    value->text = text;
    value->quoted = tag == "!";
    CheckTag(value->mark, tag);
    AttachNew(value, anchor, {});
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value /*style*/) override {
    Open(mark, tag, anchor, YamlValue::Kind::kList);
  }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value /*style*/) override {
    Open(mark, tag, anchor, YamlValue::Kind::kMap);
  }
  void OnSequenceEnd() override { Close(); }
  void OnMapEnd() override { Close(); }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    const auto found = anchors_.find(anchor);
    if (found == anchors_.end()) {
      throw YAML::ParserException(mark, "an alias cannot stand inside the value that it names");
    }
    Count(mark, found->second.size.values);
    CheckDepth(mark, found->second.size.levels);
    Attach(ToMark(mark), found->second.value, found->second.size);
  }

 private:
  // The size of a value with aliases expanded.
  struct Size {
    size_t values = 1;
    size_t levels = 0;  // Nested lists and maps.
  };
  // A list or map that has not ended yet.
  struct OpenValue {
    std::shared_ptr<YamlValue> value;
    YAML::anchor_t anchor = 0;
    Size size{.values = 1, .levels = 1};
    std::optional<std::string> key;  // Set while its value has not been read.
    YamlMark key_mark;
    bool key_usable = false;
    std::unordered_map<std::string, int> key_lines;
  };
  struct Anchored {
    std::shared_ptr<const YamlValue> value;
    Size size;
  };

  std::shared_ptr<YamlValue> NewValue(YamlValue::Kind kind, YamlMark mark) {
    auto value = std::make_shared<YamlValue>();
    value->kind = kind;
    value->mark = mark;
    last_mark_ = mark;
    return value;
  }

  // For a missing value the parser reports the position of the next token. Use the key's, or the
  // list's, instead.
  YamlMark MarkOfNull(YamlMark following) const {
    if (open_.empty()) return following;
    const OpenValue& parent = open_.back();
    if (parent.value->kind == YamlValue::Kind::kList) return parent.value->mark;
    return parent.key ? parent.key_mark : following;
  }

  void Count(const YAML::Mark& mark, size_t values) {
    values_ += values;
    if (values_ > kMaxValues) {
      throw YAML::ParserException(
          mark, fmt::format("more than {} values, with aliases expanded", kMaxValues));
    }
  }

  // Reading and freeing deep values needs stack, also if aliases made them deep.
  void CheckDepth(const YAML::Mark& mark, size_t added_levels) const {
    if (open_.size() + added_levels > kMaxDepth) {
      throw YAML::ParserException(mark, fmt::format("nested deeper than {} levels", kMaxDepth));
    }
  }

  void CheckTag(YamlMark mark, const std::string& tag) {
    if (tag.empty() || tag == "?" || tag == "!") return;
    errors_->push_back(
        {mark, fmt::format("tag '{}' is not supported", FirstWords(tag, kMaxQuotedCharacters))});
  }

  void Open(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
            YamlValue::Kind kind) {
    Count(mark, 1);
    CheckDepth(mark, 1);
    OpenValue open;
    open.value = NewValue(kind, ToMark(mark));
    open.anchor = anchor;
    CheckTag(open.value->mark, tag);
    open_.push_back(std::move(open));
  }

  void Close() {
    const OpenValue closed = std::move(open_.back());
    open_.pop_back();
    AttachNew(closed.value, closed.anchor, closed.size);
  }

  void AttachNew(const std::shared_ptr<YamlValue>& value, YAML::anchor_t anchor, Size size) {
    if (anchor != 0) anchors_[anchor] = {value, size};
    Attach(value->mark, value, size);
  }

  // Adds a complete value to its parent. In a map, keys and values alternate.
  void Attach(YamlMark mark, const std::shared_ptr<const YamlValue>& value, Size size) {
    if (open_.empty()) {
      root_ = value;
      return;
    }
    OpenValue& parent = open_.back();
    parent.size.values += size.values;
    parent.size.levels = std::max(parent.size.levels, size.levels + 1);
    if (parent.value->kind == YamlValue::Kind::kList) {
      parent.value->items.push_back(value);
    } else if (!parent.key) {
      SetKey(mark, *value, &parent);
    } else {
      if (parent.key_usable) {
        parent.value->entries.push_back({*parent.key, parent.key_mark, value});
      }
      parent.key.reset();
    }
  }

  void SetKey(YamlMark mark, const YamlValue& value, OpenValue* parent) {
    parent->key = value.text;
    parent->key_mark = mark;
    parent->key_usable = false;
    if (value.kind != YamlValue::Kind::kScalar) {
      errors_->push_back({mark, "a key must be text"});
      return;
    }
    const auto [first, inserted] = parent->key_lines.emplace(value.text, mark.line);
    if (!inserted) {
      errors_->push_back(
          {mark, fmt::format("duplicate key '{}': first given in line {}",
                             FirstWords(value.text, kMaxQuotedCharacters), first->second)});
      return;
    }
    parent->key_usable = true;
  }

  std::vector<YamlError>* const errors_;
  std::shared_ptr<const YamlValue> root_;
  YamlMark document_start_;
  YamlMark last_mark_;
  std::vector<OpenValue> open_;
  std::unordered_map<YAML::anchor_t, Anchored> anchors_;
  size_t values_ = 0;
};

// Appends the mark of a document's end. The parser reports a quote that is still open there;
// without the mark it would read the rest of the file as text.
std::string WithDocumentEnd(std::string_view text) {
  std::string ended(text);
  if (!ended.empty() && ended.back() != '\n') ended += '\n';
  return ended + "...\n";
}

std::shared_ptr<const YamlValue> Parse(std::string_view text, std::vector<YamlError>* errors) {
  TreeBuilder builder(errors);
  try {
    std::istringstream stream(WithDocumentEnd(text));
    YAML::Parser parser(stream);
    parser.HandleNextDocument(builder);
    std::shared_ptr<const YamlValue> root = builder.root();
    TreeBuilder second(errors);
    if (parser.HandleNextDocument(second) && second.root()) {
      errors->push_back({second.document_start(), "a second document starts here: expected one"});
      return nullptr;
    }
    return root;
  } catch (const YAML::Exception& error) {
    errors->push_back(
        ExplainSyntaxError(text, {ToMark(error.mark), error.msg}, builder.progress()));
  } catch (const std::exception& error) {
    errors->push_back(
        {builder.progress().last_value, FirstWords(error.what(), kMaxQuotedCharacters)});
  }
  return nullptr;
}

}  // namespace

const YamlValue::Entry* YamlValue::Find(std::string_view key) const {
  const auto found = std::find_if(entries.begin(), entries.end(),
                                  [&](const Entry& entry) { return entry.key == key; });
  return found == entries.end() ? nullptr : &*found;
}

YamlTree ParseYamlTree(std::string_view text) {
  YamlTree tree;
  if (std::optional<YamlError> error = CheckYamlText(text)) {
    tree.errors.push_back(std::move(*error));
    return tree;
  }
  tree.root = Parse(text, &tree.errors);
  const bool readable = tree.root != nullptr;
  if (readable && tree.root->kind == YamlValue::Kind::kMap) return tree;
  if (readable && tree.root->kind != YamlValue::Kind::kNull) {
    tree.errors.push_back({tree.root->mark, "expected a map at the top, such as 'key: value'"});
  } else if (tree.errors.empty()) {
    tree.errors.push_back({{1, 1}, "the file is empty: expected a map, such as 'key: value'"});
  }
  tree.root = nullptr;
  return tree;
}

}  // namespace promheal
