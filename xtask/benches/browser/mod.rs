//! When headless Chromium first paints a page, by its debugging protocol.

use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Stdio};
use std::thread::sleep;
use std::time::Duration;

use serde_json::{Value, json};

use crate::pairs::quiet;

/// The time of the paint once there is one.
const PAINT: &str = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? null";

/// A first paint.
#[derive(Clone, Copy)]
pub(crate) struct Paint {
    /// Since the page was asked for.
    pub(crate) milliseconds: f64,
    /// What the page's main thread took of a processor until shortly after.
    pub(crate) cpu_milliseconds: f64,
}

/// Chromium, spoken to through the pipes that it reads on 3 and writes on 4.
pub(crate) struct Browser {
    process: Child,
    to: ChildStdin,
    from: BufReader<ChildStdout>,
    sent: u64,
}

impl Browser {
    pub(crate) fn start(home: &Path) -> Option<Self> {
        let home = home.display();
        let line = format!(
            "exec chromium --headless=new --no-sandbox --disable-gpu --no-first-run \
             --window-size=1280,720 --user-data-dir={home} --remote-debugging-pipe 3<&0 4>&1"
        );
        let mut process = quiet("sh", &["-c", &line])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .ok()?;
        let to = process.stdin.take()?;
        let from = BufReader::new(process.stdout.take()?);
        Some(Self {
            process,
            to,
            from,
            sent: 0,
        })
    }

    /// Opens a page in a tab of its own: when it was first painted with something on it.
    pub(crate) fn first_paint(&mut self, page: &Path) -> Option<Paint> {
        let blank = json!({ "url": "about:blank" });
        let target = self.ask("Target.createTarget", &blank, None)?["targetId"].clone();
        let attach = json!({ "targetId": target, "flatten": true });
        let session = self.ask("Target.attachToTarget", &attach, None)?["sessionId"].clone();
        let ticks = json!({ "timeDomain": "threadTicks" });
        self.ask("Performance.enable", &ticks, Some(&session))?;
        let url = json!({ "url": format!("file://{}", page.display()) });
        self.ask("Page.navigate", &url, Some(&session))?;
        let expression = json!({ "expression": PAINT, "returnByValue": true });
        for _ in 0..1_000 {
            let told = self.ask("Runtime.evaluate", &expression, Some(&session))?;
            if let Some(milliseconds) = told["result"]["value"].as_f64() {
                let metrics = self.ask("Performance.getMetrics", &json!({}), Some(&session))?;
                self.ask("Target.closeTarget", &json!({ "targetId": target }), None)?;
                return Some(Paint {
                    milliseconds,
                    cpu_milliseconds: task_seconds(&metrics)? * 1e3,
                });
            }
            sleep(Duration::from_millis(10));
        }
        None
    }

    fn ask(&mut self, method: &str, parameters: &Value, session: Option<&Value>) -> Option<Value> {
        self.sent += 1;
        let mut message = json!({ "id": self.sent, "method": method, "params": parameters });
        if let Some(session) = session {
            message["sessionId"] = session.clone();
        }
        write!(self.to, "{message}\0").ok()?;
        loop {
            let mut told = Vec::new();
            self.from.read_until(0, &mut told).ok()?;
            let told: Value = serde_json::from_slice(told.strip_suffix(b"\0")?).ok()?;
            if told["id"] == self.sent {
                return told.get("result").cloned();
            }
        }
    }
}

fn task_seconds(metrics: &Value) -> Option<f64> {
    let metrics = metrics["metrics"].as_array()?;
    let task = metrics.iter().find(|it| it["name"] == "TaskDuration")?;
    task["value"].as_f64()
}

impl Drop for Browser {
    fn drop(&mut self) {
        self.ask("Browser.close", &json!({}), None);
        let _ = self.from.read_to_end(&mut Vec::new());
        let _ = self.process.wait();
    }
}
