#!/usr/bin/env bash
# Fails on an #include that points up: tools -> driver -> pool -> fabric -> fabric/mysql -> fabric/base.
set -euo pipefail
cd "$(dirname "$0")/.."
bad=0
forbid() {  # forbid FOLDER REGEX: no file in FOLDER includes what matches
  if grep -rnE "^#include [\"<]$2" "$1" --include='*.h' --include='*.cpp'; then
    echo "  ^ files in $1 must not include these" >&2
    bad=1
  fi
}
forbid fabric '(driver|pool|tests|tools)/'
forbid fabric/mysql 'fabric/[a-z_]+\.h'
forbid fabric/base 'fabric/([a-z_]+\.h|mysql/)'
forbid pool '(driver|tests|tools)/'
forbid pool '(sql|sqlext|sqltypes|sqlucode)\.h'
forbid driver '(tests|tools)/'
# Within driver/, what knows no handle stands alone.
apart() {  # apart FOLDER NEIGHBOURS: of driver/, a folder includes itself and these only
  local own="driver/($1/|$2|odbc\.h|cancel_later\.h)"
  if grep -rE '^#include "driver/' "driver/$1" | grep -vE "\"$own"; then
    echo "  ^ driver/$1 may include $own" >&2
    bad=1
  fi
}
apart text 'text/'
apart convert 'text/|type_info\.h'
apart rows 'rows/'
apart sql 'convert/|text/'
apart settings 'sql/|text/'
apart catalog 'rows/|sql/|text/|type_info\.h'
forbid tools 'tests/'
forbid tools '(mysql|errmsg)\.h'
forbid driver '(mysql|errmsg)\.h'
forbid pool '(mysql|errmsg)\.h'
# Poco is XML-RPC's, which the driver loads when it is needed; fabricctl has it anyway.
forbid fabric/base 'Poco/'
forbid fabric/mysql 'Poco/'
forbid pool 'Poco/'
forbid driver 'Poco/'
if grep -nE '^#include (<Poco/|"fabric/xmlrpc(_library)?/)' fabric/*.h fabric/*.cpp; then
  echo "  ^ only fabric/xmlrpc may" >&2
  bad=1
fi
# <mysql.h> lies behind one header.
if grep -rlE '^#include <(mysql|errmsg)\.h>' fabric driver pool tools | grep -v '^fabric/mysql/client_library.h$'; then
  echo "  ^ only fabric/mysql/client_library.h includes <mysql.h>" >&2
  bad=1
fi
exit $bad
