# One interface target carries the warnings of every target of ours.
add_library(fabric_warnings INTERFACE)
target_compile_options(fabric_warnings INTERFACE
  -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wnon-virtual-dtor -Wold-style-cast
  -Wimplicit-fallthrough
  $<$<CXX_COMPILER_ID:Clang>:-Wthread-safety>
  $<$<BOOL:${FABRIC_ODBC_WERROR}>:-Werror>)
