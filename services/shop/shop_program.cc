#include "services/shop/shop_program.h"

#include <cstdio>
#include <memory>

#include "common/io/program.h"
#include "common/io/signal_waiter.h"
#include "services/shop/flag_values.h"
#include "services/shop/shop_service.h"

namespace promheal::shop {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

// HTTP threads beyond those that workers and the queue occupy: for health checks, scrapes and 503s.
constexpr size_t kSpareThreads = 16;
constexpr size_t kMostMemoryMib = size_t{1} << 20;

struct ShopOptions {
  std::string name;
  Dependencies::Options dependencies;
  size_t workers = 0;
  size_t queue = 0;
  Duration service_time{};
  bool enable_faults = false;
  std::string fault_file;
  ResourceLimits limits;
  CommonFlags common;
  bool exit_now = false;
};

// The values on the command line.
struct ShopFlagTexts {
  std::string name, gateway_url, workers, queue, service_time, dependency_timeout;
  std::string fault_file, memory_limit_mib, cpu_limit_cores;
};

std::vector<ExtraFlag> ShopFlags(const ShopDescription& shop, ShopFlagTexts* texts,
                                 bool* enable_faults) {
  return {
      {.name = "service.name",
       .help = "Name of the service, also in the label caller.",
       .default_value = shop.name,
       .value = &texts->name,
       .placeholder = "NAME"},
      {.name = "gateway.url",
       .help = "URL of the gateway; each other service is below its name.",
       .default_value = "http://127.0.0.1:3000",
       .value = &texts->gateway_url,
       .placeholder = "URL"},
      {.name = "workers",
       .help = "Requests served at once.",
       .default_value = "8",
       .value = &texts->workers,
       .placeholder = "COUNT"},
      {.name = "queue",
       .help = "Requests that wait for a worker; further ones get 503.",
       .default_value = "32",
       .value = &texts->queue,
       .placeholder = "COUNT"},
      {.name = "service-time",
       .help = "Average time of a worker for a request, without calls.",
       .default_value = "20ms",
       .value = &texts->service_time,
       .placeholder = "DURATION"},
      {.name = "dependency-timeout",
       .help = "Time after which a call to another service fails.",
       .default_value = "2s",
       .value = &texts->dependency_timeout,
       .placeholder = "DURATION"},
      {.name = "memory-limit-mib",
       .help = "End the process if it leaks more than this in total; 0: no limit.",
       .default_value = "0",
       .value = &texts->memory_limit_mib,
       .placeholder = "COUNT"},
      {.name = "cpu-limit-cores",
       .help = "Limit in cores, for metrics only; 0: none.",
       .default_value = "0",
       .value = &texts->cpu_limit_cores,
       .placeholder = "NUMBER"},
      {.name = "fault.file",
       .help = "File with a query for /fault: a fault that survives restarts. Needs "
               "--enable-faults.",
       .default_value = "",
       .value = &texts->fault_file,
       .placeholder = "PATH"},
      {.name = "enable-faults",
       .help = "Serve /fault, which breaks this process on purpose.",
       .given = enable_faults},
  };
}

// Stores the value, or keeps the first error.
template <typename T>
void Store(Result<T> result, T* value, Status* status) {
  if (result) {
    *value = *std::move(result);
  } else if (status->has_value()) {
    *status = tl::make_unexpected(result.error());
  }
}

Result<ShopOptions> ParseOptions(const ShopDescription& shop, int argc, const char* const* argv) {
  ShopOptions options;
  ShopFlagTexts texts;
  const ProgramDescription program = {.name = "shop_" + shop.name,
                                      .summary = shop.summary,
                                      .default_config_file = "",
                                      .default_listen_address = shop.default_listen_address,
                                      .has_configuration = false};
  const Result<ParsedFlags> parsed =
      ParseFlags(program, ShopFlags(shop, &texts, &options.enable_faults), argc, argv);
  if (!parsed) return tl::make_unexpected(parsed.error());
  options.common = parsed->flags;
  options.exit_now = parsed->exit_now;
  if (options.exit_now) return options;

  Status status;
  options.name = texts.name;
  Store(ParseUrlFlag("gateway.url", texts.gateway_url), &options.dependencies.gateway_url, &status);
  Store(ParseCountFlag("workers", texts.workers, 1, 256), &options.workers, &status);
  Store(ParseCountFlag("queue", texts.queue, 0, 1024), &options.queue, &status);
  Store(ParseDurationFlag("service-time", texts.service_time, Duration(0), seconds(10)),
        &options.service_time, &status);
  Store(ParseDurationFlag("dependency-timeout", texts.dependency_timeout, milliseconds(10),
                          minutes(1)),
        &options.dependencies.timeout, &status);
  size_t memory_limit_mib = 0;
  Store(ParseCountFlag("memory-limit-mib", texts.memory_limit_mib, 0, kMostMemoryMib),
        &memory_limit_mib, &status);
  options.limits.memory_bytes = uint64_t{memory_limit_mib} << 20;
  Store(ParseNumberFlag("cpu-limit-cores", texts.cpu_limit_cores, 0, 1024),
        &options.limits.cpu_cores, &status);
  options.fault_file = texts.fault_file;
  if (!status) return tl::make_unexpected(status.error());
  return options;
}

Result<std::optional<Fault>> FaultFromTheStart(const ShopOptions& options) {
  if (!options.enable_faults || options.fault_file.empty()) return std::nullopt;
  return ReadFaultFile(options.fault_file);
}

// Serves until a signal ends the process.
Status Serve(const ShopDescription& shop, const ShopOptions& options) {
  const Result<std::optional<Fault>> first_fault = FaultFromTheStart(options);
  if (!first_fault) return tl::make_unexpected(first_fault.error());
  SignalWaiter signals;
  const SystemClock clock;
  const auto stderr_logger =
      MakeStderrLogger(options.common.log_level, options.common.log_format, clock);
  WorkerPool workers(options.workers, options.queue);
  ShopMetrics metrics(shop, workers, options.limits);
  const auto logger = MakeCountingLogger(*stderr_logger, options.common.log_level, metrics);
  const auto client = MakeCurlHttpClient({});
  Dependencies dependencies(options.dependencies, *client, clock, *logger, metrics);
  Workload workload(static_cast<unsigned>(std::hash<std::string>()(options.name)));
  FaultInjector faults(workers, clock, *logger, options.limits.memory_bytes);
  ShopService service(shop, options.service_time, options.enable_faults,
                      {workers, workload, faults, dependencies, metrics, *logger});

  HttpServerOptions http;
  http.listen_address = options.common.web_listen_address;
  http.threads = options.workers + options.queue + kSpareThreads;
  http.observer = [&metrics](const HttpExchange& exchange) { metrics.ObserveRequest(exchange); };
  const auto server = HttpServer::Start(http, service.Routes(), *logger);
  if (!server) return tl::make_unexpected(server.error());
  logger->Info("listening", {{"service", options.name},
                             {"address", http.listen_address},
                             {"port", (*server)->port()},
                             {"workers", options.workers},
                             {"faults", options.enable_faults}});
  if (*first_fault) faults.Start(**first_fault);
  while (signals.WaitFor(hours(1)) != Signal::kTerminate) {
  }
  logger->Info("ending", {{"service", options.name}});
  faults.Release();
  workload.Stop();
  workers.Close();
  return {};
}

}  // namespace

int RunShop(ShopDescription shop, int argc, const char* const* argv) {
  const Result<ShopOptions> options = ParseOptions(shop, argc, argv);
  if (options && options->exit_now) return 0;
  Status status;
  if (options) {
    shop.name = options->name;
    status = Serve(shop, *options);
  } else {
    status = tl::make_unexpected(options.error());
  }
  if (status) return 0;
  std::fprintf(stderr, "shop: %s\n", status.error().message.c_str());
  return 1;
}

}  // namespace promheal::shop
