#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "common/base/time.h"

namespace promheal {

// Functions on the texts of HTTP. All are pure and may run side by side.

// Ignores the case of ASCII letters only, as HTTP does.
bool EqualsIgnoringCase(std::string_view a, std::string_view b);

// Whether the comma-separated list holds `token`, such as "close" in "keep-alive, Close".
bool HasToken(std::string_view list, std::string_view token);

// "/" for "%2F". nullopt for a broken escape and for %00, which no path of ours holds.
std::optional<std::string> PercentDecode(std::string_view text);

// Decodes "a=1&b=x+y". A repeated name has its last value; a broken escape stays as written.
std::map<std::string, std::string> ParseQuery(std::string_view query_string);

// Whether an Accept-Encoding header allows gzip; "gzip;q=0" forbids it.
bool AcceptsGzip(std::string_view accept_encoding);

std::string Gzip(std::string_view text);

// RFC 4648 with padding; nullopt for anything else.
std::optional<std::string> DecodeBase64(std::string_view text);

// "Not Found" for 404; "" for a status without an entry in the table.
std::string_view ReasonPhrase(int status);

// "Sat, 21 Nov 2026 21:53:27 GMT"
std::string FormatHttpDate(Time time);

}  // namespace promheal
