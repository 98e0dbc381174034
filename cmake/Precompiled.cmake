# Precompiled standard headers halve the time of a build from nothing. Not with a compiler launcher such
# as ccache, which is faster still and does not go with them.
function(fabric_precompile target)
  if(CMAKE_CXX_COMPILER_LAUNCHER)
    return()
  endif()
  target_precompile_headers(${target} PRIVATE
    <algorithm> <array> <atomic> <chrono> <condition_variable> <cstdint> <deque> <functional> <list>
    <map> <memory> <mutex> <optional> <span> <string> <string_view> <thread> <unordered_map>
    <variant> <vector> ${ARGN})
endfunction()
