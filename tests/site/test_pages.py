"""The site in a real browser: what a reader does, by mouse, finger and keyboard."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

import pytest
from playwright.sync_api import Page, expect

from sovereign.exports import answers
from sovereign.exports.pages import headline_class
from standins import answers as boats
from standins import reports as fakes

Open = Callable[..., Page]


def test_home_leads_to_reports_and_finds_claims(open_page: Open) -> None:
    """Home names the newest reports with their numbers, and its search lands on the claims that fit."""
    page = open_page("")

    expect(page.locator(".desk-card")).to_have_count(6)
    expect(page.locator(".desk-card").first).to_contain_text("verified")
    expect(page.locator(".desk-goals")).to_contain_text("What comes next?")
    expect(page.locator(".desk-goals")).to_contain_text("broken.yaml cannot be read yet: 2 problems")

    page.get_by_label("Search every claim").fill("lake acidity")
    page.get_by_role("button", name="Search", exact=True).last.click()
    expect(page).to_have_url(re.compile(r"/claims/\?words=lake"))
    expect(page.locator(".desk-claim").first).to_contain_text("lake acidity")
    expect(page.locator(".desk-claim mark").first).to_have_text("lake")


def test_claims_are_filtered_and_the_address_keeps_it(open_page: Open) -> None:
    """Verdict, report and paper narrow the list; the address holds the search; a reload gives the same list."""
    page = open_page("claims/")
    status = page.get_by_role("status")
    expect(status).to_contain_text("claims, newest report first")
    page.get_by_role("checkbox", name="refuted").check()
    expect(status).to_contain_text(re.compile(r"^\d+ claims"))
    expect(page.locator(".desk-claim .verdict--verified")).to_have_count(0)
    page.get_by_label("Report").select_option(label="How much sleep loss does memory bear?")
    expect(status).to_have_text("4 claims, newest report first.")

    page.reload()

    expect(status).to_have_text("4 claims, newest report first.")
    expect(page.get_by_role("checkbox", name="refuted")).to_be_checked()
    page.get_by_label("Paper").fill("no such paper")
    expect(status).to_contain_text("No claim fits")


def test_a_found_claim_opens_its_row(open_page: Open) -> None:
    """A link of the explorer lands on the claim's row, which is open and shows the quote."""
    page = open_page("claims/?words=soil+53.7")
    expect(page.locator(".desk-claim mark").first).to_be_visible()
    page.locator(".desk-claim a").first.click()

    expect(page).to_have_url(re.compile(r"/reports/sleep-and-memory/v1/#c[0-9a-f]{10}$"))
    row = page.locator("tr.is-shown")
    expect(row).to_have_count(1)
    expect(row.locator("details")).to_contain_text("Word for word in Quill et al. 2024")
    expect(row.locator("q")).to_contain_text("53.7%")
    assert row.locator("mark", has_text="53.7%").evaluate("(mark) => getComputedStyle(mark).backgroundColor") != "rgba(0, 0, 0, 0)"


def test_a_reworded_claim_opens_to_its_quote(open_page: Open) -> None:
    """Where a claim has words of its own, its row opens to the paper's, and the citation shows those."""
    page = open_page("reports/sparse-experts/v1/")
    page.locator(f"a.cite[href='#{fakes.C4}']").hover()
    expect(page.locator(".sv-pop blockquote")).to_have_text(fakes.CLAIMS[3].quote.text)
    row = page.locator(f"[id='{fakes.C4}']")
    row.locator("summary").click()
    expect(row.locator("blockquote")).to_have_text(fakes.CLAIMS[3].quote.text)


def test_claims_list_grows_on_demand(open_page: Open) -> None:
    """Thirty claims stand at first; the button brings the next and moves the focus to the first of them."""
    page = open_page("claims/")
    expect(page.locator(".desk-claim")).to_have_count(30)
    page.get_by_role("button", name="Show more").click()

    expect(page.locator(".desk-claim")).to_have_count(60)
    assert page.evaluate("document.activeElement.closest('li') === document.querySelectorAll('.desk-claim')[30]")


def test_words_of_every_script_are_found(open_page: Open) -> None:
    """Two letters of a script without spaces, a number with its point, and a word without its accent find their claims."""
    page = open_page("claims/")
    for words, expected in (("68.9", "68.9 %"), ("ACCURACY sparse", "accuracy"), ("through", "Throughput")):
        page.get_by_label("Words").fill(words)
        expect(page.locator(".desk-claim").first).to_contain_text(expected)


def test_reports_are_filtered_and_sorted(open_page: Open) -> None:
    """Tag, state, score and order work together, and what is shown is said."""
    page = open_page("reports/")
    status = page.get_by_role("status")
    page.get_by_label("Decision").select_option("draft")
    expect(status).to_have_text("7 of 18 reports.")
    expect(page.locator(".desk-card .desk-badge--approved")).to_have_count(0)
    page.get_by_label("Decision").select_option("")
    page.get_by_label("Order").select_option("verified")
    expect(page.locator(".desk-card").first).to_contain_text("very many claims")
    page.get_by_label("Score, at least").fill("7")
    page.get_by_label("Tag", exact=True).select_option("efficiency")
    expect(status).to_have_text("2 of 18 reports.")
    expect(page).to_have_url(re.compile(r"tag=efficiency.*score=7.*sort=verified"))


def test_citation_shows_its_quote_on_hover(open_page: Open) -> None:
    """The mouse on a citation shows the quote, its verdict and the way to the row."""
    page = open_page("reports/sleep-and-memory/v1/")
    page.locator("a.cite").first.hover()

    pop = page.locator(".sv-pop")
    expect(pop).to_be_visible()
    expect(pop).to_contain_text("In trial 1-0")
    expect(pop).to_contain_text("verified")
    page.mouse.move(5, 5)
    expect(pop).to_be_hidden()


def test_citation_shows_its_quote_by_keyboard(open_page: Open) -> None:
    """Focus shows the quote, Escape hides it and gives the focus back, the arrow goes into it."""
    page = open_page("reports/sleep-and-memory/v1/")
    page.locator("a.cite").first.focus()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Tab")
    expect(page.locator(".sv-pop")).to_be_visible()
    page.keyboard.press("ArrowDown")
    expect(page.locator(".sv-pop a")).to_be_focused()
    page.keyboard.press("Escape")

    expect(page.locator(".sv-pop")).to_be_hidden()
    expect(page.locator("a.cite").first).to_be_focused()


def test_citation_shows_its_quote_on_tap(open_page: Open) -> None:
    """A finger opens the quote instead of jumping down the page; the quote's link goes to the row."""
    page = open_page("reports/sleep-and-memory/v1/", width=390, has_touch=True, is_mobile=True)
    page.locator("a.cite").first.tap()
    expect(page.locator(".sv-pop")).to_be_visible()
    box = page.locator(".sv-pop").bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390
    page.locator(".sv-pop a").tap()
    expect(page.locator("tr.is-shown details > p")).to_be_visible()


def test_report_works_without_javascript(open_page: Open) -> None:
    """A citation leads to its row, a row opens, the lists are there."""
    page = open_page("reports/sleep-and-memory/v1/", java_script_enabled=False)
    first = page.locator("a.cite").first
    assert "In trial 1-0" in (first.get_attribute("title") or "")
    first.click()
    expect(page).to_have_url(re.compile(r"#c[0-9a-f]{10}$"))
    page.locator(".sv-claims tr summary").first.click()
    expect(page.locator(".sv-claims details > p").first).to_be_visible()

    page.goto(page.url.split("reports/")[0] + "claims/")
    expect(page.locator(".desk-claim").first).to_be_visible()


@pytest.mark.parametrize(("width", "height"), [(390, 844), (1440, 900), (360, 640)])
@pytest.mark.parametrize("slug", ["waxed-boats", "boats-yes", "boats-not-answered", "sparse-experts", "routing-accuracy"])
def test_the_answer_lies_on_the_first_screen(open_page: Open, slug: str, width: int, height: int) -> None:
    """Question, answer, how sure and the line of state are there before anything is scrolled, in that order."""
    version = "v2" if slug == "routing-accuracy" else "v1"
    page = open_page(f"reports/{slug}/{version}/", width=width, height=height)

    places = [page.locator(f".md-content__inner {what}") for what in ("h1", ".sv-headline", ".sv-sure", ".sv-decision")]
    found = [box for place in places if place.count() and (box := place.first.bounding_box()) is not None]
    assert len(found) >= 3
    assert all(above["y"] + above["height"] <= below["y"] for above, below in pairwise(found))
    assert found[-2]["y"] + found[-2]["height"] <= height
    if height >= 844:
        assert found[-1]["y"] + found[-1]["height"] <= height
    size = "(one) => parseFloat(getComputedStyle(document.querySelector(one)).fontSize)"
    answer = ".sv-lead" if page.locator(".sv-headline .sv-lead").count() else ".sv-headline"
    assert page.evaluate(size, answer) > page.evaluate(size, ".md-content__inner h1")


@pytest.mark.parametrize(("width", "height"), [(390, 844), (1440, 900)])
@pytest.mark.parametrize(
    ("lead", "quotes"),
    [("", (420, 420)), ("", (250, 150)), ("It depends:", (300, 300)), ("Yes:", (400,)), ("Yes: 4.1 minutes in 1 paper.", (90, 90))],
)
def test_a_long_answer_lies_on_the_first_screen(open_page: Open, lead: str, quotes: tuple[int, ...], width: int, height: int) -> None:
    """An answer in the long sentences of papers, to a long question, ends on the first screen, its strength with it; nothing is cut."""
    page = open_page("reports/waxed-boats/v1/", width=width, height=height)
    voices = " ".join(
        f"Quill et al. (2021): “{('In wind of four metres waxed hulls stayed afloat longer ' * 9)[:length]}.”" for length in quotes
    )
    told = replace(answers.tell(boats.report()), headline=f"{lead} {voices}".strip(), lead=lead, voices=voices)
    question = "Should causal and total ordering be built into the communication layer, or left to the application and its stored state?"
    page.evaluate(
        """([question, classes, lead, voices]) => {
          const headline = document.querySelector('.sv-headline');
          headline.className = classes;
          headline.textContent = voices;
          if (lead) headline.insertAdjacentHTML('afterbegin', `<strong class="sv-lead">${lead}</strong> `);
          document.querySelector('.md-content__inner h1').firstChild.textContent = question;
        }""",
        [question, headline_class(told), lead, voices],
    )

    ends = [page.locator(what).first.bounding_box() for what in (".sv-headline", ".sv-sure")]
    assert all(box is not None and box["y"] + box["height"] <= height for box in ends)
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_what_each_paper_found_is_one_row(open_page: Open) -> None:
    """The table has a row a paper; a tap on a finding's label shows its quote with the sentences around it, and its grade."""
    page = open_page("reports/waxed-boats/v1/", width=390, has_touch=True, is_mobile=True)
    rows = page.locator("table.sv-answer > tbody > tr")
    expect(rows).to_have_count(4)
    rows.first.locator("a.cite").tap()

    pop = page.locator(".sv-pop")
    expect(pop).to_contain_text("corroborated")
    expect(pop.locator("blockquote")).to_contain_text("We ran each hull ten times. In wind of 4 m/s")


def test_a_folded_part_opens_for_its_address(open_page: Open) -> None:
    """An address that names a heading inside a folded part opens the part."""
    page = open_page("reports/waxed-boats/v1/#search")
    expect(page.get_by_role("heading", name="Search")).to_be_visible()


def test_claims_of_papers_not_to_lean_on_come_last(open_page: Open) -> None:
    """The explorer says of a claim that its paper was retracted or speaks to the reviewer, and leads with none of these."""
    page = open_page("claims/")
    expect(page.locator(".desk-claim").first).to_be_visible()
    assert page.locator(".desk-claim .desk-warning").count() == 0

    page.get_by_label("Words").fill("dense models faster")
    expect(page.locator(".desk-claim .desk-warning").first).to_contain_text("its paper was retracted")


@pytest.mark.parametrize("place", [".sv-claims > tbody > tr:last-child", "#ref-1", "ol.sv-references > li:last-child"])
def test_an_address_below_lands_where_it_leads(open_page: Open, place: str) -> None:
    """What is laid out only when it comes near is found all the same: the row or reference of an address stands on the screen."""
    path = "reports/sleep-and-memory/v1/"
    name = open_page(path).locator(place).get_attribute("id")
    page = open_page(f"{path}#{name}", width=390, height=844)
    page.wait_for_timeout(300)

    assert page.evaluate(
        "(name) => { const box = document.getElementById(name).getBoundingClientRect(); return box.top < innerHeight && box.bottom > 0; }",
        name,
    )


def test_every_grade_is_explained(open_page: Open) -> None:
    """The glossary is a click away from the claims, and has each grade."""
    page = open_page("claims/")
    page.get_by_role("link", name="what it has earned").click()
    for grade in ("quoted", "verified", "corroborated", "disputed", "unconfirmed"):
        expect(page.locator(f"dt#{grade}")).to_be_visible()


def test_claims_table_is_sorted_by_its_heads(open_page: Open) -> None:
    """Confidence sorts both ways, and the head says which."""
    page = open_page("reports/sleep-and-memory/v1/")
    head = page.locator("table.sv-claims > thead th").nth(2)
    head.get_by_role("button").click()
    expect(head).to_have_attribute("aria-sort", "ascending")
    shown = page.evaluate("[...document.querySelectorAll('.sv-claims > tbody > tr')].map((row) => Number(row.cells[2].textContent))")
    assert shown == sorted(shown)
    head.get_by_role("button").click()
    expect(head).to_have_attribute("aria-sort", "descending")


def test_citation_is_copied(open_page: Open) -> None:
    """The button puts the citation on the clipboard and says so."""
    page = open_page("reports/routing-accuracy/v2/", permissions=["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Copy citation").click()

    expect(page.locator(".sv-copied").first).to_have_text(" Copied.")
    assert "routing-accuracy" in page.evaluate("navigator.clipboard.readText()")


def test_state_is_told_on_every_version(open_page: Open) -> None:
    """A draft says so and wears a mark in its corner, a merged version names its approval, an older one the way to the newer."""
    draft = open_page("reports/sparse-experts/v1/")
    expect(draft.locator(".desk-banner--draft")).to_contain_text("Owner review required before publication")
    corner = "getComputedStyle(document.querySelector('.md-content__inner'), '::after').content"
    assert draft.evaluate(corner) == '"DRAFT"'
    assert draft.evaluate("getComputedStyle(document.querySelector('.md-main')).backgroundImage") == "none"
    assert draft.locator("meta[name=robots]").get_attribute("content") == "noindex"

    newest = open_page("reports/routing-accuracy/v2/")
    expect(newest.locator(".desk-banner")).to_have_count(0)
    expect(newest.locator(".desk-approval")).to_contain_text("Approved by Ada Owner on 2 June 2026 in pull request 18")
    assert newest.locator(".desk-approval a").first.get_attribute("href") == "https://github.com/example/lab/pull/18"
    assert "DRAFT" not in newest.evaluate(corner)

    older = open_page("reports/routing-accuracy/v1/")
    expect(older.locator(".desk-banner--old")).to_contain_text("There is a newer version")
    landing = open_page("reports/routing-accuracy/")
    expect(landing.locator(".desk-approvals li")).to_have_count(2)


def test_a_withdrawn_report_says_so_and_its_claims_are_gone(open_page: Open) -> None:
    """Its pages stay and say why; it is found in no claim search and cited by no machine."""
    page = open_page("reports/one-claim/v1/")
    expect(page.locator(".desk-banner--withdrawn")).to_contain_text("The paper it rests on was retracted.")
    assert page.locator("meta[name=citation_title]").count() == 0
    page.get_by_role("link", name="The whole notice").click()
    expect(page.locator("article")).to_contain_text("stood in no other paper")

    claims = open_page("claims/?words=moisture+3.0")
    expect(claims.get_by_role("status")).to_contain_text("have some of them")
    reports = open_page("reports/?state=withdrawn")
    expect(reports.get_by_role("status")).to_have_text("1 of 18 reports.")
    expect(reports.locator(".desk-badge--withdrawn")).to_have_text("Withdrawn")


def test_head_names_the_report_for_machines(open_page: Open) -> None:
    """Citation managers and search engines find title, date and reviewed claims; foreign words cannot leave their element."""
    page = open_page("reports/routing-accuracy/v2/")
    assert page.locator("meta[name=citation_title]").get_attribute("content") == "Does sparse routing keep accuracy at lower compute?"
    assert page.locator("meta[name=citation_publication_date]").get_attribute("content") == "2026/06/01"
    told = json.loads(page.locator("script[type='application/ld+json']").text_content() or "")
    article = told["@graph"][0]
    assert article["@type"] == "ScholarlyArticle"
    reviewed = [review["claimReviewed"] for work in article["citation"] for review in work.get("review", ())]
    assert len(reviewed) == 2
    assert page.locator("meta[property='og:title']").count() == 1


def test_maths_is_set_and_money_is_not(open_page: Open) -> None:
    """A formula in a question becomes MathML; five dollars stay five dollars."""
    page = open_page("reports/")
    card = page.locator(".desk-card", has_text="attainable")
    expect(card.locator("math")).to_have_count(2)
    expect(card).to_contain_text("$5 or $10")
    report = open_page("reports/sparse-experts/v1/")
    assert report.locator(".sv-claims tr math").count() >= 2


def test_maths_is_set_in_found_claims(open_page: Open) -> None:
    """A formula in a claim is a formula in the explorer too, and the words around it are still marked."""
    page = open_page("claims/?words=throughput+236")
    found = page.locator(".desk-claim", has=page.locator("math")).first
    expect(found.locator("mark").first).to_have_text("Throughput")
    assert found.locator("math").first.evaluate("(element) => element.namespaceURI") == "http://www.w3.org/1998/Math/MathML"
    expect(found.locator(".desk-claim__text")).not_to_contain_text("$")


def test_scheme_is_switched_and_kept(open_page: Open) -> None:
    """The toggle changes the scheme, the next page has it at once, and a reader's system decides until then."""
    page = open_page("", scheme="dark")
    assert page.evaluate("document.body.dataset.mdColorScheme") == "slate"
    page.locator("label[for=__palette_0]").click()
    assert page.evaluate("document.body.dataset.mdColorScheme") == "default"
    page.goto(page.url + "reports/")
    assert page.evaluate("document.body.dataset.mdColorScheme") == "default"


def test_search_finds_a_report(open_page: Open) -> None:
    """Material's search, in its worker, finds a landing page under the site's policy."""
    page = open_page("")
    page.keyboard.press("/")
    page.keyboard.type("sleep loss memory", delay=5)
    result = page.locator(".md-search-result__item a").first
    expect(result).to_contain_text("sleep loss")
    assert "/reports/sleep-and-memory/" in (result.get_attribute("href") or "")


def test_print_shows_all_and_only_the_report(open_page: Open) -> None:
    """On paper there is no navigation, and every row is open."""
    page = open_page("reports/sleep-and-memory/v1/")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    expect(page.locator(".md-header")).to_be_hidden()
    expect(page.locator(".sv-claims details > p").first).to_be_visible()
    assert page.evaluate("document.querySelectorAll('.sv-claims details:not([open])').length") == 0


def test_nothing_is_wider_than_a_small_telephone(open_page: Open) -> None:
    """At 360 pixels no page scrolls sideways, whatever words and tables it holds."""
    page = open_page("", width=360)
    home = page.url
    for path in (
        "",
        "reports/",
        "claims/",
        "status/",
        "reports/long-words/v1/",
        "reports/hostile-text/v1/",
        "reports/huge/v1/",
        "reports/cjk-question/",
    ):
        page.goto(home + path)
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, path
