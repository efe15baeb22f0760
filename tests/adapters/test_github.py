"""The GitHub adapter: pages, limits, refusals that name the setting, and answers that are none."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from sovereign.adapters import github
from sovereign.adapters.github import GitHub
from sovereign.errors import PublishError
from standins.faulty import UNKNOWN_HOST, Fault, Loopback, Sent, closed_port
from standins.github import TOKEN, GitHubStandIn


@pytest.fixture
def hub() -> Iterator[GitHubStandIn]:
    """Give a loopback GitHub."""
    with GitHubStandIn() as found:
        yield found


@pytest.fixture
def slept() -> list[float]:
    """Give the pauses that were made, in seconds; none is really made."""
    return []


@pytest.fixture
def api(hub: GitHubStandIn, slept: list[float]) -> Iterator[GitHub]:
    """Give the adapter."""
    with GitHub("lab/desk", TOKEN, api_url=hub.api_url, sleep=slept.append) as found:
        yield found


def test_all_pages_are_read(hub: GitHubStandIn, api: GitHub) -> None:
    """A list goes on as long as GitHub names a next page."""
    hub.page_size = 3
    for number in range(8):
        hub.add_pull(f"report/g{number}", "t", "b")

    assert [pull.branch for pull in api.open_pulls()] == [f"report/g{number}" for number in reversed(range(8))]
    assert len(hub.asked) == 3
    assert hub.wrong == []


def test_pages_without_end_are_left(hub: GitHubStandIn, api: GitHub, monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that always names a next page is not asked for ever."""
    monkeypatch.setattr(github, "MAX_PAGES", 5)
    again = f'<{hub.api_url}/repos/lab/desk/pulls?page=2>; rel="next"'
    hub.faults.extend([(200, {"Link": again}, b"[]")] * 9)

    with pytest.raises(PublishError, match="at most 5 pages"):
        api.open_pulls()

    assert len(hub.asked) == 5


def test_closed_pulls_of_many_branches_are_one_list(hub: GitHubStandIn, api: GitHub) -> None:
    """A few branches are asked for one by one; very many by one list."""
    for number in range(150):
        hub.add_pull(f"report/g{number}", "t", "b")["state"] = "closed"

    assert len(api.closed_pulls(["report/g1", "report/g2"])) == 2
    assert len(hub.asked) == 2
    assert len(api.closed_pulls([f"report/g{number}" for number in range(0, 150, 1)])) == 150
    assert len(hub.asked) == 4


@pytest.mark.parametrize(
    ("status", "headers", "paused"),
    [
        pytest.param(429, {"Retry-After": "7"}, 7.0, id="429 with Retry-After"),
        pytest.param(429, {"Retry-After": "-1"}, 60.0, id="429 that asks for nothing that is meant"),
        pytest.param(403, {"Retry-After": "9", "x-ratelimit-remaining": "1"}, 9.0, id="secondary limit"),
        pytest.param(403, {"x-ratelimit-remaining": "0", "x-ratelimit-reset": "0"}, 1.0, id="spent limit that has just come back"),
        pytest.param(429, {"x-ratelimit-remaining": "4000", "x-ratelimit-reset": "9999999999"}, 60.0, id="429 with quota left"),
        pytest.param(503, {}, 2.0, id="outage"),
    ],
)
def test_passing_refusals_are_waited_out(
    hub: GitHubStandIn, api: GitHub, slept: list[float], status: int, headers: dict[str, str], paused: float
) -> None:
    """What may pass is asked again, after as long as GitHub says."""
    hub.faults.append((status, headers, b"{}"))

    assert api.open_pulls() == ()
    assert slept == [paused]


def test_a_limit_that_only_words_tell_is_waited_out(hub: GitHubStandIn, api: GitHub, slept: list[float]) -> None:
    """A secondary limit may come without a header; any other 403 is a refusal."""
    hub.faults.append((403, {}, b'{"message": "You have exceeded a secondary rate limit. Please wait a few minutes."}'))
    hub.faults.append((200, {}, b"[]"))
    hub.faults.append((403, {}, b'{"message": "Forbidden"}'))

    assert api.open_pulls() == ()
    with pytest.raises(PublishError, match="403 Forbidden"):
        api.open_pulls()
    assert slept == [60.0]


def test_changes_are_a_second_apart(hub: GitHubStandIn, api: GitHub, slept: list[float], monkeypatch: pytest.MonkeyPatch) -> None:
    """GitHub asks for a second between two requests that change something; those that only look do not wait."""
    monkeypatch.setattr(github, "PAUSE_S", 1.0)
    api.comment(1, "x")
    api.open_pulls()
    api.comment(1, "y")

    assert len(slept) == 1
    assert 0.5 < slept[0] <= 1.0
    assert len(hub.asked) == 3


def test_a_body_that_is_too_long_is_sent_in_part(hub: GitHubStandIn, api: GitHub) -> None:
    """GitHub refuses a body of more than 65,536 characters whole; its head, where the marks stand, goes, and a word that says so."""
    pull = hub.add_pull("report/a", "t", "b")
    api.create_issue(title="t", body="<mark>" + "é" * 70_000, labels=())
    api.comment(int(pull["number"]), "x" * 65_536)
    made = next(iter(hub.issues.values()))["body"]

    assert len(made) == 65_536
    assert made.startswith("<mark>")
    assert "did not fit" in made
    assert len(hub.comments[int(pull["number"])][0]["body"]) == 65_536


@pytest.mark.parametrize("status", [403, 404, 422])
def test_a_reviewer_who_cannot_be_asked_stops_nothing(hub: GitHubStandIn, api: GitHub, status: int) -> None:
    """The draft is there already; whoever cannot be asked is named to the log."""
    pull = hub.add_pull("report/a", "t", "b")
    hub.faults.append((status, {}, b'{"message": "no"}'))

    assert api.request_reviewers(int(pull["number"]), ("gone", "owner")) == ("gone",)


def test_writing_is_not_repeated_after_an_outage(hub: GitHubStandIn, api: GitHub, slept: list[float]) -> None:
    """A comment that may have been written is not written twice; a turned-away one is."""
    hub.faults.append((502, {}, b"<html>"))
    with pytest.raises(PublishError, match="502"):
        api.comment(1, "x")
    hub.faults.append((429, {"Retry-After": "1"}, b"{}"))
    api.comment(1, "x")

    assert [method for method, _, _ in hub.asked] == ["POST", "POST", "POST"]
    assert slept == [1.0]


def test_long_waits_are_not_waited(hub: GitHubStandIn, api: GitHub, slept: list[float]) -> None:
    """A limit that comes back in an hour ends the step, and says when to come again."""
    hub.faults.append((429, {"Retry-After": "3600"}, b"{}"))
    with pytest.raises(PublishError, match="429") as caught:
        api.open_pulls()

    assert "3600 s" in caught.value.tip
    assert slept == []


@pytest.mark.parametrize(
    ("status", "message", "tip"),
    [
        pytest.param(401, "Bad credentials", "token is wrong", id="token"),
        pytest.param(403, "Resource not accessible by integration", "permissions", id="permission"),
        pytest.param(
            403, "GitHub Actions is not permitted to create or approve pull requests.", "Allow GitHub Actions to create", id="setting"
        ),
        pytest.param(404, "Not Found", "repository's name", id="repository"),
    ],
)
def test_refusals_name_the_way_out(hub: GitHubStandIn, api: GitHub, status: int, message: str, tip: str) -> None:
    """Each refusal says what to click or to look at."""
    hub.faults.append((status, {}, json.dumps({"message": message}).encode()))
    with pytest.raises(PublishError, match=str(status)) as caught:
        api.create_pull(branch="b", base="main", title="t", body="b")

    assert tip in caught.value.tip
    assert caught.value.exit_code == 4


def test_issues_that_are_off(hub: GitHubStandIn, api: GitHub) -> None:
    """Where issues are switched off, the message says where to switch them on."""
    hub.has_issues = False
    with pytest.raises(PublishError, match="410") as caught:
        api.create_issue(title="t", body="b", labels=("x",))

    assert "Features" in caught.value.tip


@pytest.mark.parametrize("fault", [fault for fault in Fault if fault is not Fault.WRONG_ENCODING], ids=str)
def test_every_fault_ends_in_a_sentence(fault: Fault, slept: list[float]) -> None:
    """Whatever a server does, the step ends with a message and exit code 4, and never with a trace or for ever."""
    with Loopback(lambda *_: Sent(b"[]", "application/json")) as server:
        server.always = fault
        with (
            GitHub("lab/desk", TOKEN, api_url=server.url, sleep=slept.append, timeout_s=0.2, total_s=0.5) as api,
            pytest.raises(PublishError, match="GitHub") as caught,
        ):
            api.open_pulls()

    assert caught.value.exit_code == 4
    assert sum(slept) <= 130


@pytest.mark.parametrize(
    ("fault", "requests"),
    [
        (Fault.RESET, 2),
        (Fault.SERVER_ERROR, 2),
        (Fault.UNAVAILABLE, 2),
        (Fault.TOO_MANY_WAIT, 2),
        (Fault.TRUNCATED, 2),
        (Fault.WRONG_ENCODING, 1),
    ],
    ids=str,
)
def test_a_fault_that_passes_is_recovered(fault: Fault, requests: int, slept: list[float]) -> None:
    """One failure of a question is made good by asking again; JSON in another encoding is JSON."""
    with (
        Loopback(lambda *_: Sent(b"[]", "application/json"), faults=[fault]) as server,
        GitHub("lab/desk", TOKEN, api_url=server.url, sleep=slept.append) as api,
    ):
        assert api.open_pulls() == ()

    assert len(server.asked) == requests


def test_nobody_there(slept: list[float]) -> None:
    """A port that refuses and a name that is unknown are told as what they are."""
    with (
        closed_port() as url,
        GitHub("lab/desk", TOKEN, api_url=url, sleep=slept.append) as api,
        pytest.raises(PublishError, match="refused"),
    ):
        api.open_pulls()
    with GitHub("lab/desk", TOKEN, api_url=UNKNOWN_HOST, sleep=slept.append) as api, pytest.raises(PublishError, match="GitHub"):
        api.open_pulls()


@pytest.mark.parametrize("body", [b"{}", b"[1]", b'[{"number": 1}]', b'[{"number": "x", "head": null}]', b"null", b"[" * 50_000])
def test_answers_of_another_shape(hub: GitHubStandIn, api: GitHub, body: bytes) -> None:
    """An answer that is not what GitHub describes is refused where it arrives."""
    hub.faults += [(200, {}, body)] * 4
    with pytest.raises(PublishError, match="expected"):
        api.open_pulls()


def test_next_page_elsewhere_is_not_followed(hub: GitHubStandIn, api: GitHub) -> None:
    """The token goes to GitHub and nowhere else, whatever a header says."""
    hub.faults.append((200, {"Link": '<http://127.0.0.2:9/steal>; rel="next"'}, b"[]"))
    with pytest.raises(PublishError, match="another host"):
        api.open_pulls()


def test_who_may_write(hub: GitHubStandIn, api: GitHub) -> None:
    """A writer may, a reader may not, and a name that is no path is asked for as it is."""
    assert [api.may_write("owner"), api.may_write("stranger"), api.may_write("../../x")] == [True, False, False]
    assert hub.wrong == []


def test_token_is_in_no_message(hub: GitHubStandIn, slept: list[float]) -> None:
    """A refusal quotes the address and GitHub's words, never the key."""
    with GitHub("lab/desk", "ghs_secret", api_url=hub.api_url, sleep=slept.append) as api, pytest.raises(PublishError) as caught:
        api.open_pulls()

    assert "ghs_secret" not in str(caught.value) + caught.value.tip + repr(api.__dict__)
