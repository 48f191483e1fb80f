//! The yardstick: a relay that only copies bytes from one TCP socket to another. It is a process of its own (`bench splice`), so
//! that its processor time is read like the relay's.

use serde_json::json;
use tokio::io::copy_bidirectional_with_sizes;
use tokio::net::{TcpListener, TcpStream};

/// Connects everybody who comes with this address. Says its port in a line of JSON; ends with the process that started it.
pub(crate) async fn serve(target: &str) {
    let listener = TcpListener::bind("127.0.0.1:0")
        .await
        .expect("the system has a free port");
    let port = listener
        .local_addr()
        .expect("a listener has an address")
        .port();
    println!("{}", json!({"event": "listening", "port": port}));
    let accepting = async {
        while let Ok((inside, _)) = listener.accept().await {
            let Ok(outside) = TcpStream::connect(target).await else {
                continue;
            };
            tokio::spawn(copy(inside, outside));
        }
    };
    tokio::select! {
        () = accepting => {}
        // Standard input ends with the bench.
        _ = tokio::task::spawn_blocking(|| std::io::copy(&mut std::io::stdin(), &mut std::io::sink())) => {}
    }
}

async fn copy(mut one: TcpStream, mut other: TcpStream) {
    for stream in [&one, &other] {
        stream
            .set_nodelay(true)
            .expect("a TCP socket can send at once");
    }
    // It ends when either side does, however that happens.
    let _ = copy_bidirectional_with_sizes(&mut one, &mut other, BUFFER, BUFFER).await;
}

/// About a record, as the relay reads.
const BUFFER: usize = 16 * 1024;
