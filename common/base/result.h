#pragma once

#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <utility>

namespace promheal {

// Few codes on purpose: callers only ask whose fault an error is and whether a retry can help.
enum class ErrorCode {
  kInvalidArgument,     // The input is wrong; the same input will fail again.
  kNotFound,            // The requested thing does not exist.
  kPermissionDenied,    // Not authenticated, or not allowed.
  kFailedPrecondition,  // The state does not allow it: another writer was first, it already exists.
  kUnavailable,         // The other side cannot be reached or is overloaded. Retryable.
  kTimeout,             // No answer within the deadline. Retryable; the effect is unknown.
  kDataLoss,            // Stored or received data are damaged.
  kInternal,            // Our own bug, or the other side's.
};

// Errors are values. `message` is one line for people, without a trailing full stop, and never
// holds a secret. Each layer prefixes its own step (see Prefixed).
struct Error {
  ErrorCode code = ErrorCode::kInternal;
  std::string message;

  bool operator==(const Error&) const = default;
};

template <typename T>
using Result = tl::expected<T, Error>;
using Status = Result<void>;

// "invalid argument", "not found", ...: for logs.
std::string_view ToString(ErrorCode code);

// An error that converts to any Result: `return Fail(ErrorCode::kNotFound, "...")`.
inline tl::unexpected<Error> Fail(ErrorCode code, std::string message) {
  return tl::make_unexpected(Error{code, std::move(message)});
}

// The same error, prefixed by the layer above: "reading exporter.yml: no such file".
tl::unexpected<Error> Prefixed(std::string_view doing, const Error& error);

}  // namespace promheal
