#include "tools/doctor/checks.h"

#include <array>
#include <exception>

#include "tools/doctor/examination.h"

namespace tools::doctor {
namespace {

constexpr std::array kChecks{
    Check{"data source", check_data_source},
    Check{"driver", check_driver},
    Check{"keywords", check_keywords},
    Check{"library of XML-RPC", check_xmlrpc_library},
    Check{"nodes", check_nodes},
    Check{"topology", check_topology},
    Check{"groups", check_groups},
    Check{"servers", check_servers},
    Check{"sharding", check_sharding},
};

}  // namespace

std::span<const Check> all_checks() { return kChecks; }

void examine(Examination& examination) {
  for (const Check& check : kChecks) {
    if (examination.unusable) return;
    examination.report.begin(check.name);
    try {
      check.run(examination);
    } catch (const std::exception& error) {
      examination.report.error(check.name, std::string("could not be checked: ") + error.what(),
                               {});
      examination.unusable = true;  // what the others need may be missing
    }
  }
}

}  // namespace tools::doctor
