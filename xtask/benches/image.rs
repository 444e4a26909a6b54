//! Reading one image, from the engine and from a file, against the peers that are here; how
//! long a stack of whiteouts takes; and how much memory it all needs.

#![expect(clippy::print_stdout, reason = "a benchmark prints its figures")]
#![expect(
    clippy::disallowed_methods,
    reason = "the shared module starts peers as a shell would"
)]

mod layout;
mod memory;
mod pairs;

use std::env;
use std::fs;
use std::path::Path;

use xtask::engine::Endpoint;

use self::layout::{Layout, Stored, Tar, file};
use self::pairs::{choice, in_turn, is_here, load, quiet, run, to_end};

const XTASK: &str = env!("CARGO_BIN_EXE_xtask");

fn main() {
    let arguments: Vec<String> = env::args().skip(1).collect();
    if memory::is_asked_for(&arguments.iter().map(String::as_str).collect::<Vec<_>>()) {
        return;
    }
    load();
    let home = tempfile::tempdir().expect("a temporary directory");
    let image = choice("LAB_BENCH_IMAGE", "ex08:single");
    if is_here("docker", "version") {
        if quiet("docker", &["image", "inspect", &image])
            .status()
            .is_ok_and(|it| it.success())
        {
            real(&image, home.path());
        } else {
            println!("missing: the image `{image}`; `cargo xtask lab ex08` makes it");
        }
    }
    memory::of_large(home.path());
    memory::of_many(home.path());
    whiteouts(home.path());
    load();
}

fn real(image: &str, home: &Path) {
    let at = |name: &str| home.join(name).display().to_string();
    let [plain, packed, layout] = ["image.tar", "image.tar.gz", "layout"].map(at);
    run("docker", &["save", "--output", &plain, image]);
    let bytes = fs::metadata(&plain).map_or(0, |it| it.len());
    println!("{image}: {bytes} bytes as `docker save` writes it");
    engine(image, home);
    self::plain(&plain, home);
    shell(&format!("gzip -1 -c {plain} > {packed}"));
    gzip(&packed, home);
    if is_here("skopeo", "--version") {
        let [from, to] = [format!("docker-archive:{plain}"), format!("oci:{layout}")];
        run("skopeo", &["--insecure-policy", "copy", &from, &to]);
        gzip_layers(&layout, home);
    }
    memory::of("engine", image, "from the engine");
    memory::of("headers", &plain, "a plain archive");
    memory::of("headers", &packed, "a gzip archive");
}

/// The whole process that a user starts, with a cache of its own in `home`.
fn layers(program: &str, home: &Path, arguments: &[&str]) {
    let mut command = quiet(program, &[&["layers"], arguments].concat());
    to_end(command.env("XDG_CACHE_HOME", home.join("cache")));
}

fn engine(image: &str, home: &Path) {
    let endpoint = Endpoint::discover(None).expect("the CLI has found it");
    let socket = endpoint.address().strip_prefix("unix://");
    let socket = socket.filter(|_| is_here("curl", "--version"));
    let url = format!("http://engine/images/{image}/get");
    let curl = || {
        run(
            "curl",
            &["-sf", "--unix-socket", socket.unwrap_or_default(), &url],
        );
    };
    let records = || layers(XTASK, home, &["--cold", image]);
    let stream = || layers(XTASK, home, &["--verify", image]);
    let unchanged = || layers(XTASK, home, &[image]);
    let dive = || run("dive", &["--json", "/dev/null", image]);
    let has_dive = is_here("dive", "--version");
    let [curl, records, stream, unchanged, dive] = in_turn(
        5,
        [
            socket.is_some().then_some(&curl as &dyn Fn()),
            Some(&records),
            Some(&stream),
            Some(&unchanged),
            has_dive.then_some(&dive),
        ],
    );
    // As root on the engine's own machine; everybody else's first look is the stream's.
    records.to(
        &curl,
        "0.06",
        "from the engine's records, nothing cached, to curl",
    );
    records.to(
        &dive,
        "0.06",
        "from the engine's records, nothing cached, to dive",
    );
    stream.to(
        &curl,
        "1.1",
        "from the save stream, every byte verified, to curl",
    );
    stream.to(
        &dive,
        "1",
        "from the save stream, every byte verified, to dive",
    );
    unchanged.to(&dive, "0.01", "an unchanged image, to dive");
    at_once(image, home);
    by_size(home);
}

/// Two images of as many files, of 600 MB and of 4 GB in all.
fn by_size(home: &Path) {
    let names = [52_000, 350_000].map(|bytes| {
        let path = home.join("imported.tar");
        let mut written = fs::File::create(&path).expect("a temporary file");
        let mut tar: Tar<'_> = tar::Builder::new(&mut written);
        (0..11_536).for_each(|n| file(&mut tar, &format!("d{}/f{n}", n % 97), n, bytes));
        tar.finish().expect("a temporary file");
        let name = format!("lab-bench:{bytes}");
        run("docker", &["import", &path.display().to_string(), &name]);
        fs::remove_file(path).expect("it was made above");
        name
    });
    let [small, large] = &names;
    let small = || layers(XTASK, home, &["--cold", small]);
    let large = || layers(XTASK, home, &["--cold", large]);
    let [small, large] = in_turn(9, [Some(&small as &dyn Fn()), Some(&large)]);
    large.to(
        &small,
        "1.1",
        "from the engine's records, 4 GB to 600 MB in as many files",
    );
    for name in &names {
        run("docker", &["rmi", name]);
    }
}

/// An unchanged image, by the release build and by the one that `cargo xtask` starts.
fn at_once(image: &str, home: &Path) {
    let cargo = choice("CARGO", "cargo");
    run(&cargo, &["build", "--quiet", "--package", "xtask"]);
    let built = Path::new(XTASK)
        .ancestors()
        .nth(2)
        .expect("it lies in a profile's directory");
    let built = built.join("debug/xtask").display().to_string();
    let release = || layers(XTASK, home, &[image]);
    let debug = || layers(&built, home, &[image]);
    let [release, debug] = in_turn(31, [Some(&release as &dyn Fn()), Some(&debug)]);
    release.alone("0.05 s", "an unchanged image, whole process, release build");
    debug.alone(
        "0.05 s",
        "an unchanged image, whole process, as `cargo xtask` is built",
    );
}

fn plain(path: &str, home: &Path) {
    let ours = || layers(XTASK, home, &[path]);
    let dive = || {
        run(
            "dive",
            &["--source", "docker-archive", "--json", "/dev/null", path],
        );
    };
    let has_dive = quiet("dive", &["--version"]).status().is_ok();
    let [ours, dive] = in_turn(9, [Some(&ours as &dyn Fn()), has_dive.then_some(&dive)]);
    ours.alone("an eighth of dive", "a plain archive by its headers");
    ours.to(&dive, "0.125", "a plain archive, to dive");
}

/// One stream is unpacked by one core, whoever does it.
fn gzip(path: &str, home: &Path) {
    let ours = || layers(XTASK, home, &[path]);
    let gzip = || run("gzip", &["-dc", path]);
    let pigz = || run("pigz", &["-dc", path]);
    let has_pigz = is_here("pigz", "--version");
    let [ours, gzip, pigz] = in_turn(
        3,
        [
            Some(&ours as &dyn Fn()),
            Some(&gzip),
            has_pigz.then_some(&pigz),
        ],
    );
    ours.to(&gzip, "1.15", "an archive in gzip, to gzip -dc");
    ours.to(&pigz, "1.15", "an archive in gzip, to pigz -dc");
}

/// Two layers are unpacked at a time, by the peer too.
fn gzip_layers(path: &str, home: &Path) {
    let each = format!("find {path}/blobs -type f -print0 | xargs -0 -n 1 -P 2");
    let ours = || layers(XTASK, home, &[path]);
    let gzip = || shell(&format!("{each} gzip -dcf"));
    let pigz = || shell(&format!("{each} pigz -dcf"));
    let has_pigz = is_here("pigz", "--version");
    let [ours, gzip, pigz] = in_turn(
        3,
        [
            Some(&ours as &dyn Fn()),
            Some(&gzip),
            has_pigz.then_some(&pigz),
        ],
    );
    ours.to(&gzip, "1.15", "gzip layers, to gzip -dc of two at a time");
    ours.to(&pigz, "1.15", "gzip layers, to pigz -dc of two at a time");
}

/// Every other layer removes what the one below it brought.
#[expect(clippy::cast_precision_loss, reason = "a time is shown")]
fn whiteouts(home: &Path) {
    for count in [50_000, 100_000, 200_000_u64] {
        let path = home.join(format!("whiteouts-{count}"));
        let mut layout = Layout::new(&path, Stored::Plain);
        for pair in 0..60 {
            let names = || (0..count / 60).map(|n| (n, n % 100));
            layout.layer(|tar| {
                names().for_each(|(n, top)| file(tar, &format!("d{top}/f{n}"), pair, 8));
            });
            layout.layer(|tar| {
                file(tar, &format!("pair-{pair}"), pair, 8);
                names().for_each(|(n, top)| file(tar, &format!("d{top}/.wh.f{n}"), 0, 0));
            });
        }
        layout.finish();
        let path = path.display().to_string();
        let ours = || layers(XTASK, home, &[&path]);
        let [ours] = in_turn(5, [Some(&ours as &dyn Fn())]);
        let each = ours.wall() * 1e6 / count as f64;
        let name = format!("120 layers with {count} whiteouts, {each:.2} µs each");
        ours.alone("twice the line above", &name);
    }
}

fn shell(line: &str) {
    run("sh", &["-c", line]);
}
