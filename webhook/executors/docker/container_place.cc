#include "webhook/executors/docker/container_place.h"

#include <fmt/core.h>

#include <charconv>

#include "webhook/executors/docker/container_choice.h"
#include "webhook/executors/docker/container_copy.h"
#include "webhook/executors/docker/container_limits.h"

namespace promheal::healing {
namespace {

constexpr std::string_view kLike = " like ";
constexpr std::string_view kStopped = "stopped";
constexpr std::string_view kPaused = "paused";
constexpr std::string_view kRunning = "running";
constexpr std::string_view kAnothers = "another's";
// A restarted engine still has its containers, so all its runs count as one.
constexpr std::string_view kEngineRun = "engine";

std::string OriginOf(const std::string& subject) {
  const size_t like = subject.find(kLike);
  return like == std::string::npos ? "" : subject.substr(like + kLike.size());
}

int NumberIn(const std::string& name) {
  const size_t start = name.find_last_not_of("0123456789") + 1;
  int number = 0;
  std::from_chars(name.data() + start, name.data() + name.size(), number);
  return number;
}

tl::unexpected<Error> NoSuchValue(std::string_view value) {
  return Fail(ErrorCode::kInvalidArgument,
              fmt::format("'{}' is not a state of a container", value.substr(0, 40)));
}

Status WriteState(const DockerEngine& engine, EngineSession& session, const Container& container,
                  std::string_view value) {
  const bool pauses = engine.options.operation == DockerOperation::kPause;
  if (value == kPaused && pauses) return session.Pause(container.id);
  if (value == kStopped && !pauses) {
    return session.Stop(container.id, engine.Grace(session.TimeLeft()));
  }
  if (value != kRunning) return NoSuchValue(value);
  return pauses ? session.Unpause(container.id) : session.Start(container.id);
}

Status WriteLimits(EngineSession& session, const Container& container, std::string_view value) {
  const Result<ContainerLimits> limits = ParseContainerLimits(value);
  if (!limits) return tl::make_unexpected(limits.error());
  const Result<std::string> body = UpdateBody(container, *limits);
  if (!body) return tl::make_unexpected(body.error());
  return session.Update(container.id, *body);
}

Status CreateCopy(const DockerEngine& engine, EngineSession& session,
                  const OverrideChange& change) {
  const Result<Container> origin = engine.Permitted(session, OriginOf(change.subject));
  if (!origin) return tl::make_unexpected(origin.error());
  const Result<std::string> text = session.InspectText(origin->id);
  if (!text) return tl::make_unexpected(text.error());
  const std::string name = ContainerOf(change.subject);
  const Result<ContainerCopy> copy = CopyOf(*text, {.number = NumberIn(name),
                                                    .made_by = change.after,
                                                    .keeps_aliases = engine.options.keeps_aliases});
  if (!copy) return tl::make_unexpected(copy.error());
  const Result<std::string> id = session.Create(name, copy->create);
  if (!id) return tl::make_unexpected(id.error());
  for (const auto& [network, body] : copy->connect) {
    if (auto status = session.Connect(network, ForContainer(body, *id)); !status) return status;
  }
  return session.Start(*id);
}

Status WriteCopy(const DockerEngine& engine, EngineSession& session, const OverrideChange& change,
                 const std::optional<Container>& container, std::string_view value) {
  if (value == kNoOverride) {
    if (!container) return {};
    return StopAndRemove(engine, session, *container);
  }
  if (value != change.after) return NoSuchValue(value);
  const Status made =
      container ? session.Start(container->id) : CreateCopy(engine, session, change);
  if (!made) return made;
  const Result<Container> created = session.Inspect(ContainerOf(change.subject));
  if (!created) return tl::make_unexpected(created.error());
  const Receipt up = AwaitUp(session, *created);
  if (up.result == ActionResult::kDone) return {};
  return Fail(ErrorCode::kFailedPrecondition, up.detail);
}

}  // namespace

std::string CopySubject(const std::string& name, const std::string& origin) {
  return name + std::string(kLike) + origin;
}

std::string ContainerOf(const std::string& subject) {
  return subject.substr(0, subject.find(kLike));
}

std::string WantedLimits(const DockerOptions& options) {
  return ToString(
      ContainerLimits{.nano_cpus = options.nano_cpus, .memory_bytes = options.memory_bytes});
}

std::string PlaceValue(DockerOperation operation, const Container& container,
                       std::string_view limits) {
  if (operation == DockerOperation::kScaleOut) {
    const std::string_view made_by = container.Label(kMadeByLabel);
    return std::string(made_by.empty() ? kAnothers : made_by);
  }
  if (operation == DockerOperation::kLimit) {
    const Result<ContainerLimits> wanted = ParseContainerLimits(limits);
    return wanted ? ToString(LimitsOf(container, *wanted)) : "";
  }
  const bool stopped = container.status == "exited" || container.status == "created";
  if (operation == DockerOperation::kStop && stopped) return std::string(kStopped);
  return container.status;
}

PlaceLook LookAtPlace(const DockerEngine& engine, EngineSession& session,
                      const OverrideChange& change) {
  const DockerOperation operation = engine.options.operation;
  const bool copies = operation == DockerOperation::kScaleOut;
  const Result<Container> container = engine.Permitted(session, ContainerOf(change.subject));
  if (!container && copies && container.error().code == ErrorCode::kNotFound) {
    return {
        .place = PlaceReading{.value = std::string(kNoOverride), .run = std::string(kEngineRun)},
        .container = std::nullopt};
  }
  if (!container) return {.place = tl::make_unexpected(container.error()), .container = {}};
  PlaceReading place{.value = PlaceValue(operation, *container, change.after),
                     .run = copies ? std::string(kEngineRun) : container->id};
  place.half_made = copies && place.value == change.after && !Runs(*container);
  return {.place = std::move(place), .container = *container};
}

Status WritePlace(const DockerEngine& engine, EngineSession& session, const OverrideChange& change,
                  const std::optional<Container>& container, std::string_view value) {
  if (engine.options.operation == DockerOperation::kScaleOut) {
    return WriteCopy(engine, session, change, container, value);
  }
  if (engine.options.operation == DockerOperation::kLimit) {
    return WriteLimits(session, *container, value);
  }
  return WriteState(engine, session, *container, value);
}

}  // namespace promheal::healing
