import { createInterface } from 'node:readline';
import odbc from 'odbc';

const db = await odbc.connect(`DSN=${process.argv[2]}`);
const value = async (sql) => Number(Object.values((await db.query(sql))[0])[0]); // COUNT(*) is a BigInt

const tables = await db.tables(null, null, null, 'TABLE');
console.log('tables:', tables.map((table) => table.TABLE_NAME).join(', '));

await db.query('INSERT INTO kinds VALUES (?, ?, ?, ?, ?, ?)', [9223372036854775807n, '1234567890123456.7891',
  '2026-11-26 23:59:59.123456', 'Grüße 😀 漢字', Buffer.from('00ff7f80', 'hex'), null]);
const [row] = await db.query('SELECT big, CAST(price AS CHAR) AS price, moment, word, data, nothing FROM kinds');
console.log('row:', [row.big, row.price, row.moment, row.word, Buffer.from(row.data).toString('hex').toUpperCase(),
  row.nothing ?? 'NULL'].join('|'));

await db.beginTransaction();
await db.query('DELETE FROM kinds');
await db.rollback();
console.log('rolled back:', await value('SELECT COUNT(*) FROM kinds'), 'row');
await db.beginTransaction();
await db.query('UPDATE kinds SET nothing = 7');
await db.commit();
console.log('committed:', await value('SELECT nothing FROM kinds'));

await db.query('SELECT * FROM nowhere').catch(({ odbcErrors: [error] }) =>
  console.log('error:', error.state, error.code, error.message));

async function store(number) {
  for (;;) {
    try {
      await db.beginTransaction();
      if ((await db.query('SELECT 1 FROM orders WHERE n = ?', [number])).length === 0) {
        await db.query('INSERT INTO orders VALUES (?)', [number]);
      }
      return await db.commit();
    } catch (error) {
      const { state, message } = error.odbcErrors?.[0] ?? {};
      if (!['40001', '25S03', '08007'].includes(state)) throw error; // rolled back, or COMMIT's outcome unknown
      console.error('again, looking first:', state, message);
      await db.rollback();
    }
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  await store(Number(line));
  console.log('stored', line);
}
console.log('rows', await value('SELECT COUNT(*) FROM orders'));
await db.close();
