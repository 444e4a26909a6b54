//! An engine that hangs while a command of the Docker CLI waits for it.

use std::time::{Duration, Instant};

use xtask::engine::build::{self, BuildCache, Job};
use xtask::engine::{Cli, Driver, pull};
use xtask::model::{Cancel, EngineProblem, Events};

use super::workshop::{BASE, Workshop};
use crate::clock::patience;
use crate::proxy::{Fault, Plan, Proxy};

/// Within this time of the engine's last answer the hang must be known.
const KNOWN: Duration = Duration::from_secs(30);

fn hangs(request: &'static str, after: usize) -> Proxy {
    Proxy::with(Plan {
        request,
        after,
        fault: Fault::Stall,
        held: Duration::ZERO,
    })
}

fn is_known(proxy: &Proxy, problem: &EngineProblem) {
    assert!(
        matches!(problem, EngineProblem::Silent { .. }),
        "{problem:?}"
    );
    let took = proxy.failed_at().expect("it hung").elapsed();
    assert!(took < patience(KNOWN), "{took:?}");
}

#[test]
#[ignore = "needs Docker"]
fn an_engine_that_hangs_during_a_build_is_known_to() {
    let shop = Workshop::new("silent");
    let proxy = hangs("/build?", 1);
    let cli = Cli::at(&proxy.endpoint());
    let spec = shop.spec(&format!("FROM {BASE}\nRUN sleep 40\n"));
    let job = Job {
        variant: "multi",
        spec: &spec,
        tag: Some(&shop.name),
        also: Vec::new(),
        after: Vec::new(),
        fault: None,
        shown: std::collections::BTreeSet::new(),
    };
    let (events, cancel) = (Events::nowhere(), Cancel::default());
    let built = build::all(
        &cli,
        Driver::Classic,
        &[job],
        BuildCache::Ignore,
        &events,
        &cancel,
    );
    is_known(&proxy, &built.unwrap_err());
}

#[test]
#[ignore = "needs Docker"]
fn an_engine_that_hangs_during_a_pull_is_known_to_and_not_the_registry() {
    let begun = Instant::now();
    let proxy = hangs("/images/create?", 0);
    let cli = Cli::at(&proxy.endpoint());
    let name = "127.0.0.1:9/nothing:here";
    let pulled = pull::image(&cli, name, None, &Events::nowhere(), &Cancel::default());
    is_known(&proxy, &pulled.unwrap_err());
    assert!(begun.elapsed() < patience(KNOWN));
}
