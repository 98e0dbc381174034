-- A Fabric node in SQL: what all procedures share: reading an argument (always text),
-- refusing a command, and the result sets of MySQL-RPC.
--
-- A command is refused by raising SQLSTATE 45FAB anywhere below a public procedure, whose handler
-- answers the info set with the message and nothing else. Every other error, a deadlock (1213)
-- and a lock timeout (1205) above all, rolls back and leaves the CALL as it is.

SET NAMES utf8mb4 COLLATE utf8mb4_general_ci;
SET sql_mode = 'STRICT_TRANS_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION';

DELIMITER $$

CREATE OR REPLACE DEFINER = fabric_node@localhost PROCEDURE fabric.fail(problem VARCHAR(500))
NO SQL
SIGNAL SQLSTATE '45FAB' SET MESSAGE_TEXT = problem $$

CREATE OR REPLACE DEFINER = fabric_node@localhost FUNCTION fabric.setting(wanted VARCHAR(32))
RETURNS BIGINT
READS SQL DATA
RETURN (SELECT value FROM fabric.settings WHERE name = wanted) $$

-- The first result set of every answer; `problem` is NULL when the command worked.
CREATE OR REPLACE DEFINER = fabric_node@localhost PROCEDURE fabric.answer(problem VARCHAR(500))
READS SQL DATA
SELECT '5ca1ab1e-a007-feed-f00d-cab3fe13249e' AS fabric_uuid,
       COALESCE(fabric.setting('ttl'), 1) AS ttl, problem AS message $$

-- Called by the 45FAB handlers only. A transaction that the caller had open (fabric.begin) stays.
CREATE OR REPLACE DEFINER = fabric_node@localhost PROCEDURE fabric.refuse()
MODIFIES SQL DATA
BEGIN
  DECLARE problem VARCHAR(500);
  DECLARE number INT;
  GET DIAGNOSTICS CONDITION 1 problem = MESSAGE_TEXT, number = MYSQL_ERRNO;
  IF number <> 1568 THEN ROLLBACK; END IF;
  CALL fabric.answer(problem);
  IF number <> 1568 THEN COMMIT; END IF;
END $$

CREATE OR REPLACE DEFINER = fabric_node@localhost PROCEDURE fabric.refuse_lookup(alone BOOLEAN)
READS SQL DATA
BEGIN
  DECLARE problem VARCHAR(500);
  GET DIAGNOSTICS CONDITION 1 problem = MESSAGE_TEXT;
  CALL fabric.answer(problem);
  IF alone THEN COMMIT; END IF;
END $$

-- The first statement of every procedure that changes something. A command is a transaction of its
-- own; one the caller has open would be committed half way, or hide what others have committed.
CREATE OR REPLACE DEFINER = fabric_node@localhost PROCEDURE fabric.begin()
NO SQL
BEGIN
  IF @@in_transaction THEN
    SIGNAL SQLSTATE '45FAB' SET MYSQL_ERRNO = 1568,
      MESSAGE_TEXT = 'A transaction is open in this session: COMMIT or ROLLBACK it first.';
  END IF;
END $$

-- The result sets after a change. The work is done when the CALL ends, whether asked for as
-- synchronous or not; `synchronous` chooses the form of the answer. `new_id` is NULL but for
-- commands that make a number. The COMMIT is for sessions with autocommit off, where reading the
-- ttl opens a transaction.
CREATE OR REPLACE DEFINER = fabric_node@localhost PROCEDURE fabric.done(
  action VARCHAR(64), detail VARCHAR(256), new_id BIGINT, synchronous BOOLEAN)
MODIFIES SQL DATA
BEGIN
  DECLARE yes BOOLEAN DEFAULT TRUE;
  DECLARE created BIGINT DEFAULT 3;
  DECLARE good BIGINT DEFAULT 2;
  DECLARE job VARCHAR(36) DEFAULT UUID();
  DECLARE at DECIMAL(18,6) DEFAULT UNIX_TIMESTAMP(SYSDATE(6));
  CALL fabric.answer(NULL);
  IF NOT synchronous THEN
    SELECT job AS uuid;
  ELSE
    IF new_id IS NULL THEN
      SELECT job AS uuid, yes AS finished, yes AS success, yes AS result;
    ELSE
      SELECT job AS uuid, yes AS finished, yes AS success, new_id AS result;
    END IF;
    SELECT created AS state, good AS success, at AS `when`, 'Triggered by a CALL.' AS description
    UNION ALL SELECT created + 1, good, at, CONCAT('Executing action (_', action, ').')
    UNION ALL SELECT created + 2, good, at, CONCAT('Executed action (_', action, ')',
                                                   COALESCE(CONCAT(': ', detail), ''), '.');
  END IF;
  COMMIT;
END $$

-- Flags arrive as text: NULL and '' mean the default. The real node takes any text as true; here
-- what is neither is refused.
CREATE OR REPLACE DEFINER = fabric_node@localhost FUNCTION fabric.flag(
  given TEXT, otherwise BOOLEAN, name VARCHAR(32))
RETURNS BOOLEAN
NO SQL
BEGIN
  DECLARE word VARCHAR(64) DEFAULT LOWER(TRIM(LEFT(COALESCE(given, ''), 64)));
  IF word IN ('', 'null', 'none') THEN RETURN otherwise; END IF;
  IF word IN ('true', '1', 'yes', 'on') THEN RETURN TRUE; END IF;
  IF word NOT IN ('false', '0', 'no', 'off') THEN
    CALL fabric.fail(CONCAT('Argument ', name, ' must be true or false, not (', word, ').'));
  END IF;
  RETURN FALSE;
END $$

CREATE OR REPLACE DEFINER = fabric_node@localhost FUNCTION fabric.status_name(number INT)
RETURNS VARCHAR(16)
DETERMINISTIC NO SQL
RETURN ELT(number + 1, 'FAULTY', 'SPARE', 'SECONDARY', 'PRIMARY') $$

CREATE OR REPLACE DEFINER = fabric_node@localhost FUNCTION fabric.mode_name(number INT)
RETURNS VARCHAR(16)
DETERMINISTIC NO SQL
RETURN ELT(number + 1, 'OFFLINE', 'READ_ONLY', 'WRITE_ONLY', 'READ_WRITE') $$

-- A status or mode as word or number; NULL stays NULL, nonsense is refused.
CREATE OR REPLACE DEFINER = fabric_node@localhost FUNCTION fabric.status_number(given TEXT)
RETURNS INT
NO SQL
BEGIN
  DECLARE word VARCHAR(64) DEFAULT UPPER(TRIM(LEFT(given, 64)));
  DECLARE place INT DEFAULT FIELD(word, 'FAULTY', 'SPARE', 'SECONDARY', 'PRIMARY',
                                  '0', '1', '2', '3');
  IF given IS NULL THEN RETURN NULL; END IF;
  IF place = 0 THEN
    CALL fabric.fail(CONCAT('Unknown status (', word,
                            '): use FAULTY, SPARE, SECONDARY or PRIMARY.'));
  END IF;
  RETURN (place - 1) MOD 4;
END $$

CREATE OR REPLACE DEFINER = fabric_node@localhost FUNCTION fabric.mode_number(given TEXT)
RETURNS INT
NO SQL
BEGIN
  DECLARE word VARCHAR(64) DEFAULT UPPER(TRIM(LEFT(given, 64)));
  DECLARE place INT DEFAULT FIELD(word, 'OFFLINE', 'READ_ONLY', 'WRITE_ONLY', 'READ_WRITE',
                                  '0', '1', '2', '3');
  IF given IS NULL THEN RETURN NULL; END IF;
  IF place = 0 THEN
    CALL fabric.fail(CONCAT('Unknown mode (', word,
                            '): use OFFLINE, READ_ONLY, WRITE_ONLY or READ_WRITE.'));
  END IF;
  RETURN (place - 1) MOD 4;
END $$

-- `a, b` as a JSON array, for JSON_TABLE.
CREATE OR REPLACE DEFINER = fabric_node@localhost FUNCTION fabric.as_list(given TEXT)
RETURNS TEXT
DETERMINISTIC NO SQL
RETURN CONCAT('[', REPLACE(JSON_QUOTE(COALESCE(given, '')), ',', '","'), ']') $$

-- host:port, [ipv6]:port or host (3306) -> host and port.
CREATE OR REPLACE DEFINER = fabric_node@localhost PROCEDURE fabric.split_address(
  given TEXT, OUT host VARCHAR(255), OUT port BIGINT)
NO SQL
BEGIN
  DECLARE name TEXT DEFAULT TRIM(COALESCE(given, ''));
  DECLARE digits TEXT DEFAULT '3306';
  IF name REGEXP '^(\\[[0-9A-Fa-f:.]+\\]|[^][:,[:space:]]+):[0-9]{1,5}$' THEN
    SET digits = SUBSTRING_INDEX(name, ':', -1);
    SET name = LEFT(name, CHAR_LENGTH(name) - CHAR_LENGTH(digits) - 1);
  END IF;
  IF name NOT REGEXP '^(\\[[0-9A-Fa-f:.]+\\]|[^][:,[:space:]]+)$' OR CHAR_LENGTH(name) > 255
     OR CAST(digits AS UNSIGNED) NOT BETWEEN 1 AND 65535 THEN
    CALL fabric.fail(CONCAT('Not an address: (', LEFT(COALESCE(given, 'NULL'), 100),
                            '); use host:port.'));
  END IF;
  SET host = TRIM(LEADING '[' FROM TRIM(TRAILING ']' FROM name));
  SET port = CAST(digits AS UNSIGNED);
END $$

-- Whether a row of a log with that id is this server's to prune. The members of a Galera cluster
-- give out ids of different remainders (auto_increment_offset), so no two delete the same row and
-- none loses certification by it.
CREATE OR REPLACE DEFINER = fabric_node@localhost FUNCTION fabric.own_row(id BIGINT UNSIGNED)
RETURNS BOOLEAN
NO SQL
RETURN id MOD @@auto_increment_increment = @@auto_increment_offset MOD @@auto_increment_increment $$

-- Part of the change it tells of. The test before the DELETE keeps it from locking anything when
-- nothing is old.
CREATE OR REPLACE DEFINER = fabric_node@localhost PROCEDURE fabric.note(
  changed_group VARCHAR(64), changed_server VARCHAR(40), what VARCHAR(256))
MODIFIES SQL DATA
BEGIN
  DECLARE oldest DATETIME(6)
    DEFAULT UTC_TIMESTAMP(6) - INTERVAL fabric.setting('history_time') SECOND;
  IF EXISTS (SELECT * FROM fabric.history AS h
              WHERE h.changed_at < oldest AND fabric.own_row(h.id)) THEN
    DELETE FROM fabric.history WHERE changed_at < oldest AND fabric.own_row(id) LIMIT 1000;
  END IF;
  INSERT INTO fabric.history (changed_at, group_id, server_uuid, what, account)
  VALUES (UTC_TIMESTAMP(6), changed_group, changed_server, what, USER());
END $$

DELIMITER ;
