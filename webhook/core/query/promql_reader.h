#pragma once

#include <string>
#include <string_view>

namespace promheal::healing {

// Reads a PromQL query piece by piece, and knows the context of the next character.
class PromqlReader {
 public:
  void Read(std::string_view text);
  // Whether text inserted here stays inside the quotes.
  bool takes_text() const { return (quote_ == '"' || quote_ == '\'') && !escaped_; }
  char quote() const { return quote_; }  // The open quote, or '\0'.
  // Whether the open quote began after =~ or !~.
  bool is_pattern() const { return is_pattern_; }
  bool in_comment() const { return in_comment_; }

 private:
  void Read(char c);
  void ReadOutside(char c);

  char quote_ = '\0';
  bool escaped_ = false;
  bool in_comment_ = false;
  bool is_pattern_ = false;
  std::string before_;  // The text before, outside of quotes, without spaces.
};

// The query with blanks for quoted text and comments: only PromQL is left. Offsets stay the same.
std::string BarePromql(std::string_view query);
// The query with blanks for comments. Offsets stay the same.
std::string WithoutComments(std::string_view query);

}  // namespace promheal::healing
