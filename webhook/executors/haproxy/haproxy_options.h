#pragma once

#include <string>
#include <vector>

#include "common/base/label_template.h"
#include "common/base/result.h"
#include "common/base/time.h"
#include "webhook/executors/haproxy/haproxy_operation.h"

namespace promheal {
class YamlMap;
}

namespace promheal::healing {

// One configured action on one or several HAProxies that serve the same services.
struct HaproxyOptions {
  std::vector<std::string> sockets;  // Paths of admin sockets. An action must succeed on all.
  HaproxyOperation operation = HaproxyOperation::kThrottle;
  // throttle, breaker: the share of requests that is rejected, 1 to 100; 100 opens a breaker.
  // set_weight: the share of the initial weight, 1 to 100.
  int percent = 100;
  int maxconn = 0;  // set_maxconn: 1 or more.

  std::string table;               // Empty: override_shed or override_breaker.
  std::string map;                 // redirect: the map's path, as HAProxy's configuration has it.
  std::string fallback;            // redirect: the backend that requests go to.
  LabelTemplate key{"{service}"};  // The key in the table or the map.
  LabelTemplate backend{"{service}"};  // The backend of the slots.
  LabelTemplate server{"{instance}"};  // For operations that do not choose it.
  LabelTemplate address{""};           // add_server: "10.0.0.7:8080", "{instance}".
  // drain, maint, scale_in, del_server and every undo leave at least this number of slots that get
  // requests.
  int min_active = 1;
  // `expire` of the table; only Observe uses it.
  Duration expires_after = std::chrono::seconds(15);
  Duration timeout = std::chrono::seconds(2);  // For one command. HAProxy answers in milliseconds.

  // The table or the map.
  const std::string& TableName() const;
};

// Reads the block below `haproxy:` of an action; mistakes become errors of the document.
//   haproxy:
//     sockets: [/run/promheal/gateway.sock]
//     operation: throttle
//     percent: 40
HaproxyOptions ReadHaproxyOptions(YamlMap& map);

// "throttle 40% of {service}", "drain {service}/{instance}".
std::string ToString(const HaproxyOptions& options);

}  // namespace promheal::healing
