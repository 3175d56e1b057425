//! The bad network of the stories is as bad as it says.
#![allow(clippy::unwrap_used)]

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use wardroom_tests::net::link::Link;
use wardroom_tests::net::weather::{Both, Door, End, Loss, Weather};

/// Says everything it hears back.
async fn echo() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            tokio::spawn(async move {
                let (mut heard, mut said) = stream.split();
                tokio::io::copy(&mut heard, &mut said).await
            });
        }
    });
    address
}

/// Sends so many bytes and answers how many came back, and in what time.
async fn sent(link: &Link, bytes: usize) -> (usize, Duration) {
    let begun = Instant::now();
    let Ok(mut stream) = TcpStream::connect(link.address).await else {
        return (0, begun.elapsed());
    };
    let (mut heard, mut said) = stream.split();
    let told = async {
        let _ = said.write_all(&vec![7; bytes]).await;
        let _ = said.shutdown().await;
    };
    let back = async {
        let mut back = [0; 4_096];
        let mut count = 0;
        while let Ok(length @ 1..) = heard.read(&mut back).await {
            count += length;
        }
        count
    };
    let ((), count) = tokio::join!(told, back);
    (count, begun.elapsed())
}

#[tokio::test]
async fn a_slow_link_is_as_slow_and_as_late_as_told() {
    let link = Link::new(echo().await).await.unwrap();
    assert!(sent(&link, 100_000).await.1 < Duration::from_millis(500));
    link.set(Weather::slow(32, 0..=0));
    let (count, took) = sent(&link, 2_000).await;
    assert_eq!(count, 2_000);
    assert!(
        took > Duration::from_millis(500),
        "half a second each way, overlapping: {took:?}"
    );
    link.set(Weather {
        delay_ms: Some(150..=200),
        ..Weather::fair()
    });
    let (count, took) = sent(&link, 100).await;
    assert_eq!(count, 100);
    assert!(took > Duration::from_millis(600), "there and back, twice: {took:?}");
    assert_eq!(link.carried(), Both::same(102_100));
}

#[tokio::test]
async fn lost_packets_come_late_and_cost_their_bytes_again() {
    let link = Link::new(echo().await).await.unwrap();
    link.set(Weather {
        loss: Some(Loss {
            per_mille: 500,
            pause_ms: 10,
        }),
        ..Weather::fair()
    });
    let (count, took) = sent(&link, 20_000).await;
    assert_eq!(count, 20_000);
    assert!(took > Duration::from_millis(20), "{took:?}");
    assert!(link.carried().up > 22_000, "{:?}", link.carried());
}

#[tokio::test]
async fn a_link_is_cut_after_so_many_bytes_one_way_alone() {
    let link = Link::new(echo().await).await.unwrap();
    for end in [End::Close, End::Reset] {
        link.set(Weather {
            cut_after: Both {
                up: None,
                down: Some(1_234),
            },
            end,
            ..Weather::fair()
        });
        let (count, _) = sent(&link, 20_000).await;
        assert!(count <= 1_234, "{count}");
    }
    let before = link.carried();
    link.set(Weather {
        cut_after: Both {
            up: Some(500),
            down: None,
        },
        ..Weather::fair()
    });
    assert!(sent(&link, 20_000).await.0 <= 500);
    assert!(link.carried().up >= before.up + 500);
}

#[tokio::test]
async fn a_door_refuses_resets_and_opens_again_on_the_same_port() {
    let link = Link::new(echo().await).await.unwrap();
    for door in [Door::Refused, Door::Reset] {
        link.set(Weather {
            door,
            ..Weather::fair()
        });
        let closed = async {
            while sent(&link, 10).await.0 > 0 {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(Duration::from_secs(5), closed).await.unwrap();
        link.set(Weather::fair());
        let open = async {
            while sent(&link, 10).await.0 < 10 {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(Duration::from_secs(5), open).await.unwrap();
    }
}

#[tokio::test]
async fn a_silent_line_stays_open_and_says_nothing() {
    let link = Link::new(echo().await).await.unwrap();
    link.set(Weather {
        door: Door::HalfOpen,
        ..Weather::fair()
    });
    let silent = tokio::time::timeout(Duration::from_millis(200), sent(&link, 10));
    assert!(silent.await.is_err());
    link.set(Weather {
        is_deaf: Both { up: false, down: true },
        ..Weather::fair()
    });
    let waiting = tokio::spawn({
        let link = link.clone();
        async move { sent(&link, 10).await.0 }
    });
    let heard = async {
        while link.carried().up < 10 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(5), heard).await.unwrap();
    assert!(!waiting.is_finished(), "what the server says does not arrive");
    link.set(Weather::fair());
    assert_eq!(waiting.await.unwrap(), 10);
}
