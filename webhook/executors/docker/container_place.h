#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "webhook/core/override/override_plan.h"
#include "webhook/executors/docker/docker_engine.h"

namespace promheal::healing {

// The place of an override in an engine is one container. Its value depends on the operation:
//   pause     "running", "paused"        stop   "running", "stopped"
//   limit     "cpus=0.5"                 scale_out  "none", the id of the intent that made it
// A subject is the container's name, for scale_out "NAME like ORIGIN".

struct PlaceLook {
  Result<PlaceReading> place;  // Its run is the container's id.
  std::optional<Container> container;
};

PlaceLook LookAtPlace(const DockerEngine& engine, EngineSession& session,
                      const OverrideChange& change);

// Writes `value` to the place. `container` is as LookAtPlace found it; only scale_out may have
// none.
Status WritePlace(const DockerEngine& engine, EngineSession& session, const OverrideChange& change,
                  const std::optional<Container>& container, std::string_view value);

// The value of a container for an operation. For kLimit, `limits` is a text of the limits to read.
std::string PlaceValue(DockerOperation operation, const Container& container,
                       std::string_view limits);

// The limits that the options ask for, as text.
std::string WantedLimits(const DockerOptions& options);

std::string CopySubject(const std::string& name, const std::string& origin);
std::string ContainerOf(const std::string& subject);  // The name.

}  // namespace promheal::healing
