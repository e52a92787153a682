"""Answers: bad ones are refused, good ones come back, and no name is ever taken away."""

from itertools import count, zip_longest
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests import oracle, space
from tests.releases import releases
from tests.rendering import ANSWERS_FILE, render, render_and_commit, update
from tests.repositories import changes, conflicts, release
from tests.repository import ROOT

ARCHIVE = ROOT / "tests" / "answers"
QUESTIONS = ARCHIVE / "questions.yml"
# Answers as each release has stored them, in a folder of its version.
ARCHIVED = sorted(ARCHIVE.glob("*/*.yml"))

REFUSED = [
    ("project_name", "", "Order Desk"),
    ("project_name", "42 - 43", "Order Desk"),
    ("project_name", 'Quoted "name"', "Order Desk"),
    ("project_name", "Two\nlines", "Order Desk"),
    ("project_name", "n" * 61, "Order Desk"),
    ("project_slug", "", "my-service"),
    ("project_slug", "Order Desk", "order-desk"),
    ("project_slug", "order_desk", "order-desk"),
    ("project_slug", "fastapi", "fastapi-service"),
    ("project_slug", "python3", "python3-service"),
    ("project_slug", "activate", "activate-service"),
    ("project_slug", "s" * 31, "s" * 30),
    ("package", "", "my_service"),
    ("package", "order-desk", "order_desk"),
    ("package", "1st", "service_1st"),
    ("package", "class", "class_service"),
    ("package", "json", "json_service"),
    ("package", "sqlalchemy", "sqlalchemy_service"),
    ("package", "tests", "tests_service"),
    ("package", "manage", "manage_service"),
    ("package", "aux", "aux_service"),
    ("package", "p" * 31, "p" * 30),
    ("description", "two\nlines", "one line"),
    ("description", "bell\a", "one line"),
    ("description", "d" * 201, "shorter"),
    ("author", "", "The authors"),
    ("author", "two\nlines", "one line"),
    ("observability", ["banana"], "prometheus"),
    ("example", "banana", "True, False"),
    ("example", "", "True, False"),
    *(
        (question, "banana", str(space.choices(question)[0]))
        for question in space.questions()
        if space.choices(question) and question not in {"example", "observability"}
    ),
]


@pytest.mark.parametrize(("question", "answer", "instead"), REFUSED)
def test_a_bad_answer_is_refused_before_any_file_is_written(
    template: Path, tmp_path: Path, question: str, answer: object, instead: str
) -> None:
    with pytest.raises(ValueError, match=question) as refused:
        render(template, tmp_path / "service", {question: answer})
    assert instead in str(refused.value)
    assert not (tmp_path / "service").exists()


def test_every_question_refuses_something() -> None:
    assert {question for question, _, _ in REFUSED} == set(space.questions())


@pytest.mark.parametrize("name", ["null", "yes", "off"])
def test_a_name_that_yaml_would_read_as_something_else_stays_a_name(
    template: Path, tmp_path: Path, name: str
) -> None:
    usual = yaml_files(render(template, tmp_path / "usual", named("usual")))
    assert yaml_files(render(template, tmp_path / name, named(name))) == [
        renamed(content, name) for content in usual
    ]


def named(name: str) -> space.Answers:
    return {"project_name": "Desk", "project_slug": name, "package": name}


def yaml_files(service: Path) -> list[Any]:
    """Return what the YAML files of a service hold, but the notes of Copier."""
    paths = sorted(path for path in service.rglob("*.y*ml") if path.name != ANSWERS_FILE)
    assert {"compose.yaml", "prometheus.yml"} <= {path.name for path in paths}
    return [yaml.safe_load(path.read_text(encoding="utf-8")) for path in paths]


def renamed(content: Any, name: str) -> Any:
    match content:
        case dict():
            return {renamed(key, name): renamed(value, name) for key, value in content.items()}
        case list():
            return [renamed(item, name) for item in content]
        case str():
            return content.replace("usual", name)
        case _:
            return content


HOSTILE: space.Answers = {
    "project_name": "& 'Sons' (v2) + Żółw",
    "description": """  "{{ x }}" {% y %} \\ 'z': # $HOME - [a, b] """,
    "author": "null",
}
TYPED: dict[str, list[Any]] = {
    "project_name": ["Order Desk", HOSTILE["project_name"], "yes"],
    "project_slug": ["desk", "no-slug", "on"],
    "package": ["desk_package", "no_package", "on"],
    "description": ["Takes orders.", "", HOSTILE["description"]],
    "author": ["Desk Inc.", "~", HOSTILE["author"]],
}


def others(question: str) -> list[Any]:
    """Return every value of a question that is not its default."""
    if question in TYPED:
        return TYPED[question]
    return space.values(question)[1:]


def rows() -> list[space.Answers]:
    """Return sets of answers in which every value of every question occurs that is no default."""
    names = list(space.questions())
    columns = zip_longest(*map(others, names), fillvalue=None)
    found = [
        {name: value for name, value in zip(names, row, strict=True) if value is not None}
        for row in columns
    ]
    return [row for mixed in found for row in valid(mixed)]


def valid(row: space.Answers) -> list[space.Answers]:
    """Return a row, or two in its place if its framework and its ORM don't go together."""
    if oracle.is_valid(space.completed(row)):
        return [row]
    return [{name: row[name] for name in row if name != left} for left in ("framework", "orm")]


@pytest.fixture(scope="module")
def released(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return release(tmp_path_factory.mktemp("released") / "formwork", "v0.0.1", sources=template)


@pytest.mark.slow
@pytest.mark.parametrize("answers", rows(), ids=count())
def test_answers_come_back_as_they_were_given(
    released: Path, tmp_path: Path, answers: space.Answers
) -> None:
    """An update that changes nothing: no answer is lost, mangled, or flipped to a default."""
    service = render_and_commit(released, tmp_path / "service", answers)
    recorded = read_answers(service / ANSWERS_FILE)
    assert {name: recorded[name] for name in answers} == answers
    assert set(recorded) == {"_commit", "_src_path", *space.questions()}
    release(released, f"v0.0.1.post{len(tags(released))}")
    update(service)
    left = [line for line in changes(service).splitlines() if not line.endswith(ANSWERS_FILE)]
    assert left == []
    assert conflicts(service) == []
    updated = read_answers(service / ANSWERS_FILE)
    assert updated | {"_commit": None} == recorded | {"_commit": None}


def tags(repository: Path) -> list[str]:
    return [path.name for path in (repository / ".git" / "refs" / "tags").iterdir()]


def answers_of(service: Path) -> dict[str, Any]:
    """Return what a service was answered, without what Copier notes beside it."""
    stored = read_answers(service / ANSWERS_FILE)
    return {name: value for name, value in stored.items() if not name.startswith("_")}


def read_answers(path: Path) -> dict[str, Any]:
    answers = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert isinstance(answers, dict)
    return answers


def vocabulary() -> dict[str, list[Any]]:
    return {name: space.choices(name) for name in space.questions()}


def test_no_question_and_no_choice_is_ever_taken_away(*, recording: bool) -> None:
    """A name that goes missing flips existing projects to the default without a word.

    `pytest --record` adds what is new; it never removes.
    """
    recorded = read_answers(QUESTIONS) if QUESTIONS.exists() else {}
    now = vocabulary()
    if recording:
        for name, found in now.items():
            recorded[name] = [
                *recorded.get(name, []),
                *(x for x in found if x not in recorded.get(name, [])),
            ]
        QUESTIONS.write_text(yaml.safe_dump(recorded, sort_keys=False), encoding="utf-8")
    assert set(recorded) == set(now)
    assert {name: set(map(str, values)) for name, values in recorded.items()} == {
        name: set(map(str, values)) for name, values in now.items()
    }


@pytest.mark.parametrize("archived", ARCHIVED, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_the_answers_of_every_release_still_mean_the_same(
    template: Path, tmp_path: Path, archived: Path
) -> None:
    answers = read_answers(archived)
    render(template, tmp_path, answers)
    again = answers_of(tmp_path)
    assert {name: again[name] for name in answers} == answers


def test_every_release_has_archived_answers() -> None:
    """Those of `--defaults` among them: the tests of updates begin with them."""
    found = {path.parent.name for path in ARCHIVED if path.stem == "default"}
    assert found == {past.version for past in releases()}
