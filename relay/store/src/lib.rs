//! Durable session records: traits per noun and the SQLite backend.
