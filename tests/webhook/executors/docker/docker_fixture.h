#pragma once

#include <memory>
#include <string>
#include <utility>

#include "tests/webhook/executors/engine/fake_engine.h"
#include "tests/webhook/executors/executor_fixture.h"
#include "tests/webhook/executors/haproxy/fake_haproxy.h"
#include "webhook/executors/docker/docker_engine.h"

namespace promheal::healing {

// Executors on an engine in memory with the containers of two services, and on a HAProxy in memory
// whose backends are those services.
class DockerFixture : public ExecutorFixture {
 protected:
  DockerFixture() {
    engine_.Add("shop_orders_1", {{"service", "orders"}});
    engine_.Add("shop_payments_1", {{"service", "payments"}});
    engine_.Add("shop_payments_2", {{"service", "payments"}});
  }

  DockerOptions Options(DockerOperation operation) const {
    DockerOptions options;
    options.socket = "engine";
    options.operation = operation;
    options.labels = {{"service", LabelTemplate("{service}")}};
    return options;
  }

  std::unique_ptr<Executor> Make(DockerOptions options) {
    std::vector<Gateway> gateways;
    for (const std::string& socket : options.gateway.sockets) {
      gateways.push_back({socket, haproxy_.Api()});
    }
    GatewayMembership membership(options.gateway, std::move(gateways), clock_);
    return MakeDockerExecutor(std::make_unique<DockerEngine>(
        DockerEngine{std::move(options), engine_.Api(), std::move(membership), clock_}));
  }
  std::unique_ptr<Executor> Make(DockerOperation operation) { return Make(Options(operation)); }

  FakeEngine engine_{clock_};
  FakeHaproxy haproxy_{clock_};
};

}  // namespace promheal::healing
