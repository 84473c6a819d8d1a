#pragma once

namespace promheal::anomaly {

// How often this program has called operator new.
int Allocations();

}  // namespace promheal::anomaly
