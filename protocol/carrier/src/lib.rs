//! How records travel: WebSocket over TLS, queues, credit.
