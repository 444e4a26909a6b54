use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use super::files;
use super::runner;

/// Builds nothing; says where it was asked to.
const CARGO: &str = "#!/bin/sh
pwd >built
echo \"$@\" >>built
mkdir -p target/debug
printf '#!/bin/sh\\npwd; echo \"$@\"\\n' >target/debug/xtask
chmod +x target/debug/xtask
";

fn program(path: &Path, text: &str) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
    fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
}

/// In a stranger's directory cargo would obey a stranger's configuration.
#[test]
fn the_kit_is_built_in_its_own_directory_and_runs_in_the_callers() {
    let directory = tempfile::tempdir().unwrap();
    let (kit, caller) = (
        directory.path().join("kit"),
        directory.path().join("caller"),
    );
    let script = fs::read_to_string(files::root().join("ci/kit.sh")).unwrap();
    program(&kit.join("ci/kit.sh"), &script);
    program(&directory.path().join("bin/cargo"), CARGO);
    fs::create_dir(&caller).unwrap();
    let output = runner::clean("bash")
        .arg(kit.join("ci/kit.sh"))
        .args(["lab", "--file", "a b.yaml"])
        .current_dir(&caller)
        .env_remove("KIT_BIN")
        .env(
            "PATH",
            format!("{}/bin:{}", directory.path().display(), runner::path()),
        )
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
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
    assert_eq!(String::from_utf8(output.stdout).unwrap(), ran);
}
