//! `html`: nothing from outside, nothing unescaped, and driven in a real browser where there is one.

use std::path::Path;
use std::process::Command;

use heyan::lang::Lang;
use heyan::report::Format;
use serde_json::{Value, json};

use crate::{example, rendered};

#[test]
fn snapshots() {
    for (lang, name) in [(Lang::Zh, "html-zh"), (Lang::En, "html-en")] {
        let page = rendered(&example::report(lang), Format::Html);
        // Style and script are files of their own; the page around them is what is worth a look.
        let page = without(
            &without(&page, "<style>", "</style>"),
            "<script>",
            "</script>",
        );
        insta::assert_snapshot!(name, page);
    }
}

/// The text without what stands between the last opening and its closing mark.
fn without(text: &str, open: &str, close: &str) -> String {
    let start = text.rfind(open).expect(open) + open.len();
    let end = start + text[start..].find(close).expect(close);
    format!("{}{}", &text[..start], &text[end..])
}

#[test]
fn the_page_asks_nothing_of_a_network() {
    let page = rendered(&example::report(Lang::Zh), Format::Html);
    for outside in [
        "src=",
        "<link",
        "@import",
        "url(",
        "<iframe",
        "<form action",
        "fetch(",
        "XMLHttp",
    ] {
        // `src=` also stands in a hostile value, escaped.
        let found = page.replace("&lt;img src=x", "").contains(outside);
        assert!(!found, "{outside}");
    }
    assert!(page.contains("default-src 'none'") && page.contains("script-src 'sha256-"));
}

#[test]
fn hostile_values_stay_text() {
    let page = rendered(&example::report(Lang::Zh), Format::Html);
    assert_eq!(page.matches("<script").count(), 1);
    assert_eq!(page.matches("</script").count(), 1);
    assert!(!page.contains("<img"));
    assert_eq!(
        page.matches("<noscript>").count(),
        page.matches("</noscript>").count()
    );
    assert!(page.chars().all(|c| c == '\n' || !c.is_control()));
    assert!(!page.contains('\u{202e}'));
}

/// A browser, or a loud remark that there is none.
fn browser() -> Option<&'static str> {
    let found = ["chromium", "chromium-browser", "google-chrome"]
        .into_iter()
        .find(|name| {
            Command::new(name)
                .arg("--version")
                .output()
                .is_ok_and(|o| o.status.success())
        });
    if found.is_none() {
        println!("SKIPPED: Chromium absent, the page was not opened in a browser");
    }
    found
}

/// The page as the browser has it after its scripts ran.
fn dom(browser: &str, profile: &Path, page: &Path, arguments: &[&str]) -> String {
    let output = Command::new(browser)
        .args([
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
        ])
        .arg(format!("--user-data-dir={}", profile.display()))
        .args(arguments)
        .arg("--dump-dom")
        .arg(format!("file://{}", page.display()))
        .output()
        .expect("the browser runs");
    assert!(output.status.success(), "{output:?}");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// Set `KEEP_EXAMPLES` to a folder to look at the page.
#[test]
fn a_browser_filters_expands_and_runs_nothing_of_a_ledger() {
    let Some(browser) = browser() else { return };
    let scratch = tempfile::tempdir().expect("a folder");
    let page = rendered(&example::report(Lang::Zh), Format::Html);
    if let Some(folder) = std::env::var_os("KEEP_EXAMPLES") {
        std::fs::write(Path::new(&folder).join("list.html"), &page).expect("a file");
    }
    // Without its policy, so that escaping alone must hold, and with a driver.
    let start = page
        .find("<meta http-equiv=\"Content-Security-Policy\"")
        .expect("a policy");
    let end = start + page[start..].find('>').expect("its end") + 1;
    let driven = format!(
        "{}{}",
        &page[..start],
        page[end..].replace(
            "</body>",
            &format!("<script>{}</script></body>", include_str!("browser.js"))
        )
    );
    let file = scratch.path().join("driven.html");
    std::fs::write(&file, driven).expect("a file");
    let dom = dom(
        browser,
        &scratch.path().join("profile"),
        &file,
        &["--virtual-time-budget=8000"],
    );
    let result = dom
        .split("<pre id=\"result\">")
        .nth(1)
        .and_then(|rest| rest.split("</pre>").next())
        .expect("the driver's result")
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&amp;", "&");
    let seen: Value = serde_json::from_str(&result).expect("JSON");
    let expected = json!({
        "items": 16, "filtersShown": true, "openAtFirst": 0, "critical": 1, "villagesWithCritical": 1,
        "undetermined": 1, "fresh": 2, "data": 8, "quietVillage": 0, "noneTold": true, "afterReset": 16,
        "byEvidence": 1, "byMarkup": 1, "openAfterAll": 16, "bodies": 17, "kept": 0, "images": 0,
        // The page's own and the driver's.
        "scripts": 2, "links": 0, "title": "台账核验问题清单 · 2025-06-30", "unlabelled": 0,
        "unnamedCharts": 0, "faint": [], "firstStop": "skip", "oddOrder": 0, "summaryTakesFocus": true,
        "openAfterNone": 0,
    });
    for (what, value) in expected.as_object().expect("an object") {
        assert_eq!(&seen[what], value, "{what} in {seen:#}");
    }
    assert!(
        seen["markedText"]
            .as_array()
            .expect("a list")
            .contains(&json!("2024.3.10"))
    );
}

#[test]
fn without_scripts_everything_is_there() {
    let page = rendered(&example::report(Lang::Zh), Format::Html);
    let bodies = page.matches("<div class=\"part\">").count();
    assert_eq!(bodies, example::report(Lang::Zh).findings.len());
    // The filters, which need the script, are hidden until it shows them.
    assert!(page.contains("id=\"filters\" role=\"search\"") && page.contains(" hidden>"));
}
