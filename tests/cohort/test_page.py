"""The page, in a real browser: what it shows and does, and that it asks nobody for anything.

BROWSER_SCREENSHOTS names a folder for pictures, to look at.
"""

import os
import stat
import threading
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Request,
    ViewportSize,
    expect,
    sync_playwright,
)

from seedbed.model import Checked, CheckResult, Row, SeedbedError, State
from seedbed.report.content import Report
from seedbed.report.page import render_page, write_page
from tests.browser import ARGUMENTS, find_browser
from tests.cohort.reports import HOSTILE, ROWS, report

WIDE: ViewportSize = {"width": 1280, "height": 900}
PHONE: ViewportSize = {"width": 390, "height": 844}
NOTHING = "\N{EN DASH}"
# Columns, as the cells of a row are counted.
STUDENT, STATE, VERSION, BEHIND, LAST_COMMIT, COMMITS, ACTIVITY, UPDATES, CONFLICTS, TESTS = range(
    10
)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_browser(), args=ARGUMENTS)
        yield browser
        browser.close()


class Window:
    """A window in which nothing may go wrong, and out of which nothing may be asked for."""

    def __init__(self, context: BrowserContext, folder: Path) -> None:
        context.set_default_timeout(10_000)
        self.page = context.new_page()
        self.file = folder / "report.html"
        self.wrong: list[str] = []
        self.asked: list[str] = []
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.wrong.append(str(error)))
        self.page.on("dialog", lambda dialog: self.wrong.append(dialog.message))
        self.page.on("request", self._count)

    def show(self, shown: Report) -> Page:
        """Write a report, and open it."""
        write_page(self.file, shown)
        self.page.goto(self.file.as_uri())
        return self.page

    def _hear(self, message: ConsoleMessage) -> None:
        self.wrong.append(message.text)

    def _count(self, request: Request) -> None:
        self.asked.append(request.url)


@pytest.fixture(params=[WIDE], ids=["wide"])
def window(browser: Browser, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Window]:
    context = browser.new_context(viewport=request.param)
    window = Window(context, tmp_path)
    yield window
    context.close()
    assert window.wrong == []
    assert {url for url in window.asked if not url.startswith("data:")} == {window.file.as_uri()}


def picture(page: Page, name: str) -> None:
    """Keep a picture of a page, if somebody wants to look at it."""
    if folder := os.environ.get("BROWSER_SCREENSHOTS"):
        page.screenshot(path=Path(folder) / f"{name}.png")


def shown(page: Page) -> Sequence[Sequence[str]]:
    """The cells of the rows that can be seen, as they are read."""
    rows = page.locator("tbody tr:visible").all()
    return [
        [" ".join(text.split()) for text in row.locator(":scope > *").all_inner_texts()]
        for row in rows
    ]


def names(page: Page) -> Sequence[str]:
    """The first names of the students that can be seen, in order."""
    return [row[STUDENT].split()[0] for row in shown(page)]


def header(page: Page, title: str) -> str | None:
    """How a column is sorted, as assistive technology is told."""
    return page.get_by_role("columnheader", name=title).get_attribute("aria-sort")


def test_the_page_says_whose_it_is_and_when_it_was_made(window: Window) -> None:
    page = window.show(report(ROWS))

    expect(page).to_have_title("Backend, autumn 2026: template v0.3.0")
    expect(page.get_by_role("heading", level=1)).to_have_text("Backend, autumn 2026")
    assert page.locator("header p").inner_text() == (
        "4 students · template v0.3.0 · as of 2026-11-27 22:00 UTC"
    )


def test_each_student_is_a_row(window: Window) -> None:
    page = window.show(report(ROWS))
    picture(page, "rows")

    assert shown(page) == [
        [
            *("Ada Lovelace ada-lovelace", "current", "v0.3.0", "0", "3 h ago", "41", ""),
            *(NOTHING, NOTHING, "passed 3.2 s"),
        ],
        [
            *("Grace Hopper grace-hopper", "conflict", "v0.1.0", "2", "9 d ago", "7", ""),
            *("seedbed/v0.2.0 seedbed/v0.3.0", "2 files", "failed 12.0 s"),
        ],
        [
            *(
                "Alan Turing alan",
                "unreachable no answer in time",
                NOTHING,
                NOTHING,
                NOTHING,
                NOTHING,
                NOTHING,
            ),
            *(NOTHING, NOTHING, NOTHING),
        ],
        [
            *("Radia Perlman radia", "behind", "v0.2.0", "1", "28 w ago", "0", ""),
            *(NOTHING, NOTHING, "not started"),
        ],
    ]
    assert page.get_by_role("link").evaluate_all("links => links.map(link => link.href)") == [
        "https://git.example.org/ada-lovelace.git",
        "https://git.example.org/grace-hopper.git",
    ]


def test_without_checks_there_is_no_column_for_them(window: Window) -> None:
    page = window.show(report([replace(row, checked=None) for row in ROWS]))

    titles = page.get_by_role("columnheader").all_inner_texts()
    assert (len(titles), titles[-1]) == (TESTS, "Conflicts")
    assert {len(row) for row in shown(page)} == {TESTS}


def test_activity_is_drawn_on_one_scale_and_told_in_words(window: Window) -> None:
    page = window.show(report(ROWS))

    pictures = page.get_by_role("img")
    words = [each.get_attribute("aria-label") for each in pictures.all()]
    assert words == [
        f"Commits in each of the last 3 weeks, oldest first: {weeks}"
        for weeks in ("0, 12, 29", "5, 2, 0", "0, 0, 0")
    ]
    heights = pictures.evaluate_all(
        "all => all.map(one => [...one.querySelectorAll('rect')]"
        ".map(bar => Number(bar.getAttribute('height'))))"
    )
    # A full bar is 12 commits: the busiest week of all would make the others too small to see.
    assert heights == [[1, 20, 20], [8.3, 3.3, 1], [1, 1, 1]]


@pytest.mark.parametrize(
    ("title", "ascending", "descending"),
    [
        ("Student", ["Ada", "Alan", "Grace", "Radia"], ["Radia", "Grace", "Alan", "Ada"]),
        ("State", ["Ada", "Radia", "Grace", "Alan"], ["Alan", "Grace", "Radia", "Ada"]),
        ("Version", ["Grace", "Radia", "Ada", "Alan"], ["Ada", "Radia", "Grace", "Alan"]),
        ("Behind", ["Ada", "Radia", "Grace", "Alan"], ["Grace", "Radia", "Ada", "Alan"]),
        ("Last commit", ["Radia", "Grace", "Ada", "Alan"], ["Ada", "Grace", "Radia", "Alan"]),
        ("Commits", ["Radia", "Grace", "Ada", "Alan"], ["Ada", "Grace", "Radia", "Alan"]),
        ("Activity", ["Radia", "Grace", "Ada", "Alan"], ["Ada", "Grace", "Radia", "Alan"]),
        ("Open updates", ["Grace", "Ada", "Alan", "Radia"], ["Grace", "Ada", "Alan", "Radia"]),
        ("Conflicts", ["Ada", "Alan", "Radia", "Grace"], ["Grace", "Ada", "Alan", "Radia"]),
        ("Tests", ["Grace", "Radia", "Ada", "Alan"], ["Ada", "Radia", "Grace", "Alan"]),
    ],
)
def test_a_click_on_a_header_sorts_and_what_is_not_known_stays_last(
    title: str, ascending: Sequence[str], descending: Sequence[str], window: Window
) -> None:
    page = window.show(report(ROWS))
    button = page.get_by_role("button", name=title, exact=True)
    assert names(page) == ["Ada", "Grace", "Alan", "Radia"]

    button.click()
    assert (header(page, title), names(page)) == ("ascending", ascending)
    # Ada and Alan are in the order in which they were, where nothing tells them apart.
    if title not in {"Open updates", "Conflicts"}:
        button.click()
        assert (header(page, title), names(page)) == ("descending", descending)


def test_the_keyboard_sorts_and_only_one_column_is_told_to_be_sorted(window: Window) -> None:
    page = window.show(report(ROWS))

    page.get_by_role("button", name="State").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")

    assert names(page) == ["Grace", "Radia", "Ada", "Alan"]
    assert (header(page, "State"), header(page, "Version")) == (None, "ascending")


def test_versions_are_sorted_as_versions(window: Window) -> None:
    versions = ("v0.10.0", "v0.9.0", "v0.2.0")
    page = window.show(report([replace(ROWS[0], name=each, version=each) for each in versions]))

    page.get_by_role("button", name="Version").click()

    assert names(page) == ["v0.2.0", "v0.9.0", "v0.10.0"]


def test_each_state_can_be_shown_alone_and_says_how_many_it_has(window: Window) -> None:
    rows = [
        replace(ROWS[0], name=f"{state.name}{number}", state=state)
        for place, state in enumerate(State)
        for number in range(place + 1)
    ]
    page = window.show(report(rows))

    labels = [" ".join(text.split()) for text in page.locator(".filter label").all_inner_texts()]
    assert labels == ["all 45", *(f"{state} {place + 1}" for place, state in enumerate(State))]
    for place, state in enumerate(State):
        page.get_by_role("radio", name=f"{state} {place + 1}").check()
        assert names(page) == [f"{state.name}{number}" for number in range(place + 1)]
        expect(page.get_by_role("status")).to_have_text(f"{place + 1} of 45 students")
    page.get_by_role("radio", name="all 45").check()
    assert len(names(page)) == 45


def test_the_keyboard_filters(window: Window) -> None:
    page = window.show(report(ROWS))

    page.get_by_role("radio", name="all 4").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")

    assert names(page) == ["Radia"]


def test_files_in_conflict_and_output_of_tests_are_a_click_away_and_go_away_again(
    window: Window,
) -> None:
    page = window.show(report(ROWS))
    files = page.get_by_label("Files in conflict")
    output = page.get_by_label("The last lines that the tests wrote").nth(1)

    expect(files).to_be_hidden()
    page.get_by_text("2 files").click()
    expect(files).to_be_visible()
    picture(page, "conflicts")
    assert files.inner_text().split() == ["README.md", "src/app/main.py"]

    page.get_by_text("failed", exact=True).click()
    expect(files).to_be_hidden()
    assert output.inner_text() == "FAILED tests/test_api.py\n1 failed"

    page.keyboard.press("Escape")
    expect(output).to_be_hidden()
    page.get_by_text("2 files").click()
    page.get_by_role("heading", level=1).click()
    expect(files).to_be_hidden()


@pytest.mark.parametrize("window", [WIDE, PHONE], ids=["wide", "phone"], indirect=True)
def test_hostile_text_is_shown_and_does_nothing(window: Window) -> None:
    page = window.show(report([HOSTILE, *ROWS]))
    row = page.locator("tbody tr").first

    assert (
        row.locator(".student bdi")
        .first.inner_text()
        .startswith("[red]<script>alert(1)</script>\\x1b[31m\\u202elong long")
    )
    assert row.locator(".where small").inner_text() == (
        "</small><img src=x onerror=alert(1)>\\x9b2J"
    )
    assert row.locator("a, script, img, b").count() == 0
    assert page.locator("script").count() == 1
    row.get_by_text("500 files").click()
    files = row.get_by_label("Files in conflict").locator("li")
    expect(files).to_have_count(500)
    assert files.last.inner_text() == f"=cmd/{'deep/' * 40}<b>499\\n.py"
    picture(page, f"hostile-{page.viewport_size['width'] if page.viewport_size else 0}")
    row.get_by_text("failed", exact=True).click()
    assert row.locator("pre").inner_text().startswith("</pre><script>alert(1)</script>\\u202e\nxxx")
    assert fits(page)


def fits(page: Page) -> bool:
    """Whether nobody has to scroll sideways."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


@pytest.mark.parametrize("width", [320, 390, 768, 1216, 1217, 1280, 1920])
def test_nobody_scrolls_sideways(width: int, window: Window) -> None:
    window.page.set_viewport_size({"width": width, "height": 800})
    page = window.show(report(many()))
    picture(page, f"width-{width}")

    assert fits(page)


@pytest.mark.parametrize("window", [PHONE], ids=["phone"], indirect=True)
def test_on_a_phone_each_student_is_a_card_that_can_be_sorted_and_is_still_a_row(
    window: Window,
) -> None:
    page = window.show(report(ROWS))
    picture(page, "phone")

    page.get_by_role("button", name="Commits").click()

    assert names(page) == ["Radia", "Grace", "Ada", "Alan"]
    assert page.get_by_role("row").count() == 1 + len(ROWS)
    assert page.get_by_role("rowheader").count() == len(ROWS)
    behind = page.get_by_role("row", name="Grace Hopper").locator("td").nth(BEHIND - 1)
    assert behind.evaluate("cell => getComputedStyle(cell, '::before').content") == '"Behind"'


def test_the_header_stays_in_sight(window: Window) -> None:
    page = window.show(report(many()))

    page.locator("tbody tr").last.scroll_into_view_if_needed()
    picture(page, "scrolled")

    box = page.get_by_role("columnheader", name="Student").bounding_box()
    assert box is not None
    assert box["y"] == 0


def test_numbers_are_aligned_right(window: Window) -> None:
    page = window.show(report(ROWS))

    cells = page.locator("tbody tr").first.locator(":scope > *")
    aligned = cells.evaluate_all("all => all.map(cell => getComputedStyle(cell).textAlign)")
    right = {BEHIND, LAST_COMMIT, COMMITS, ACTIVITY, CONFLICTS}
    assert aligned == ["end" if column in right else "start" for column in range(TESTS + 1)]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_stands_out_from_what_is_behind_it(scheme: str, window: Window) -> None:
    rows = [replace(ROWS[0], state=state, reason="why") for state in State]
    rows += [replace(ROWS[0], checked=Checked(result, 1, "")) for result in CheckResult]
    window.page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    page = window.show(report(rows))
    picture(page, f"states-{scheme}")

    # WCAG 2.2, 1.4.3: small text needs 4.5 to 1.
    faint = page.evaluate(CONTRAST)
    assert faint == []


CONTRAST = """() => {
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const over = (colours) => {
    canvas.clearRect(0, 0, 1, 1);
    for (const colour of colours) { canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1); }
    return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3);
  };
  const light = (rgb) => {
    const [r, g, b] = rgb.map((part) => part / 255)
      .map((part) => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const faint = [];
  for (const element of document.querySelectorAll("body *")) {
    const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
    if (!own || !element.checkVisibility() || element.matches(".nothing, script, title")) continue;
    const behind = [];
    for (let at = element; at; at = at.parentElement) {
      behind.unshift(getComputedStyle(at).backgroundColor);
    }
    const ink = getComputedStyle(element).color;
    const [one, other] = [light(over(behind)), light(over([...behind, ink]))];
    const ratio = (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
    if (ratio < 4.5) faint.push([element.outerHTML.slice(0, 80), ratio]);
  }
  return faint;
}"""


def test_without_scripts_all_is_there_and_filters_work(browser: Browser, tmp_path: Path) -> None:
    context = browser.new_context(java_script_enabled=False, viewport=WIDE)
    page = Window(context, tmp_path).show(report(ROWS))
    picture(page, "no-script")

    assert names(page) == ["Ada", "Grace", "Alan", "Radia"]
    assert page.get_by_role("button").count() == 0
    page.get_by_text("2 files").click()
    expect(page.get_by_label("Files in conflict")).to_be_visible()
    page.get_by_role("radio", name="conflict 1").check()
    assert names(page) == ["Grace"]
    context.close()


def test_on_paper_there_is_the_table_without_what_can_only_be_clicked(window: Window) -> None:
    page = window.show(report(ROWS))
    page.get_by_text("2 files").click()

    page.emulate_media(media="print", color_scheme="dark")
    picture(page, "print")

    assert page.locator(".more:visible").count() == 0
    assert names(page) == ["Ada", "Grace", "Alan", "Radia"]
    colour = page.locator("body").evaluate("body => getComputedStyle(body).backgroundColor")
    assert colour == "rgb(255, 255, 255)"


def test_an_empty_roster_is_a_page_too(window: Window) -> None:
    page = window.show(report([]))

    assert page.locator("main").inner_text() == "The roster has no students."


def test_a_server_is_asked_for_the_page_and_for_nothing_else(
    browser: Browser, tmp_path: Path
) -> None:
    asked: list[str] = []

    class Handler(SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            asked.append(self.path)

    write_page(tmp_path / "report.html", report([HOSTILE, *ROWS]))
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=str(tmp_path))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        context = browser.new_context()
        page = context.new_page()
        page.goto(f"http://127.0.0.1:{server.server_port}/report.html", wait_until="networkidle")
        context.close()
        server.shutdown()

    assert asked == ["/report.html"]


def test_the_policy_forbids_all_but_the_pages_own_style_and_script(window: Window) -> None:
    page = window.show(report(ROWS))

    forbidden = page.evaluate(
        """async () => {
          const found = [];
          document.addEventListener("securitypolicyviolation",
            (event) => found.push(event.effectiveDirective));
          const script = document.createElement("script");
          script.textContent = "document.title = 'changed'";
          const style = document.createElement("style");
          style.textContent = "body { display: none }";
          const image = document.createElement("img");
          image.src = "http://127.0.0.1:9/";
          document.body.append(script, style, image);
          document.body.setAttribute("style", "display: none");
          await fetch("http://127.0.0.1:9/").catch(() => {});
          for (let turn = 0; found.length < 5 && turn < 500; turn += 1) {
            await new Promise((done) => setTimeout(done, 10));
          }
          return found.sort();
        }"""
    )

    assert forbidden == [
        *("connect-src", "img-src", "script-src-elem", "style-src-attr", "style-src-elem")
    ]
    expect(page).to_have_title("Backend, autumn 2026: template v0.3.0")
    assert len(window.wrong) >= len(forbidden)
    # They were what this test is about.
    window.wrong.clear()
    del window.asked[1:]


def test_the_same_report_is_the_same_page() -> None:
    assert render_page(report(ROWS)) == render_page(report(ROWS))


def test_a_page_replaces_the_one_before_as_a_whole_and_leaves_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    path.write_text("before")

    with path.open() as reader:
        write_page(path, report(ROWS))
        assert reader.read() == "before"

    assert path.read_text() == render_page(report(ROWS))
    assert list(tmp_path.iterdir()) == [path]
    umask = os.umask(0)
    os.umask(umask)
    assert stat.S_IMODE(path.stat().st_mode) == 0o666 & ~umask


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("missing/report.html", "No such file or directory"),
        ("file/report.html", "Not a directory"),
        ("folder", "Is a directory"),
    ],
)
def test_where_no_page_can_be_written_it_is_told_what_to_do(
    name: str, why: str, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "folder").mkdir()

    with pytest.raises(SeedbedError) as told:
        write_page(tmp_path / name, report(ROWS))

    assert str(told.value) == (
        f"{tmp_path / name}: {why}."
        " Name a file in a folder that is there, and that you may write to"
    )
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["file", "folder"]


def many() -> Sequence[Row]:
    """A cohort of 200."""
    return [replace(row, slug=f"{row.slug}-{number}") for number in range(50) for row in ROWS]
