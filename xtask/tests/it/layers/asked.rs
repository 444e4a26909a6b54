//! What an engine is asked for.

use super::stdout;
use crate::live::{Image, mark};
use crate::proxy::Proxy;

/// The requests about images that one run of `layers` makes.
fn asked(image: &str, flag: &str) -> Vec<String> {
    let proxy = Proxy::faithful();
    let host = proxy.endpoint().address().to_owned();
    stdout(&["layers", image, "--host", &host, flag]);
    let mut requests = proxy.requests();
    requests.retain(|request| request.contains("/images/"));
    requests
}

#[test]
#[ignore = "needs Docker"]
fn an_unchanged_image_is_inspected_once_and_not_read() {
    // Of its own content, so that the first run has not seen it.
    let image = Image::import("marked", mark().as_bytes(), 0o644, &[]);
    let first = asked(&image.name, "--quiet");
    let [inspected, read] = &first[..] else {
        panic!("{first:?}");
    };
    assert!(inspected.ends_with(&format!("/images/{}/json", image.name)));
    assert!(read.contains("/images/get?names="), "{read}");
    let again = asked(&image.name, "--quiet");
    assert_eq!(again, [inspected.as_str()]);
    assert_eq!(asked(&image.name, "--cold").len(), 2);
}
