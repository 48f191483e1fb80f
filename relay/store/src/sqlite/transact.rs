//! One transaction that writes: all of it is kept, or nothing.

/// The future of a writing transaction. `$connection` is a `&mut SqliteConnection` inside it; the block answers a `Result`, and
/// anything but `Ok` is rolled back.
macro_rules! transact {
    ($store:expr, |$connection:ident| $work:block) => {
        Box::pin(async move {
            let mut connection = $store.writer.acquire().await?;
            let result = async {
                let mut transaction =
                    sqlx::Connection::begin_with(&mut *connection, "BEGIN IMMEDIATE").await?;
                let $connection: &mut sqlx::SqliteConnection = &mut transaction;
                let done = $work?;
                transaction.commit().await?;
                Ok(done)
            };
            let result = result.await;
            crate::sqlite::settle(connection, result).await
        })
    };
}
pub(super) use transact;
