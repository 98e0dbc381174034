#!/usr/bin/env escript

main([Dsn]) ->
    ok = application:start(odbc),
    ok = io:setopts([{encoding, utf8}]),
    {ok, Db} = odbc:connect("DSN=" ++ Dsn, [{auto_commit, off}, {extended_errors, on}]),

    {selected, _, Tables} = odbc:sql_query(Db, "SHOW TABLES"),
    io:format("tables: ~s~n", [lists:join(", ", [Table || {Table} <- Tables])]),

    {updated, 1} = odbc:param_query(Db, "INSERT INTO kinds VALUES (?, ?, ?, ?, UNHEX(?), ?)", [
        {{sql_varchar, 20}, ["9223372036854775807"]},
        {{sql_varchar, 30}, ["1234567890123456.7891"]},
        {{sql_varchar, 30}, ["2026-11-26 23:59:59.123456"]},
        {{sql_wvarchar, 40}, [unicode:characters_to_binary("Grüße 😀 漢字", utf8, {utf16, little})]},
        {{sql_varchar, 80}, ["00FF7F80"]},
        {sql_integer, [null]}]),
    ok = odbc:commit(Db, commit),
    {selected, _, [{Big, Price, Moment, Word, Data, Nothing}]} = odbc:sql_query(Db,
        "SELECT big, price, CAST(moment AS CHAR), word, data, nothing FROM kinds"),
    io:format("row: ~s|~s|~s|~ts|~s|~s~n", [Big, Price, Moment, list_to_binary(Word), Data,
        string:uppercase(atom_to_list(Nothing))]),

    {updated, 1} = odbc:sql_query(Db, "DELETE FROM kinds"),
    ok = odbc:commit(Db, rollback),
    io:format("rolled back: ~s row~n", [value(Db, "SELECT COUNT(*) FROM kinds")]),
    {updated, 1} = odbc:sql_query(Db, "UPDATE kinds SET nothing = 7"),
    ok = odbc:commit(Db, commit),
    io:format("committed: ~p~n", [value(Db, "SELECT nothing FROM kinds")]),

    {error, {State, Native, Message}} = odbc:sql_query(Db, "SELECT * FROM nowhere"),
    io:format("error: ~s ~p ~s~n", [State, Native, Message]),

    store_all(Db),
    io:format("rows ~s~n", [value(Db, "SELECT COUNT(*) FROM orders")]),
    odbc:commit(Db, rollback),
    odbc:disconnect(Db).

value(Db, Sql) ->
    {selected, _, [{Value}]} = odbc:sql_query(Db, Sql),
    Value.

store_all(Db) ->
    case io:get_line("") of
        eof -> ok;
        Line ->
            Number = list_to_integer(string:trim(Line)),
            ok = store(Db, Number),
            io:format("stored ~p~n", [Number]),
            store_all(Db)
    end.

store(Db, Number) ->
    case try_to_store(Db, [{sql_integer, [Number]}]) of
        {error, {State, _, Message}} when State == "40001"; State == "25S03"; State == "08007" ->
            io:format(standard_error, "again, looking first: ~s ~s~n", [State, Message]),
            ok = odbc:commit(Db, rollback),
            store(Db, Number);
        Result -> Result
    end.

try_to_store(Db, Values) ->
    case odbc:param_query(Db, "SELECT n FROM orders WHERE n = ?", Values) of
        {selected, _, [_]} -> odbc:commit(Db, commit);
        {selected, _, []} ->
            case odbc:param_query(Db, "INSERT INTO orders VALUES (?)", Values) of
                {updated, 1} -> odbc:commit(Db, commit);
                Error -> Error
            end;
        Error -> Error
    end.
