#include "services/load/load_routes.h"

#include <fmt/format.h>

#include "common/io/prometheus/exposition.h"

namespace promheal::shop {
namespace {

constexpr char kPage[] = R"(<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>shop load</title>
<style>
:root {{ color-scheme: light dark; --accent: #d9480f; }}
body {{ font: 16px/1.5 system-ui, sans-serif; max-width: 42rem; margin: 3rem auto; padding: 0 1rem; }}
h1 {{ margin: 0; }} h2 {{ margin: 2rem 0 .5rem; font-size: 1.1rem; }}
p {{ margin: .3rem 0; }}
a {{ color: var(--accent); text-decoration: none; }} a:hover {{ text-decoration: underline; }}
form {{ display: inline; }}
button {{ font: inherit; padding: .2rem .8rem; margin: 0 .3rem .3rem 0; }}
</style></head><body>
<h1>shop load</h1><p>The shop's users.</p>
<h2>Now</h2><p>{state}</p><p>{offered:.0f} requests so far, {success:.0f} of them answered well.</p>
<h2>Change it</h2>
<form method="post" action="pattern?name=steady"><button>steady</button></form>
<form method="post" action="pattern?name=wave"><button>wave</button></form>
<form method="post" action="pattern?name=spike"><button>spike</button></form>
<form method="post" action="pattern?name=drop"><button>drop</button></form>
<form method="post" action="pattern?name=odd"><button>odd</button></form>
<h2>Watch it</h2><p><a href="metrics">metrics</a> &middot; <a href="health">health</a></p>
</body></html>
)";

std::string Describe(const LoadGenerator::State& state) {
  if (state.over) return "over: the time is up, the generator sends nothing more";
  return fmt::format("{}, {:.1f} requests/s", ToString(state.pattern), state.rate);
}

HttpServerResponse Page(const LoadGenerator& load, const LoadMetrics& metrics) {
  const LoadMetrics::Totals totals = metrics.totals();
  HttpServerResponse response;
  response.content_type = "text/html; charset=utf-8";
  response.body =
      fmt::format(kPage, fmt::arg("state", Describe(load.state())),
                  fmt::arg("offered", totals.offered), fmt::arg("success", totals.success));
  return response;
}

HttpServerResponse ChangePattern(const HttpServerRequest& request, LoadGenerator& load,
                                 Logger& logger) {
  const Result<PatternChange> change = ParsePatternChange(request.query);
  if (!change) return TextResponse(400, change.error().message);
  load.Apply(*change);
  logger.Info("pattern changed", {{"pattern", Describe(*change)}});
  return TextResponse(200, Describe(*change));
}

}  // namespace

std::vector<HttpRoute> LoadRoutes(LoadGenerator& load, LoadMetrics& metrics, Logger& logger) {
  return {
      {"GET", "/", [&](const HttpServerRequest&) { return Page(load, metrics); }},
      {"GET", "/health", [](const HttpServerRequest&) { return TextResponse(200, "healthy"); }},
      MetricsRoute(metrics.sources()),
      {"GET", "/pattern",
       [&](const HttpServerRequest&) { return TextResponse(200, Describe(load.state())); }},
      {"POST", "/pattern",
       [&](const HttpServerRequest& request) { return ChangePattern(request, load, logger); }},
  };
}

}  // namespace promheal::shop
