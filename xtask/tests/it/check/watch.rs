use std::io::Read as _;
use std::process::{Child, Stdio};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

use super::course::{BUILD, Course, SHOW};
use crate::clock::patience;
use crate::live::docker;

/// A check that watches, and all that it has shown.
struct Watching {
    child: Child,
    shown: Arc<Mutex<String>>,
}

impl Watching {
    fn start(course: &Course) -> Self {
        let mut command = course.kit(&["--watch", "--offline", "--quiet"]);
        let mut child = command.stderr(Stdio::null()).spawn().unwrap();
        let shown = Arc::new(Mutex::new(String::new()));
        let (mut stdout, all) = (child.stdout.take().unwrap(), Arc::clone(&shown));
        thread::spawn(move || {
            let mut bytes = [0; 4096];
            while let Ok(read @ 1..) = stdout.read(&mut bytes) {
                let text = String::from_utf8_lossy(&bytes[..read]);
                all.lock().unwrap().push_str(&text);
            }
        });
        Self { child, shown }
    }

    /// Waits until this is shown, and forgets all before it.
    fn wait(&self, words: &str) {
        let deadline = Instant::now() + patience(Duration::from_secs(120));
        loop {
            let mut shown = self.shown.lock().unwrap();
            if let Some(at) = shown.find(words) {
                shown.drain(..at + words.len());
                return;
            }
            assert!(Instant::now() < deadline, "{words}: {shown}");
            drop(shown);
            thread::sleep(Duration::from_millis(50));
        }
    }

    fn interrupt(mut self) -> Option<i32> {
        let pid = Pid::from_child(&self.child);
        kill_process(pid, Signal::INT).unwrap();
        self.child.wait().unwrap().code()
    }
}

#[test]
#[ignore = "needs Docker"]
fn each_save_is_checked_and_ctrl_c_leaves_nothing() {
    let course = Course::new();
    let watching = Watching::start(&course);
    watching.wait("___");
    watching.wait("waiting for a save");
    let single = format!("{BUILD}CMD [\"cat\", \"out/count.txt\"]\n");
    course.write("course/Dockerfile", &single);
    watching.wait("not there yet");
    watching.wait("waiting for a save");
    course.write("course/Dockerfile", &format!("{BUILD}{SHOW}"));
    watching.wait("exercise done");
    watching.wait("line 5 changed");
    // A save during a check begins it anew.
    course.write("course/Dockerfile", &format!("{BUILD}RUN sleep 30\n{SHOW}"));
    thread::sleep(Duration::from_secs(3));
    course.write("course/Dockerfile", &single);
    watching.wait("not there yet");
    course.write("course/Dockerfile", &format!("{BUILD}RUN sleep 31\n{SHOW}"));
    thread::sleep(Duration::from_secs(3));
    assert_eq!(watching.interrupt(), Some(130));
    // The engine ends the instruction at work once nobody waits for it.
    let begun = Instant::now();
    while is_at_work("sleep 31") {
        assert!(begun.elapsed() < patience(Duration::from_secs(30)));
        thread::sleep(Duration::from_millis(500));
    }
}

/// Whether a container runs this.
fn is_at_work(command: &str) -> bool {
    let listed = docker(&["ps", "--no-trunc", "--format", "{{.Command}}"]);
    String::from_utf8_lossy(&listed.stdout).contains(command)
}
