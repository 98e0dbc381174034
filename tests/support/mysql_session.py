"""A session with a MariaDB server through Debian's libmariadb3: every result set with its column
names and types, which the command line client does not show of an empty one. Calls wait outside
Python's lock, so threads really run beside each other."""

import ctypes
import dataclasses

_LIBRARY = ctypes.CDLL("libmariadb.so.3")
_CONNECT_TIMEOUT, _READ_TIMEOUT = 0, 11  # enum mysql_option
_MULTI_STATEMENTS_AND_RESULTS = 3 << 16


class _Field(ctypes.Structure):
    _fields_ = ([(name, ctypes.c_char_p) for name in
                 ("name", "org_name", "table", "org_table", "db", "catalog", "default")]
                + [("length", ctypes.c_ulong), ("max_length", ctypes.c_ulong)]
                + [(name, ctypes.c_uint) for name in
                   ("name_length", "org_name_length", "table_length", "org_table_length", "db_length",
                    "catalog_length", "default_length", "flags", "decimals", "charset", "type")]
                + [("extension", ctypes.c_void_p)])


def _declare(name, result, *arguments):
    function = getattr(_LIBRARY, name)
    function.restype, function.argtypes = result, arguments
    return function


_POINTER = ctypes.c_void_p
_init = _declare("mysql_init", _POINTER, _POINTER)
_options = _declare("mysql_options", ctypes.c_int, _POINTER, ctypes.c_int, _POINTER)
_connect = _declare("mysql_real_connect", _POINTER, _POINTER, ctypes.c_char_p, ctypes.c_char_p, ctypes.c_char_p,
                    ctypes.c_char_p, ctypes.c_uint, ctypes.c_char_p, ctypes.c_ulong)
_query = _declare("mysql_real_query", ctypes.c_int, _POINTER, ctypes.c_char_p, ctypes.c_ulong)
_store = _declare("mysql_store_result", _POINTER, _POINTER)
_free = _declare("mysql_free_result", None, _POINTER)
_field_count = _declare("mysql_field_count", ctypes.c_uint, _POINTER)
_fields = _declare("mysql_fetch_fields", ctypes.POINTER(_Field), _POINTER)
_row = _declare("mysql_fetch_row", ctypes.POINTER(ctypes.c_void_p), _POINTER)
_lengths = _declare("mysql_fetch_lengths", ctypes.POINTER(ctypes.c_ulong), _POINTER)
_next = _declare("mysql_next_result", ctypes.c_int, _POINTER)
_errno = _declare("mysql_errno", ctypes.c_uint, _POINTER)
_error = _declare("mysql_error", ctypes.c_char_p, _POINTER)
_close = _declare("mysql_close", None, _POINTER)


class SqlError(Exception):
    """An error of the server or of the link; `number` as in MariaDB's list."""

    def __init__(self, number, text):
        super().__init__(f"{number}: {text}")
        self.number = number


@dataclasses.dataclass
class ResultSet:
    names: list
    types: list
    rows: list


class Session:
    """One connection. Give a socket path or a TCP port on loopback."""

    def __init__(self, socket=None, port=0, user="root", password="", timeout=20):
        self._handle = _init(None)
        for option in (_CONNECT_TIMEOUT, _READ_TIMEOUT):
            _options(self._handle, option, ctypes.byref(ctypes.c_uint(timeout)))
        host = None if socket else b"127.0.0.1"
        if not _connect(self._handle, host, user.encode(), password.encode(), None, port,
                        str(socket).encode() if socket else None, _MULTI_STATEMENTS_AND_RESULTS):
            error = self._failure()
            self.close()
            raise error

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        if self._handle:
            _close(self._handle)
            self._handle = None

    def query(self, text):
        """The result sets of all statements in `text`; the OKs without rows are left out."""
        encoded = text.encode()
        if _query(self._handle, encoded, len(encoded)):
            raise self._failure()
        found = []
        while True:
            if _field_count(self._handle):
                found.append(self._read())
            more = _next(self._handle)
            if more > 0:
                raise self._failure()
            if more < 0:
                return found

    def rows(self, text):
        """The rows of the last result set."""
        return self.query(text)[-1].rows

    def _read(self):
        result = _store(self._handle)
        if not result:
            raise self._failure()
        count = _field_count(self._handle)
        fields = _fields(result)
        rows = []
        while row := _row(result):
            lengths = _lengths(result)
            rows.append([None if not row[i] else ctypes.string_at(row[i], lengths[i]).decode()
                         for i in range(count)])
        names, types = zip(*((fields[i].name.decode(), fields[i].type) for i in range(count)))
        _free(result)
        return ResultSet(list(names), list(types), rows)

    def _failure(self):
        return SqlError(_errno(self._handle), _error(self._handle).decode(errors="replace"))


def literal(value):
    """A value as SQL text; None is NULL, numbers stay bare."""
    if value is None:
        return "NULL"
    if isinstance(value, (int, float)):
        return str(value)
    return "'" + value.replace("\\", "\\\\").replace("'", "''") + "'"


def command(name, *arguments):
    """`group.add`, values -> CALL `group`.`add`(...)."""
    schema, procedure = name.split(".")
    return f"CALL `{schema}`.`{procedure}`({', '.join(literal(one) for one in arguments)})"
