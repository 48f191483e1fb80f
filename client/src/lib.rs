//! What both native clients share: sign-in, the relay connection, the sealed session, event log.
