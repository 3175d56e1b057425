//! One connection to PostgreSQL. Whoever asks waits on their own thread; what moves the bytes is a
//! thread of the pool, so that it does not matter from where is asked.

use std::cell::{self, RefCell};
use std::collections::HashMap;
use std::error::Error;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::sync::mpsc;
use std::task::Poll;

use futures_executor::block_on;
use tokio::runtime::Handle;
use tokio_postgres::types::private::BytesMut;
use tokio_postgres::types::{FromSql, IsNull, ToSql, Type, accepts, to_sql_checked};
use tokio_postgres::{Client, NoTls, Statement};

use super::tls;
use crate::db::address::Address;
use crate::db::value::{Bind, Cell, Row, Value};
use crate::error::{PostgresError, Result, ServerError};

/// The most rows that wait to be sent, and the most bytes of them.
const MOST_WAITING: usize = 512;
const MOST_BYTES_WAITING: usize = 1024 * 1024;
/// So many rows go in one statement: each number of rows is a statement of its own, prepared once for each connection.
const ROWS: [usize; 3] = [64, 8, 1];

/// What stands before the row in a statement that inserts one.
const VALUES: &str = "VALUES (";

/// One connection.
pub struct Link {
    client: Client,
    /// Prepared before, by their text.
    statements: RefCell<HashMap<String, Statement>>,
    /// What was written and not sent yet: it goes together with the next that waits for an answer.
    waiting: RefCell<Waiting>,
    /// A statement failed: PostgreSQL then answers a commit as if all were well, and undoes it.
    is_spoiled: cell::Cell<bool>,
}

/// Rows that were not sent yet.
#[derive(Default)]
struct Waiting {
    runs: Vec<Run>,
    rows: usize,
    bytes: usize,
}

/// Rows that the same statement inserts one after another.
struct Run {
    sql: String,
    rows: Vec<Vec<Cell>>,
}

impl Waiting {
    fn add(&mut self, sql: &str, row: Vec<Cell>) {
        self.rows += 1;
        self.bytes += row.iter().map(bytes).sum::<usize>();
        match self.runs.last_mut() {
            Some(run) if run.sql == sql => run.rows.push(row),
            _ => self.runs.push(Run {
                sql: sql.to_owned(),
                rows: vec![row],
            }),
        }
    }

    fn is_much(&self) -> bool {
        self.rows >= MOST_WAITING || self.bytes >= MOST_BYTES_WAITING
    }
}

impl Link {
    /// Connects to a server that writes.
    pub fn connect(address: &Address, runtime: &Handle) -> Result<Link> {
        let config = address.config.clone();
        let (sender, connected) = mpsc::channel();
        let tls = address.is_encrypted().then(|| tls::connector(address)).transpose()?;
        runtime.spawn(async move {
            let (client, driver) = match tls {
                Some(tls) => match config.connect(tls).await {
                    Ok((client, driver)) => (Ok(client), Some(tokio::spawn(async { drop(driver.await) }))),
                    Err(error) => (Err(error), None),
                },
                None => match config.connect(NoTls).await {
                    Ok((client, driver)) => (Ok(client), Some(tokio::spawn(async { drop(driver.await) }))),
                    Err(error) => (Err(error), None),
                },
            };
            // Nobody waiting any more: the connection ends with its client.
            let _ = sender.send(client);
            drop(driver);
        });
        let client = connected
            .recv()
            .map_err(|_| ServerError::Damaged("a connection was not made"))?;
        Ok(Link {
            client: client.map_err(PostgresError::from)?,
            statements: RefCell::default(),
            waiting: RefCell::default(),
            is_spoiled: cell::Cell::new(false),
        })
    }

    pub fn client(&mut self) -> &mut Client {
        &mut self.client
    }

    /// Whether nothing can be asked on it any more.
    pub fn is_closed(&self) -> bool {
        self.client.is_closed()
    }

    /// Executes statements without values.
    pub fn batch(&self, sql: &str) -> Result<()> {
        self.heard(block_on(self.client.batch_execute(sql)))
    }

    /// Begins a transaction.
    pub fn begin(&self, sql: &str) -> Result<()> {
        self.is_spoiled.set(false);
        self.waiting.take();
        self.batch(sql)
    }

    /// Ends the transaction, unless something in it failed.
    pub fn commit(&self) -> Result<()> {
        if self.is_spoiled.get() {
            return Err(ServerError::Damaged("a transaction went on after a failure"));
        }
        self.batch("COMMIT")
    }

    fn heard<T>(&self, done: Result<T, tokio_postgres::Error>) -> Result<T> {
        done.map_err(|error| {
            self.is_spoiled.set(true);
            PostgresError::from(error).into()
        })
    }

    /// Inserts a row some time before the next statement that is answered, and before the transaction ends.
    pub fn insert_later(&self, sql: &str, values: &[&dyn Bind]) -> Result<()> {
        let row = values.iter().map(|value| kept(value.value())).collect();
        self.waiting.borrow_mut().add(sql, row);
        if self.waiting.borrow().is_much() {
            self.send_waiting()
        } else {
            Ok(())
        }
    }

    /// Sends what waits, all of it before the first answer is waited for.
    pub fn send_waiting(&self) -> Result<()> {
        let waiting = self.waiting.take();
        let mut ready = Vec::new();
        for run in &waiting.runs {
            let mut rest = run.rows.as_slice();
            while let Some((rows, tail)) = ROWS.iter().find_map(|count| rest.split_at_checked(*count)) {
                ready.push((self.prepared(&of_rows(&run.sql, rows.len()))?, rows));
                rest = tail;
            }
        }
        let sent = ready.iter().map(|(statement, rows)| {
            let values: Vec<Value<'_>> = rows.iter().flatten().map(Bind::value).collect();
            async move { self.client.execute_raw(statement, &values).await }
        });
        self.heard(block_on(together(sent))).map(drop)
    }

    pub fn execute(&self, sql: &str, values: &[&dyn Bind]) -> Result<usize> {
        self.send_waiting()?;
        let statement = self.prepared(sql)?;
        let values: Vec<Value<'_>> = values.iter().map(|value| value.value()).collect();
        let written = self.heard(block_on(self.client.execute_raw(&statement, &values)))?;
        Ok(usize::try_from(written).unwrap_or(usize::MAX))
    }

    /// The rows of the same statement with each of the values, asked for in one.
    pub fn each(&self, sql: &str, values: &[Vec<&dyn Bind>]) -> Result<Vec<Vec<Row>>> {
        let mut found: Vec<Vec<Row>> = values.iter().map(|_| Vec::new()).collect();
        let Some(first) = values.first() else {
            return Ok(found);
        };
        self.send_waiting()?;
        let first: Vec<Value<'_>> = first.iter().map(|value| value.value()).collect();
        let statement = self.prepared(&for_each(sql, &first))?;
        let column = |place: usize| values.iter().filter_map(move |row| Some(row.get(place)?.value()));
        let columns: Vec<Vec<Value<'_>>> = (0..first.len()).map(|place| column(place).collect()).collect();
        let columns: Vec<&(dyn ToSql + Sync)> = columns.iter().map(|column| column as _).collect();
        for row in self.heard(block_on(self.client.query(&statement, &columns)))? {
            let cells = read(&row)?;
            let nth: usize = cells.count(row.len() - 1)?;
            if let Some(rows) = found.get_mut(nth - 1) {
                rows.push(cells);
            }
        }
        Ok(found)
    }

    pub fn rows(&self, sql: &str, values: &[&dyn Bind]) -> Result<Vec<Row>> {
        self.send_waiting()?;
        let statement = self.prepared(sql)?;
        let values: Vec<Value<'_>> = values.iter().map(|value| value.value()).collect();
        let values: Vec<&(dyn ToSql + Sync)> = values.iter().map(|value| value as _).collect();
        let found = self.heard(block_on(self.client.query(&statement, &values)))?;
        found.iter().map(read).collect()
    }

    /// The statement as PostgreSQL numbers its values, prepared once for each connection.
    fn prepared(&self, sql: &str) -> Result<Statement> {
        if let Some(known) = self.statements.borrow().get(sql) {
            return Ok(known.clone());
        }
        let prepared = self.heard(block_on(self.client.prepare(&sql.replace('?', "$"))))?;
        self.statements.borrow_mut().insert(sql.to_owned(), prepared.clone());
        Ok(prepared)
    }
}

/// The statement, which inserts one row, for so many.
fn of_rows(sql: &str, count: usize) -> String {
    let (before, rest) = sql.split_once(VALUES).unwrap_or((sql, ""));
    let (row, after) = rest.split_once(')').unwrap_or((rest, ""));
    let width = row.split(',').count();
    let rows = (0..count).map(|nth| {
        let values = (1..=width).map(|place| format!("?{}", nth * width + place));
        format!("({})", values.collect::<Vec<_>>().join(", "))
    });
    format!("{before}VALUES {}{after}", rows.collect::<Vec<_>>().join(", "))
}

/// The statement for each row of several columns of values such as these; of which row an answer is stands last in it.
fn for_each(sql: &str, values: &[Value<'_>]) -> String {
    let (mut lists, mut names, mut sql) = (Vec::new(), Vec::new(), sql.to_owned());
    for (before, value) in values.iter().enumerate().rev() {
        let place = before + 1;
        let sort = match value {
            Value::Number(_) => "bigint",
            Value::Bytes(_) => "bytea",
            Value::Text(_) | Value::Nothing => "text",
        };
        lists.insert(0, format!("?{place}::{sort}[]"));
        names.insert(0, format!("v{place}"));
        sql = sql.replace(&format!("?{place}"), &format!("asked.v{place}"));
    }
    let (lists, names) = (lists.join(", "), names.join(", "));
    format!(
        "SELECT found.*, nth FROM UNNEST({lists}) WITH ORDINALITY AS asked ({names}, nth), LATERAL ({sql}) AS found"
    )
}

fn bytes(cell: &Cell) -> usize {
    match cell {
        Cell::Bytes(bytes) => bytes.len(),
        Cell::Text(text) => text.len(),
        Cell::Nothing | Cell::Number(_) => 8,
    }
}

fn kept(value: Value<'_>) -> Cell {
    match value {
        Value::Nothing => Cell::Nothing,
        Value::Number(number) => Cell::Number(number),
        Value::Bytes(bytes) => Cell::Bytes(bytes.to_vec()),
        Value::Text(text) => Cell::Text(text.to_owned()),
    }
}

/// Sends each in its order without waiting for the answers of those before it. The first failure counts: what
/// follows it in a transaction fails for that reason alone.
async fn together<T, E>(all: impl Iterator<Item = impl Future<Output = Result<T, E>>>) -> Result<Vec<T>, E> {
    let mut under_way: Vec<_> = all.map(|each| (Box::pin(each), None)).collect();
    poll_fn(|context| {
        let mut is_waiting = false;
        for (each, answer) in &mut under_way {
            if answer.is_none() {
                match Pin::as_mut(each).poll(context) {
                    Poll::Ready(done) => *answer = Some(done),
                    Poll::Pending => is_waiting = true,
                }
            }
        }
        if is_waiting { Poll::Pending } else { Poll::Ready(()) }
    })
    .await;
    under_way.into_iter().filter_map(|(_, answer)| answer).collect()
}

fn read(row: &tokio_postgres::Row) -> Result<Row> {
    let cells = (0..row.len()).map(|index| row.try_get(index));
    Ok(Row(cells.collect::<Result<_, _>>().map_err(PostgresError::from)?))
}

type Odd = Box<dyn Error + Sync + Send>;

impl ToSql for Value<'_> {
    fn to_sql(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, Odd> {
        match (self, ty) {
            (Value::Nothing, _) => Ok(IsNull::Yes),
            (Value::Number(number), &Type::INT8) => number.to_sql(ty, out),
            (Value::Bytes(bytes), &Type::BYTEA) => bytes.to_sql(ty, out),
            (Value::Text(text), &Type::TEXT) => text.to_sql(ty, out),
            _ => Err("a value is not of the type of its column".into()),
        }
    }

    accepts!(INT8, BYTEA, TEXT);

    to_sql_checked!();
}

impl<'a> FromSql<'a> for Cell {
    fn from_sql(ty: &Type, raw: &'a [u8]) -> Result<Cell, Odd> {
        match *ty {
            Type::INT8 => i64::from_sql(ty, raw).map(Cell::Number),
            Type::BYTEA => Vec::from_sql(ty, raw).map(Cell::Bytes),
            _ => String::from_sql(ty, raw).map(Cell::Text),
        }
    }

    fn from_sql_null(_: &Type) -> Result<Cell, Odd> {
        Ok(Cell::Nothing)
    }

    accepts!(INT8, BYTEA, TEXT);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_statement_that_reads_for_one_reads_for_each() {
        let each = for_each(
            "SELECT bed FROM bed WHERE ward = ?1 AND name = ?2",
            &[Value::Number(1), Value::Text("a")],
        );
        let whole = "SELECT found.*, nth FROM UNNEST(?1::bigint[], ?2::text[]) WITH ORDINALITY AS asked (v1, v2, nth), \
                     LATERAL (SELECT bed FROM bed WHERE ward = asked.v1 AND name = asked.v2) AS found";
        assert_eq!(each, whole);
    }

    #[test]
    fn a_statement_that_inserts_one_row_inserts_several() {
        let one = "INSERT INTO bed (ward, number) VALUES (?1, ?2)\n ON CONFLICT (number) DO NOTHING";
        assert_eq!(of_rows(one, 1), one);
        let two = "INSERT INTO bed (ward, number) VALUES (?1, ?2), (?3, ?4)\n ON CONFLICT (number) DO NOTHING";
        assert_eq!(of_rows(one, 2), two);
    }
}
