//! What the relay may read: record header, channels, credit, relay messages.
