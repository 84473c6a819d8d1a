#pragma once

#include <string>

namespace promheal::anomaly {

// Two panels over the same samples of two related features: what the forest alone says of every
// point of the plane, and what it says with the range factor. SVG, a file of its own.
std::string ScoreSurfacePicture();

}  // namespace promheal::anomaly
