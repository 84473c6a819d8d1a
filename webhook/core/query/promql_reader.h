#pragma once

#include <string>
#include <string_view>

namespace promheal::healing {

// Reads along a PromQL query, and knows what surrounds the character to come.
class PromqlReader {
 public:
  void Read(std::string_view text);
  // Whether text put in here stays text.
  bool takes_text() const { return (quote_ == '"' || quote_ == '\'') && !escaped_; }
  char quote() const { return quote_; }  // The one that is open; or none, '\0'.
  bool is_pattern() const { return is_pattern_; }
  bool in_comment() const { return in_comment_; }

 private:
  void Read(char c);
  void ReadOutside(char c);

  char quote_ = '\0';
  bool escaped_ = false;
  bool in_comment_ = false;
  bool is_pattern_ = false;
  std::string before_;  // Outside of quotes, without spaces.
};

// The query with a blank for each character between quotes and in comments: what is left is PromQL
// alone, each character where it was.
std::string BarePromql(std::string_view query);
// With a blank for each character in comments only.
std::string WithoutComments(std::string_view query);

}  // namespace promheal::healing
