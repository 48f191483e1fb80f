//! What only the two ends may read: handshake, keys, records, resume, input, chat.
