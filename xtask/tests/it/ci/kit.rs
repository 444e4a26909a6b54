use std::fs;

use super::files;
use super::runner;
use crate::program;

/// Builds nothing; says where it was asked to.
const CARGO: &str = "#!/bin/sh
pwd >built
echo \"$@\" >>built
mkdir -p target/debug
printf '#!/bin/sh\\npwd; echo \"$@\"\\n' >target/debug/xtask
chmod +x target/debug/xtask
";

/// In an untrusted directory cargo would obey an untrusted configuration.
#[test]
fn the_kit_is_built_in_its_own_directory_and_runs_in_the_callers() {
    let directory = tempfile::tempdir().unwrap();
    let (kit, caller) = (
        directory.path().join("kit"),
        directory.path().join("caller"),
    );
    for name in ["ci/kit.sh", "ci/given.sh"] {
        let script = fs::read_to_string(files::root().join(name)).unwrap();
        program::write(kit.join(name), &script);
    }
    program::write(directory.path().join("bin/cargo"), CARGO);
    fs::create_dir(&caller).unwrap();
    let keep = directory.path().join("keep");
    let call = || {
        let output = runner::clean("bash")
            .arg(kit.join("ci/kit.sh"))
            .args(["lab", "--file", "a b.yaml"])
            .current_dir(&caller)
            .env_remove("KIT_BIN")
            .env("KIT_KEEP", &keep)
            .env(
                "PATH",
                format!("{}/bin:{}", directory.path().display(), runner::path()),
            )
            .output()
            .unwrap();
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).unwrap()
    };
    let printed = call();
    let built = fs::read_to_string(kit.join("built")).unwrap();
    let place = kit.canonicalize().unwrap();
    assert!(
        built.starts_with(&format!("{}\n", place.display())),
        "{built}"
    );
    assert!(
        built.contains("--locked") && built.contains("--target-dir target"),
        "{built}"
    );
    let ran = format!(
        "{}\nlab --file a b.yaml\n",
        caller.canonicalize().unwrap().display()
    );
    assert_eq!(printed, ran);

    // The kept kit runs without another build.
    fs::remove_dir_all(kit.join("target")).unwrap();
    fs::remove_file(kit.join("built")).unwrap();
    assert_eq!(call(), ran);
    assert!(!kit.join("built").exists());
}
