// The checks of `fabricctl doctor`, in the order in which each needs what those before it learn.
#pragma once

#include <span>

namespace tools::doctor {

struct Examination;

struct Check {
  const char* name;
  void (*run)(Examination&);
};

std::span<const Check> all_checks();

// Each in a file of its name.
void check_data_source(Examination& examination);
void check_driver(Examination& examination);
void check_xmlrpc_library(Examination& examination);  // in the driver's
void check_keywords(Examination& examination);
void check_nodes(Examination& examination);
void check_topology(Examination& examination);
void check_groups(Examination& examination);
void check_servers(Examination& examination);
void check_sharding(Examination& examination);

/// All of them; what nobody foresaw becomes a finding too.
void examine(Examination& examination);

}  // namespace tools::doctor
