"""Statements at random over sharded tables (a, b, c) and one that every shard has (ref), from a seed: joins, subqueries,
derived tables, common table expressions, conditions of every shape. Most of them put keys of one shard beside each other,
since a router takes only those."""

import random

KEYS = {"a": "k", "b": "k", "c": "ck"}
COLUMNS = {"a": ("k", "v", "w"), "b": ("id", "k", "v"), "c": ("ck", "k", "v"), "ref": ("k", "v", "l")}
TOP_KEY = 10  # keys are 0 .. 9; the second half is the second shard's
JOINS = (",", "JOIN", "JOIN", "LEFT JOIN", "RIGHT JOIN", "NATURAL JOIN", "NATURAL LEFT JOIN", "NATURAL RIGHT JOIN",
         "CROSS JOIN", "STRAIGHT_JOIN", "INNER JOIN")
DEEPEST = 2


class Source:
    """A name in FROM: the columns behind it, and which one is its key, if it has one."""

    def __init__(self, name, key, columns):
        self.name, self.key, self.columns = name, key, columns


class Statements:
    def __init__(self, seed):
        self._random = random.Random(seed)
        self._aliases = 0
        self._first_half = True
        self._expressions = ()

    def next(self):
        self._aliases = 0
        self._first_half = self._often(0.5)
        self._expressions = ()
        roll = self._random.random()
        if roll < 0.62:
            return self._query()
        return self._update() if roll < 0.82 else self._delete()

    def _one_of(self, *choices):
        return self._random.choice(choices)

    def _often(self, share):
        return self._random.random() < share

    def _key(self):
        first = self._first_half if self._often(0.93) else self._often(0.5)
        return self._random.randrange(TOP_KEY // 2) + (0 if first else TOP_KEY // 2)

    def _query(self):
        head = ""
        if self._often(0.12):
            name = self._one_of("a", "b", "m", "q")
            head = f"WITH {name} AS ({self._derived(1)}) "
            self._expressions = (name,)
        query = head + self._select(0, [])
        if self._often(0.1):
            query += self._one_of(" UNION ", " UNION ALL ", " EXCEPT ", " INTERSECT ") + self._select(0, [])
        return query

    def _update(self):
        text, sources = self._tables(0, [])
        target = self._random.choice(sources)
        columns = target.columns if self._often(0.15) else [name for name in target.columns if name != target.key]
        column = self._random.choice(columns)
        value = self._one_of("9", "v + 1", str(self._key()), f"(SELECT COUNT(*) {self._from(1, sources)})")
        written = self._one_of(column, f"{target.name}.{column}")
        return f"UPDATE {text} SET {written} = {value} WHERE {self._conditions(0, sources, [])}"

    def _delete(self):
        text, sources = self._tables(0, [])
        of = "" if len(sources) == 1 and text in COLUMNS else self._random.choice(sources).name + " "
        return f"DELETE {of}FROM {text} WHERE {self._conditions(0, sources, [])}"

    def _select(self, depth, outer, listed=None):
        text, sources = self._tables(depth, outer)
        if listed is None:
            listed = self._one_of("*", "*", "COUNT(*)", f"{self._column(sources)}, {self._column(sources)}")
            if depth < DEEPEST and self._often(0.15):
                listed = f"(SELECT COUNT(*) {self._from(depth + 1, sources)})"
        elif listed == "key":
            listed = self._key_column(self._random.choice(sources))
        query = f"SELECT {listed} FROM {text}"
        if self._often(0.94):
            query += f" WHERE {self._conditions(depth, sources, outer)}"
        if self._often(0.06):
            query += f" HAVING {self._atom(depth, sources, outer)}"
        return query

    def _derived(self, depth):
        """Its columns are k and v, whatever they are made of."""
        text, sources = self._tables(depth, [])
        first = self._column(sources) if self._often(0.3) else self._key_column(sources[0])
        return f"SELECT {first} AS k, {self._column(sources)} AS v FROM {text} WHERE {self._conditions(depth, sources, [])}"

    def _from(self, depth, outer):
        text, sources = self._tables(depth, outer)
        return f"FROM {text} WHERE {self._conditions(depth, sources, outer)}"

    def _tables(self, depth, outer):
        text, sources = self._factor(depth, outer)
        while len(sources) < 4 and self._often(0.45 if depth == 0 else 0.25):
            right, more = self._factor(depth, outer)
            if {one.name for one in sources} & {one.name for one in more}:
                continue
            text, sources = self._joined(depth, outer, (text, sources), (right, more)), sources + more
        return text, sources

    def _joined(self, depth, outer, left, right):
        join = self._random.choice(JOINS)
        if join == ",":
            return f"{left[0]}, {right[0]}"
        text = f"{left[0]} {join} {right[0]}"
        if "NATURAL" in join:
            return text
        if self._often(0.2):
            return f"{text} USING ({self._one_of('k', 'k', 'k, v', 'v')})"
        if self._often(0.1) and "LEFT" not in join and "RIGHT" not in join:
            return text
        conditions = []
        if self._often(0.75):
            conditions.append(f"{self._key_column(self._random.choice(left[1]))} = "
                              f"{self._key_column(self._random.choice(right[1]))}")
        while not conditions or self._often(0.35):
            conditions.append(self._atom(depth, left[1] + right[1], outer))
        return f"{text} ON {self._one_of(' AND ', ' AND ', ' AND ', ' OR ').join(conditions)}"

    def _factor(self, depth, outer):
        if depth < DEEPEST and self._often(0.1):
            text, sources = self._tables(depth + 1, outer)
            return f"({text})", sources
        if depth < DEEPEST and self._often(0.1):
            alias = self._alias()
            return f"({self._derived(depth + 1)}) AS {alias}", [Source(alias, None, ("k", "v"))]
        if self._expressions and self._often(0.2):
            alias = self._alias()
            return f"{self._expressions[0]} {alias}", [Source(alias, None, ("k", "v"))]
        table = self._one_of("a", "a", "b", "b", "c", "ref")
        if self._often(0.45):
            return table, [Source(table, KEYS.get(table), COLUMNS[table])]
        alias = self._alias()
        return f"{table}{self._one_of(' ', ' AS ')}{alias}", [Source(alias, KEYS.get(table), COLUMNS[table])]

    def _alias(self):
        """At times the name of another table."""
        self._aliases += 1
        return self._one_of("x", "y", "z", "a", "b", "c", "t") + self._one_of("", str(self._aliases), str(self._aliases))

    def _column(self, sources):
        source = self._random.choice(sources)
        column = self._random.choice(source.columns)
        return self._one_of(column, *[f"{source.name}.{column}"] * 3)

    def _key_column(self, source):
        key = source.key or "k"
        return f"{source.name}.{key}" if self._often(0.85) else key

    def _conditions(self, depth, sources, outer):
        parts = [f"{self._key_column(one)} = {self._key()}" for one in sources if one.key and self._often(0.62)]
        while not parts or self._often(0.5):
            parts.append(self._atom(depth, sources, outer))
        self._random.shuffle(parts)
        text = parts[0]
        for part in parts[1:]:
            text += self._one_of(*[" AND "] * 14, " && ", " OR ", " XOR ") + part
        return text

    def _atom(self, depth, sources, outer):
        shapes = [self._equals_key, self._equals_key, self._equals_key, self._in_keys, self._equals_key_of, self._compared,
                  self._negated, self._grouped, self._either, self._between, self._case, self._null, self._truth,
                  self._assigned]
        if depth < DEEPEST:
            shapes += [self._exists, self._in_query, self._top_of_query]
        return self._random.choice(shapes)(depth, sources, outer)

    def _any_key(self, sources):
        return self._key_column(self._random.choice(sources))

    def _equals_key(self, _depth, sources, _outer):
        column, key = self._any_key(sources), self._key()
        return self._one_of(f"{column} = {key}", f"{column} = {key}", f"{key} = {column}", f"{column} = ({key})")

    def _in_keys(self, _depth, sources, _outer):
        keys = ", ".join(str(self._key()) for _ in range(self._random.randint(1, 3)))
        return f"{self._any_key(sources)} IN ({keys})"

    def _equals_key_of(self, _depth, sources, outer):
        return f"{self._any_key(sources)} = {self._any_key(sources + outer)}"

    def _compared(self, _depth, sources, _outer):
        return f"{self._column(sources)} {self._one_of('>', '<', '<>', '=', '<=>', '>=')} {self._random.randrange(TOP_KEY)}"

    def _negated(self, depth, sources, outer):
        return f"NOT {self._atom(depth, sources, outer)}"

    def _grouped(self, depth, sources, outer):
        return f"({self._conditions(depth, sources, outer)})"

    def _either(self, depth, sources, outer):
        return f"({self._atom(depth, sources, outer)} OR {self._atom(depth, sources, outer)})"

    def _between(self, depth, sources, outer):
        return (f"{self._column(sources)} BETWEEN {self._random.randrange(TOP_KEY // 2)} AND "
                f"{self._one_of('9', '5', self._atom(depth, sources, outer))}")

    def _case(self, depth, sources, outer):
        return (f"CASE WHEN {self._atom(depth, sources, outer)} THEN {self._one_of('1', '0')} "
                f"ELSE {self._one_of('1', '0', 'NULL')} END")

    def _null(self, _depth, sources, _outer):
        return f"{self._column(sources)} IS {self._one_of('NULL', 'NOT NULL')}"

    def _truth(self, depth, sources, outer):
        return f"{self._atom(depth, sources, outer)} = {self._one_of('0', '1')}"

    def _assigned(self, _depth, sources, _outer):
        return f"{self._one_of('0', '1', self._any_key(sources))} = @u := {self._one_of('0', '1')}"

    def _exists(self, depth, sources, outer):
        return f"{self._one_of('', 'NOT ')}EXISTS (SELECT 1 {self._from(depth + 1, sources + outer)})"

    def _in_query(self, depth, sources, outer):
        inner = self._select(depth + 1, sources + outer, listed="key")
        return f"{self._any_key(sources)} {self._one_of('', '', 'NOT ')}IN ({inner})"

    def _top_of_query(self, depth, sources, _outer):
        return f"{self._any_key(sources)} = (SELECT MAX(q.k) FROM ({self._derived(depth + 1)}) q)"
