// What the library of XML-RPC gives the driver that loads it. Both are of one build, since C++
// objects and exceptions pass between them.
#pragma once

#include "fabric/xmlrpc_link.h"

namespace fabric {

struct XmlRpcLibrary {
  const char* version;  ///< first in every version, to be looked at before the rest
  decltype(&xmlrpc_link) link;
};

}  // namespace fabric

extern "C" [[gnu::visibility("default")]] const fabric::XmlRpcLibrary fabric_odbc_xmlrpc;
