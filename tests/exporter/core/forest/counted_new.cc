#include "tests/exporter/core/forest/counted_new.h"

#include <cstdlib>
#include <new>

namespace {

int allocations = 0;

void* Allocate(std::size_t alignment, std::size_t size) {
  ++allocations;
  const std::size_t whole = (size + alignment - 1) / alignment * alignment;
  if (void* memory = std::aligned_alloc(alignment, whole)) return memory;
  throw std::bad_alloc();
}

}  // namespace

void* operator new(std::size_t size) { return Allocate(__STDCPP_DEFAULT_NEW_ALIGNMENT__, size); }
void* operator new(std::size_t size, std::align_val_t alignment) {
  return Allocate(static_cast<std::size_t>(alignment), size);
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::align_val_t) noexcept { std::free(memory); }

namespace promheal::anomaly {

int Allocations() { return allocations; }

}  // namespace promheal::anomaly
