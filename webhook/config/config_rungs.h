#pragma once

#include "common/io/yaml/yaml_schema.h"
#include "common/io/yaml/yaml_writer.h"
#include "webhook/config/config_actions.h"
#include "webhook/config/config_verification.h"

namespace promheal::healing {

// One entry of a policy's `ladder`. `verify` is the policy's, for whatever the rung does not say.
Rung ReadRung(YamlMap& map, const KnownActions& actions, const Verification& verify,
              Queries& queries);
void WriteRung(const Rung& rung, YamlWriter& writer);

}  // namespace promheal::healing
