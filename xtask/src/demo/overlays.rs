use super::lesson::Overlay;
use super::page::{Keep, Page};
use crate::lang::LessonWord;
use crate::report::{Line, Style};

/// What stands instead of the screen until the next key.
pub(super) fn overlay(page: &mut Page<'_>, overlay: Overlay) {
    match overlay {
        Overlay::Help => help(page),
        Overlay::Jump(chosen) => jump(page, chosen),
        Overlay::Quit => {
            page.gap();
            let (question, keys) = (LessonWord::QuitNow, LessonWord::QuitKeys);
            let question = Line::of(page.styles.strong, page.say.word(question));
            page.push(Keep::Always, question);
            page.gap();
            page.push(Keep::Always, Line::plain(page.say.word(keys)));
        }
    }
}

fn help(page: &mut Page<'_>) {
    let heading = page.say.word(LessonWord::Keys);
    page.push(Keep::Always, Line::of(page.styles.strong, heading));
    page.gap();
    for (keys, word) in [
        ("⏎ ␣ → n", LessonWord::HelpNext),
        ("← ⌫ b p", LessonWord::HelpBack),
        ("r", LessonWord::HelpAgain),
        ("j g", LessonWord::HelpJump),
        ("↖ ↘", LessonWord::HelpEnds),
        ("q", LessonWord::HelpQuit),
    ] {
        let keys = Line::of(page.styles.strong, keys).pad(10);
        let line = keys.then(Style::NONE, page.say.word(word));
        page.push(Keep::Always, line);
    }
}

fn jump(page: &mut Page<'_>, chosen: usize) {
    let heading = page.say.word(LessonWord::Steps);
    page.push(Keep::Always, Line::of(page.styles.strong, heading));
    page.gap();
    for (at, step) in page.lesson.script.steps.iter().enumerate() {
        let (mark, style) = if at == chosen {
            ("▸", page.styles.strong)
        } else {
            (" ", Style::NONE)
        };
        let title = step.title.in_language(page.say.language());
        let text = format!("{mark} {:>2}  {title}", at + 1);
        page.push(Keep::Always, Line::of(style, &text));
    }
    page.gap();
    page.push(
        Keep::Always,
        Line::plain(page.say.word(LessonWord::JumpKeys)),
    );
}
