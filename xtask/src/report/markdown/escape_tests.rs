use proptest::prelude::*;

use super::{block, code, text};

/// What a reader sees, and what a host looks through for references.
fn shown(markdown: &str) -> String {
    let mut shown = String::new();
    let markdown = markdown
        .replace("<code>", "")
        .replace("</code>", "")
        .replace("<!-- -->", "");
    let mut rest = markdown.as_str();
    while let Some(at) = rest.find('&') {
        let (before, reference) = rest.split_at(at);
        let (name, after) = reference[1..].split_once(';').unwrap();
        shown.push_str(before);
        shown.push(match name {
            "lt" => '<',
            "gt" => '>',
            "amp" => '&',
            number => char::from_u32(number.strip_prefix('#').unwrap().parse().unwrap()).unwrap(),
        });
        rest = after;
    }
    shown + rest
}

#[test]
fn markdown_and_html_become_text() {
    assert_eq!(code("a|b`c"), "<code>a&#124;b&#96;c</code>");
    assert_eq!(code(""), "");
    assert_eq!(text("*a <b> [c] | `e & _f_"), {
        let zero = "&#8203;";
        format!(
            "&#42;{zero}a &lt;{zero}b&gt; &#91;{zero}c&#93; &#124; &#96;{zero}e &amp; &#95;f&#95;"
        )
    });
}

#[test]
fn nobody_is_called_and_nothing_is_linked() {
    let apart = |before: &str, after: &str| {
        let found = shown(&text(&format!("{before}{after}")));
        assert_eq!(found, format!("{before}\u{200b}{after}"));
    };
    for sign in [
        "@", "#", "!", "%", "&", "$", "~", "^", ":", "[", "\\", "＠", "＃",
    ] {
        apart(sign, "a1");
    }
    apart("https:", "//a.b");
    apart("xmpp:", "a.b");
    apart("WWW", ".a.b");
    apart("GH-", "1");
    apart("abcdef", "0");
    apart("evil@", "phish.example");
    assert_eq!(text("/close"), "&#47;close");
}

#[test]
fn what_the_kit_says_itself_stays_as_it_is() {
    for same in [
        "12.3 MB",
        "(+5.0 %), 1,234 files",
        "added, e.g. usr/lib/python3",
        "Docker 20.10.24",
        "a stand-in: it doesn’t count",
        "100%, …",
    ] {
        assert_eq!(shown(&text(same)), same);
    }
}

#[test]
fn code_can_be_copied_and_holds_no_address() {
    let path = "/usr/lib/node_modules/@babel/core:1";
    assert_eq!(shown(&code(path)), path);
    assert_eq!(
        code("evil@phish.example www.a.b"),
        "<code>evil@<!-- -->phish.example www<!-- -->&#46;a.b</code>"
    );
    assert_eq!(code("https://a"), "<code>https:<!-- -->//a</code>");
}

#[test]
fn a_program_can_neither_end_its_block_nor_command() {
    let lines = [
        "</pre>\n# x".to_owned(),
        String::new(),
        " /close a/b".to_owned(),
    ];
    assert_eq!(
        block(&lines),
        "<pre>\n&lt;/pre&gt;\\n# x\n\n &#47;close a/b\n</pre>\n"
    );
}

#[test]
fn a_long_text_is_cut() {
    assert_eq!(text(&"x".repeat(400)).chars().count(), 301);
}

proptest! {
    /// Whatever is not a letter, a digit or a sign of this list is kept apart.
    #[test]
    fn no_sign_joins_what_follows(given in "[a-fw-z0-9@#!%&$~^:*./_`|<>-]{0,40}") {
        let found = shown(&text(&given));
        prop_assert_eq!(found.replace('\u{200b}', ""), &*given);
        let all: Vec<char> = found.chars().collect();
        for pair in all.windows(2) {
            let joins = "@#!%&$~^:*`|<>".contains(pair[0]) && pair[1].is_alphanumeric();
            prop_assert!(!joins, "{}", found);
        }
        prop_assert!(!found.contains("www."), "{}", found);
        prop_assert!(!found.contains("://"), "{}", found);
        let is_commit = |word: &str| word.len() > 6 && word.bytes().all(|it| it.is_ascii_hexdigit());
        prop_assert!(!found.split(|one: char| !one.is_alphanumeric()).any(is_commit), "{}", found);
    }

    #[test]
    fn code_is_shown_as_it_was_given(given in "[ -~]{1,80}") {
        prop_assert_eq!(shown(&code(&given)), given);
    }
}
