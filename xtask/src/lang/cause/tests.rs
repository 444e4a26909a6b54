use crate::lang::phrases;
use crate::model::{
    Cause, CommandForm, Diagnosis, Forgery, Language, Lesson, Mistake, OutputFault, Scene,
    StartMistake, Wording,
};

fn scene() -> Scene {
    Scene {
        script: "make.py".to_owned(),
        output: "out.txt".to_owned(),
        script_line: Some(4),
        build_stage: Some("build".to_owned()),
        made: Some("/app/out.txt".to_owned()),
        final_line: Some(6),
        final_base: Some("debian".to_owned()),
    }
}

fn of(cause: Cause) -> Diagnosis {
    Diagnosis {
        cause,
        line: Some(7),
        scene: scene(),
    }
}

#[expect(clippy::too_many_lines, reason = "one of each")]
fn lessons() -> Vec<Lesson> {
    let text = |text: &str| text.to_owned();
    let forged = [
        Forgery::HardCoded,
        Forgery::Committed,
        Forgery::CutOut,
        Forgery::ChangedScript,
        Forgery::HiddenFailure,
        Forgery::Background,
        Forgery::NotRun,
        Forgery::Other,
    ];
    let outputs = [
        OutputFault::Nothing,
        OutputFault::Extra {
            extra: text("hello"),
        },
        OutputFault::Twice,
        OutputFault::OnStderr,
        OutputFault::LineEnds,
        OutputFault::Partial,
        OutputFault::Other,
    ];
    let mut all = vec![
        Lesson::SingleStage { stages: 1 },
        Lesson::SingleStage { stages: 2 },
        Lesson::BuiltOnBuildStage {
            stage: text("build"),
        },
        Lesson::Forbidden {
            path: text("/usr/bin/python3"),
            part: text("python"),
            base: Some(text("debian")),
        },
        Lesson::Forbidden {
            path: text("/usr/bin/gcc"),
            part: text("compiler"),
            base: None,
        },
        Lesson::WholeFileSystem {
            stage: text("build"),
        },
        Lesson::RemovedLater {
            path: text("/usr/bin/gcc"),
            part: text("compiler"),
        },
        Lesson::UnknownStage {
            name: text("biuld"),
            nearest: Some(text("build")),
            stages: vec![text("build")],
        },
        Lesson::UnknownStage {
            name: text("x"),
            nearest: None,
            stages: Vec::new(),
        },
        Lesson::WrongPath {
            path: text("/out.txt"),
            stage: text("build"),
        },
        Lesson::FromItself { index: 1 },
        Lesson::FromOwnName { name: text("run") },
        Lesson::WrongInstruction {
            keyword: text("CMD"),
        },
        Lesson::ScriptAtStart,
        Lesson::ProgramMissing {
            program: text("cat"),
            form: CommandForm::Shell,
        },
        Lesson::ProgramMissing {
            program: text("cat"),
            form: CommandForm::List,
        },
        Lesson::LoaderMissing {
            program: text("/cat"),
        },
    ];
    all.extend(forged.map(Lesson::Forged));
    all.extend(outputs.map(Lesson::Output));
    all
}

#[test]
fn each_lesson_has_a_sentence_and_three_different_hints_in_every_language() {
    for language in Language::ALL {
        let say = phrases(language);
        for lesson in lessons() {
            let diagnosis = of(Cause::Lesson(lesson));
            let sentence = say.cause(&diagnosis, &Wording::default());
            assert!(
                !sentence.is_empty() && !sentence.ends_with('.'),
                "{sentence}"
            );
            let hints = say.hints(&diagnosis, &Wording::default());
            assert_eq!(hints.len(), 3, "{sentence}");
            assert!(hints[0] != hints[1] && hints[1] != hints[2], "{hints:?}");
            // Only the last one gives the path of the file away.
            assert!(!hints[0].contains("/app/out.txt"), "{hints:?}");
            assert!(!hints[1].contains("/app/out.txt"), "{hints:?}");
        }
    }
}

#[test]
fn french_is_written_with_its_own_signs() {
    let say = phrases(Language::French);
    for lesson in lessons() {
        let diagnosis = of(Cause::Lesson(lesson));
        let mut all = say.hints(&diagnosis, &Wording::default());
        all.push(say.cause(&diagnosis, &Wording::default()));
        for text in all {
            let prose: String = text.split('`').step_by(2).collect();
            assert!(!prose.contains('\''), "{text}");
            for sign in [" :", " ;", " ?", " !"] {
                assert!(!prose.contains(sign), "{text}");
            }
        }
    }
}

#[test]
fn a_mistake_has_one_fix_and_an_exercise_can_say_its_own() {
    let say = phrases(Language::English);
    let mistake = of(Cause::Mistake(Mistake::NoFrom));
    let start = of(Cause::Start(StartMistake::NoCommand));
    for diagnosis in [&mistake, &start] {
        assert_eq!(say.hints(diagnosis, &Wording::default()).len(), 1);
    }
    let mut wording = Wording::default();
    let own = ["run {script}, take {made}", "lancez {script}"].map(str::to_owned);
    wording.hints.insert("no-command".to_owned(), vec![own]);
    assert_eq!(
        say.hints(&start, &wording),
        ["run make.py, take /app/out.txt"]
    );
    let python = ["Python", "Python"].map(str::to_owned);
    wording.parts.insert("python".to_owned(), python);
    let forbidden = of(Cause::Lesson(Lesson::Forbidden {
        path: "/usr/bin/python3".to_owned(),
        part: "python".to_owned(),
        base: None,
    }));
    let sentence = say.cause(&forbidden, &wording);
    assert!(
        sentence.starts_with("`/usr/bin/python3` (Python) is in"),
        "{sentence}"
    );
}
