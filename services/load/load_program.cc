#include "services/load/load_program.h"

#include <fmt/format.h>

#include <cstdio>

#include "common/io/program.h"
#include "common/io/signal_waiter.h"
#include "services/load/load_generator.h"
#include "services/load/load_routes.h"
#include "services/shop/flag_values.h"

namespace promheal::shop {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

struct LoadOptions {
  LoadGenerator::Options generator;
  CommonFlags common;
  bool exit_now = false;
};

// The values on the command line.
struct LoadFlagTexts {
  std::string gateway_url, rate, pattern, wave_period, wave_amplitude, arrivals, seed, timeout,
      max_in_flight, duration;
};

ExtraFlag ValueFlag(const char* name, const char* placeholder, const char* default_value,
                    const char* help, std::string* value) {
  return {.name = name,
          .help = help,
          .default_value = default_value,
          .value = value,
          .placeholder = placeholder};
}

std::vector<ExtraFlag> LoadFlags(LoadFlagTexts* texts) {
  return {
      ValueFlag("gateway.url", "URL", "http://127.0.0.1:3000",
                "URL of the gateway; each service is below its name.", &texts->gateway_url),
      ValueFlag("rate", "NUMBER", "40", "Requests a second over all services, on average.",
                &texts->rate),
      ValueFlag("pattern", "NAME", "wave", "steady or wave; POST /pattern changes it later.",
                &texts->pattern),
      ValueFlag("wave-period", "DURATION", "1m", "Time between two crests of the wave.",
                &texts->wave_period),
      ValueFlag("wave-amplitude", "SHARE", "0.4", "Height of the wave as a share of the rate.",
                &texts->wave_amplitude),
      ValueFlag("arrivals", "NAME", "random",
                "random (independent users) or even (equally spaced).", &texts->arrivals),
      ValueFlag("seed", "COUNT", "1", "Seed of the random numbers.", &texts->seed),
      ValueFlag("timeout", "DURATION", "4s", "Time after which a user gives up.", &texts->timeout),
      ValueFlag("max-in-flight", "COUNT", "128",
                "Requests that may wait for an answer; more are lost.", &texts->max_in_flight),
      ValueFlag("duration", "DURATION", "12h", "Time after which nothing more is sent.",
                &texts->duration),
  };
}

// Stores the value, or keeps the first error.
template <typename T, typename U>
void Store(Result<T> result, U* value, Status* status) {
  if (result) {
    *value = static_cast<U>(*std::move(result));
  } else if (status->has_value()) {
    *status = tl::make_unexpected(result.error());
  }
}

// Whether `text` is `first`; an error unless it is one of the two names.
Result<bool> IsFirst(const char* flag, const std::string& text, const char* first,
                     const char* second) {
  if (text == first || text == second) return text == first;
  return Fail(ErrorCode::kInvalidArgument,
              fmt::format("--{}: '{}' is not right: expected {} or {}", flag, text, first, second));
}

Status ReadTexts(const LoadFlagTexts& texts, LoadGenerator::Options* options) {
  Status status;
  bool is_wave = true;
  LoadPlan::Options& plan = options->plan;
  Store(ParseUrlFlag("gateway.url", texts.gateway_url), &options->gateway_url, &status);
  Store(ParseNumberFlag("rate", texts.rate, 0, 500), &plan.rate, &status);
  Store(IsFirst("pattern", texts.pattern, "wave", "steady"), &is_wave, &status);
  plan.pattern = is_wave ? LoadPattern::kWave : LoadPattern::kSteady;
  Store(ParseDurationFlag("wave-period", texts.wave_period, seconds(1), hours(24)),
        &plan.wave_period, &status);
  Store(ParseNumberFlag("wave-amplitude", texts.wave_amplitude, 0, 1), &plan.wave_amplitude,
        &status);
  Store(IsFirst("arrivals", texts.arrivals, "even", "random"), &options->evenly_spaced, &status);
  Store(ParseCountFlag("seed", texts.seed, 0, UINT32_MAX), &options->seed, &status);
  Store(ParseDurationFlag("timeout", texts.timeout, milliseconds(10), minutes(1)),
        &options->timeout, &status);
  Store(ParseCountFlag("max-in-flight", texts.max_in_flight, 1, 1024), &options->max_in_flight,
        &status);
  Store(ParseDurationFlag("duration", texts.duration, seconds(1), hours(24 * 7)),
        &options->duration, &status);
  return status;
}

Result<LoadOptions> ParseOptions(int argc, const char* const* argv) {
  LoadOptions options;
  LoadFlagTexts texts;
  const ProgramDescription program = {
      .name = "shop_load",
      .summary = "The users of the shop: sends requests through its gateway, at a bounded rate.",
      .default_config_file = "",
      .default_listen_address = ":3040",
      .has_configuration = false};
  const Result<ParsedFlags> parsed = ParseFlags(program, LoadFlags(&texts), argc, argv);
  if (!parsed) return tl::make_unexpected(parsed.error());
  options.common = parsed->flags;
  options.exit_now = parsed->exit_now;
  if (options.exit_now) return options;
  if (const Status read = ReadTexts(texts, &options.generator); !read) {
    return tl::make_unexpected(read.error());
  }
  return options;
}

// Sends requests until a signal ends the process.
Status Send(const LoadOptions& options) {
  SignalWaiter signals;
  const SystemClock clock;
  const auto logger = MakeStderrLogger(options.common.log_level, options.common.log_format, clock);
  const auto client = MakeCurlHttpClient({});
  LoadMetrics metrics;
  LoadGenerator load(options.generator, *client, clock, metrics);
  HttpServerOptions http;
  http.listen_address = options.common.web_listen_address;
  const auto server = HttpServer::Start(http, LoadRoutes(load, metrics, *logger), *logger);
  if (!server) return tl::make_unexpected(server.error());
  logger->Info("listening", {{"address", http.listen_address},
                             {"port", (*server)->port()},
                             {"gateway", options.generator.gateway_url},
                             {"rate", options.generator.plan.rate}});
  while (signals.WaitFor(hours(1)) != Signal::kTerminate) {
  }
  logger->Info("ending");
  return {};
}

}  // namespace

int RunLoad(int argc, const char* const* argv) {
  const Result<LoadOptions> options = ParseOptions(argc, argv);
  if (options && options->exit_now) return 0;
  const Status status = options ? Send(*options) : tl::make_unexpected(options.error());
  if (status) return 0;
  std::fprintf(stderr, "shop_load: %s\n", status.error().message.c_str());
  return 1;
}

}  // namespace promheal::shop
