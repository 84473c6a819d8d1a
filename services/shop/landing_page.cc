#include "services/shop/landing_page.h"

#include <fmt/format.h>

#include "common/io/http/http_server.h"

namespace promheal::shop {
namespace {

// The base element keeps links relative to this page even if its URL lacks the last slash.
constexpr char kHead[] = R"(<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{name}</title>
<script>document.write('<base href="'+location.pathname.replace(/\/?$/,'/')+'">')</script>
<style>
:root {{ color-scheme: light dark; --line: #8884; --accent: #d9480f; }}
body {{ font: 16px/1.5 system-ui, sans-serif; max-width: 42rem; margin: 3rem auto; padding: 0 1rem; }}
h1 {{ margin: 0; }} h2 {{ margin: 2rem 0 .5rem; font-size: 1.1rem; }}
p {{ margin: .3rem 0; }}
a {{ color: var(--accent); text-decoration: none; }} a:hover {{ text-decoration: underline; }}
table {{ border-collapse: collapse; width: 100%; }}
td {{ border-top: 1px solid var(--line); padding: .4rem .6rem .4rem 0; vertical-align: top; }}
code {{ font: .9em ui-monospace, monospace; white-space: nowrap; }}
.bar {{ height: .5rem; background: var(--line); border-radius: .25rem; overflow: hidden; }}
.bar i {{ display: block; height: 100%; background: var(--accent); }}
</style></head><body>
)";

constexpr char kFaults[] = R"(<h2>Break it</h2><table>
<tr><td><a href="fault?mode=crash"><code>fault?mode=crash</code></a></td><td>the process ends</td></tr>
<tr><td><a href="fault"><code>fault</code></a></td><td>nothing is answered for a minute</td></tr>
<tr><td><a href="fault?mode=latency&amp;duration=60s"><code>fault?mode=latency</code></a></td>
<td>half of the workers are stuck, the others slow</td></tr>
<tr><td><a href="fault?mode=errors&amp;rate=0.5"><code>fault?mode=errors</code></a></td>
<td>half of the requests fail</td></tr>
<tr><td><a href="fault?mode=none"><code>fault?mode=none</code></a></td><td>back to normal</td></tr>
</table>
)";

std::string RouteRow(const ShopRoute& route) {
  const std::string path = EscapeHtml(route.path);
  const std::string link = fmt::format("<a href=\"{}\"><code>{}</code></a>", path.substr(1), path);
  return fmt::format("<tr><td><code>{}</code></td><td>{}</td><td>{}</td></tr>\n", route.method,
                     route.method == "GET" ? link : fmt::format("<code>{}</code>", path),
                     EscapeHtml(route.summary));
}

}  // namespace

std::string LandingPage(const ShopDescription& shop, const WorkerPool::Usage& usage,
                        bool faults_enabled) {
  std::string page = fmt::format(kHead, fmt::arg("name", EscapeHtml(shop.name)));
  page += fmt::format("<h1>{}</h1><p>{}</p>\n", EscapeHtml(shop.name), EscapeHtml(shop.summary));
  page += fmt::format(
      "<h2>Now</h2><p>{} of {} workers are busy, {} requests wait.</p>"
      "<div class=\"bar\"><i style=\"width:{}%\"></i></div>\n",
      usage.busy, usage.limit, usage.queued, usage.busy * 100 / usage.limit);
  page += "<h2>Ask it</h2><table>\n";
  for (const ShopRoute& route : shop.routes) page += RouteRow(route);
  page += "</table>\n";
  if (faults_enabled) page += kFaults;
  return page +
         "<h2>Watch it</h2><p><a href=\"metrics\">metrics</a> &middot; "
         "<a href=\"health\">health</a></p>\n</body></html>\n";
}

}  // namespace promheal::shop
