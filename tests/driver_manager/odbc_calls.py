"""ODBC's functions by ctypes, as a program calls them that was not written for this driver: wide calls, numbers of
information types, row arrays. Everything is read back as Python values."""

import ctypes

ODBC = ctypes.CDLL("libodbc.so.2")
ENVIRONMENT, CONNECTION, STATEMENT = 1, 2, 3
NTS = -3
NULL_DATA = -1
SUCCESS, SUCCESS_WITH_INFO, NO_DATA = 0, 1, 100
TEXT = 2000  # characters of a buffer


class OdbcError(Exception):
    def __init__(self, state, message):
        super().__init__(f"{state} {message}")
        self.state = state


def wide(text):
    return None if text is None else ctypes.create_string_buffer(text.encode("utf-16-le") + b"\0\0")


def narrow(buffer, bytes_used):
    return buffer.raw[:bytes_used].decode("utf-16-le")


class Handle:
    def __init__(self, kind, parent):
        self.kind, self.raw = kind, ctypes.c_void_p()
        if ODBC.SQLAllocHandle(kind, parent, ctypes.byref(self.raw)) != SUCCESS:
            raise OdbcError("HY000", "no handle")

    def check(self, result):
        if result in (SUCCESS, SUCCESS_WITH_INFO, NO_DATA):
            return result
        state, message = ctypes.create_string_buffer(12), ctypes.create_string_buffer(2 * TEXT)
        native, used = ctypes.c_int(), ctypes.c_short()
        ODBC.SQLGetDiagRecW(ctypes.c_short(self.kind), self.raw, ctypes.c_short(1), state, ctypes.byref(native), message,
                            ctypes.c_short(TEXT), ctypes.byref(used))
        raise OdbcError(narrow(state, 10), narrow(message, 2 * used.value))

    def free(self):
        """Once: what is freed has no handle any more."""
        if self.raw:
            ODBC.SQLFreeHandle(self.kind, self.raw)
            self.raw = ctypes.c_void_p()


class Connection(Handle):
    def __init__(self, text, attributes=()):
        self.environment = Handle(ENVIRONMENT, None)
        self.environment.check(ODBC.SQLSetEnvAttr(self.environment.raw, 200, ctypes.c_void_p(3), 0))  # ODBC 3
        super().__init__(CONNECTION, self.environment.raw)
        for attribute, value in attributes:
            self.check(ODBC.SQLSetConnectAttrW(self.raw, attribute, ctypes.c_void_p(value), 0))
        self.check(ODBC.SQLDriverConnectW(self.raw, None, wide(text), NTS, None, 0, None, 0))

    def close(self):
        ODBC.SQLDisconnect(self.raw)
        self.free()
        self.environment.free()

    def _info(self, kind):
        buffer, used = ctypes.create_string_buffer(4 * TEXT), ctypes.c_short(-1)
        self.check(ODBC.SQLGetInfoW(self.raw, ctypes.c_ushort(kind), buffer, ctypes.c_short(len(buffer)), ctypes.byref(used)))
        return buffer, used.value

    def info_text(self, kind):
        return narrow(*self._info(kind))

    def info_number(self, kind):
        buffer, used = self._info(kind)
        return int.from_bytes(buffer.raw[:used], "little")

    def info_size(self, kind):
        return self._info(kind)[1]

    def attribute(self, attribute):
        value = ctypes.c_uint(99)
        self.check(ODBC.SQLGetConnectAttrW(self.raw, attribute, ctypes.byref(value), 0, None))
        return value.value

    def has_function(self, number):
        supported = (ctypes.c_ushort * 250)()
        self.check(ODBC.SQLGetFunctions(self.raw, ctypes.c_ushort(999), supported))  # SQL_API_ODBC3_ALL_FUNCTIONS
        return bool(supported[number >> 4] & 1 << (number & 15))

    def rows(self, sql):
        return Statement(self).execute(sql).rows()


class Statement(Handle):
    def __init__(self, connection):
        super().__init__(STATEMENT, connection.raw)
        self._kept = []  # buffers of parameters

    def set(self, attribute, value):
        self.check(ODBC.SQLSetStmtAttrW(self.raw, attribute, ctypes.c_void_p(value), 0))
        return self

    def attribute(self, attribute):
        value = ctypes.c_size_t(99)
        self.check(ODBC.SQLGetStmtAttrW(self.raw, attribute, ctypes.byref(value), 0, None))
        return value.value

    def execute(self, sql):
        self.check(ODBC.SQLExecDirectW(self.raw, wide(sql), NTS))
        return self

    def prepare(self, sql):
        self.check(ODBC.SQLPrepareW(self.raw, wide(sql), NTS))
        return self

    def execute_prepared(self):
        self.check(ODBC.SQLExecute(self.raw))
        return self

    def bind(self, place, c_type, sql_type, value, size=0, digits=0):
        """A parameter; bytes are given as they are."""
        indicator = ctypes.c_ssize_t(len(value))
        buffer = ctypes.create_string_buffer(value, len(value))
        self._kept += [indicator, buffer]
        self.check(ODBC.SQLBindParameter(
            self.raw, ctypes.c_ushort(place), ctypes.c_short(1), ctypes.c_short(c_type), ctypes.c_short(sql_type),
            ctypes.c_size_t(size), ctypes.c_short(digits), buffer, ctypes.c_ssize_t(len(value)), ctypes.byref(indicator)))
        return self

    def catalog(self, function, *names, numbers=()):
        """A catalog function, whose names come before its numbers."""
        arguments = [one for name in names for one in (wide(name), ctypes.c_short(NTS))] + [*map(ctypes.c_short, numbers)]
        self.check(getattr(ODBC, function)(self.raw, *arguments))
        return self

    def columns(self):
        """(name, SQL type, size, digits) of each."""
        count = ctypes.c_short()
        self.check(ODBC.SQLNumResultCols(self.raw, ctypes.byref(count)))
        return [self._column(number) for number in range(1, count.value + 1)]

    def _column(self, number):
        name, used, kind = ctypes.create_string_buffer(2 * TEXT), ctypes.c_short(), ctypes.c_short()
        size, digits, nullable = ctypes.c_size_t(), ctypes.c_short(), ctypes.c_short()
        self.check(ODBC.SQLDescribeColW(self.raw, ctypes.c_ushort(number), name, ctypes.c_short(TEXT), *map(
            ctypes.byref, (used, kind, size, digits, nullable))))
        return narrow(name, 2 * used.value), kind.value, size.value, digits.value

    def value(self, number, c_type=-8):  # SQL_C_WCHAR
        """SQLGetData: text, or for another C type its bytes; None."""
        buffer, used = ctypes.create_string_buffer(2 * TEXT), ctypes.c_ssize_t()
        self.check(ODBC.SQLGetData(self.raw, ctypes.c_ushort(number), ctypes.c_short(c_type), buffer,
                                   ctypes.c_ssize_t(len(buffer)), ctypes.byref(used)))
        if used.value == NULL_DATA:
            return None
        return narrow(buffer, used.value) if c_type == -8 else buffer.raw[:used.value]

    def fetch(self):
        return self.check(ODBC.SQLFetch(self.raw)) != NO_DATA

    def rows(self):
        columns = range(1, len(self.columns()) + 1)
        found = []
        while columns and self.fetch():
            found.append([self.value(number) for number in columns])
        self.free()
        return found

    def block(self, size, width):
        """The first column by SQLBindCol and one SQLFetch of `size` rows, as wide text."""
        data, used = ctypes.create_string_buffer(size * width), (ctypes.c_ssize_t * size)()
        fetched = ctypes.c_size_t()
        self.set(27, size)  # SQL_ATTR_ROW_ARRAY_SIZE
        self.check(ODBC.SQLSetStmtAttrW(self.raw, 26, ctypes.byref(fetched), 0))  # SQL_ATTR_ROWS_FETCHED_PTR
        self.check(ODBC.SQLBindCol(self.raw, ctypes.c_ushort(1), ctypes.c_short(-8), data, ctypes.c_ssize_t(width), used))
        self.fetch()
        return [data.raw[row * width:row * width + used[row]].decode("utf-16-le") for row in range(fetched.value)]
