//! What an engine is asked for.

use super::stdout;
use crate::live::{Image, docker, mark};
use crate::proxy::Proxy;

/// The requests about images that one run of `layers` makes.
fn asked(image: &str, flags: &[&str]) -> Vec<String> {
    let proxy = Proxy::faithful();
    let host = proxy.endpoint().address().to_owned();
    stdout(&[&["layers", image, "--host", &host], flags].concat());
    let mut requests = proxy.requests();
    requests.retain(|request| request.contains("/images/"));
    requests
}

#[test]
#[ignore = "needs Docker"]
fn an_unchanged_image_is_inspected_once_and_not_read() {
    // Of its own content, so that the first run has not seen it.
    let image = Image::import("marked", mark().as_bytes(), 0o644, &[]);
    // `--verify` reads the save stream even where the engine's own records could be read.
    let first = asked(&image.name, &["--verify"]);
    let [inspected, read] = &first[..] else {
        panic!("{first:?}");
    };
    assert!(inspected.ends_with(&format!("/images/{}/json", image.name)));
    assert!(read.contains("/images/get?names="), "{read}");
    let again = asked(&image.name, &["--quiet"]);
    assert_eq!(again, [inspected.as_str()]);
    assert_eq!(asked(&image.name, &["--verify"]).len(), 2);
}

/// Where the engine has containerd's store, which keeps several platforms under a name, and
/// buildx, which builds them.
#[test]
#[ignore = "needs Docker"]
fn each_platform_under_a_name_is_measured() {
    let store = docker(&["info", "--format", "{{.DriverStatus}}"]);
    let has_store = String::from_utf8_lossy(&store.stdout).contains("containerd.snapshotter");
    if !has_store || !docker(&["buildx", "version"]).status.success() {
        return;
    }
    let context = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(context.path().join(name), text).unwrap();
    write(
        "Dockerfile",
        "FROM scratch\nARG TARGETARCH\nCOPY $TARGETARCH /\n",
    );
    write("amd64", "1");
    write("arm64", "four");
    let name = mark();
    let both = ["--platform", "linux/amd64,linux/arm64", "--tag", &name];
    let directory = context.path().to_str().unwrap();
    let built = docker(&[&["buildx", "build"], &both[..], &[directory]].concat());
    assert!(built.status.success(), "{built:?}");
    for (platform, unpacked) in [("linux/amd64", 1), ("linux/arm64", 4), ("linux/amd64", 1)] {
        let said = stdout(&["layers", &name, "--platform", platform, "--format", "json"]);
        let report: serde_json::Value = serde_json::from_str(&said).unwrap();
        assert_eq!(report["platform"], platform);
        assert_eq!(report["size"]["unpacked"], unpacked);
    }
    docker(&["rmi", &name]);
}
