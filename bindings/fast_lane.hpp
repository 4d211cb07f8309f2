#pragma once

#include "bind.hpp"

namespace apiwright::bindings {

/// FastLane and OpenCall, part of the engine's submodule.
void bind_fast_lane(py::module_& engine_module);

}  // namespace apiwright::bindings
