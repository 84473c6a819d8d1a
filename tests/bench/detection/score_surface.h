#pragma once

#include <string>

namespace promheal::anomaly {

// An SVG file with two panels over the same samples of two related features: the isolation score of
// every point of the plane from the forest alone, and with the range factor.
std::string ScoreSurfacePicture();

}  // namespace promheal::anomaly
