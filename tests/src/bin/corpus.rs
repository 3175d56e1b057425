//! Writes the corpora of the fuzzers anew, from what the product itself writes.

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    wardroom_tests::parsers::real::write(&wardroom_tests::parsers::corpus()).await
}
