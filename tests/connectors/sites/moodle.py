"""A Moodle site with five courses to see, one hidden, and competencies from ESCO."""

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

from requests import PreparedRequest

from connectors.testing import CANARY, Answer
from tests.connectors import document_makers as make

SECRETS = ("token",)
FUNCTIONS = (
    "core_webservice_get_site_info",
    "core_course_get_courses",
    "core_course_get_categories",
    "core_course_get_contents",
    "core_competency_list_course_competencies",
    "core_competency_list_course_module_competencies",
)
TEAMWORK = "http://data.europa.eu/esco/skill/60c78287-22eb-4103-9c8c-28deaa460da0"

_COURSES = {
    2: (
        "Forklift driving: theory",
        "<h3>Before you start</h3><p>Check tyres, forks, chains, brakes, lights and horn. Report "
        "faults and do not drive.</p><h3>Load and stability</h3><p>Read the load chart. A raised "
        "load moves the centre of gravity: drive with the forks low and tilted back.</p>",
    ),
    3: (
        "Working in teams across sites",
        "<h3>Agreeing how to work</h3><p>Write down which channel is for what, and when an answer "
        "can be expected.</p><h3>Giving feedback</h3><p>Say what you saw, what it caused, and "
        "what you wish for. Then listen.</p>",
    ),
    4: (
        "Spreadsheets without errors",
        "<h3>One fact, one cell</h3><p>Keep inputs, calculations and results apart; name ranges; "
        "never type a number into a formula.</p><h3>Checking</h3><p>Totals by two ways.</p>",
    ),
    5: (
        "Datenschutz im Alltag",
        "<h3>Grundsätze</h3><p>Nur erheben, was für den Zweck nötig ist, und löschen, wenn der "
        "Zweck erfüllt ist.</p><h3>Auskunft</h3><p>Anfragen binnen eines Monats beantworten.</p>",
    ),
    6: (
        "Reading electrical drawings",
        "<h3>Symbols</h3><p>Contacts, coils, fuses and terminals after IEC 60617.</p>"
        "<h3>Tracing a fault</h3><p>Start at the load and follow the circuit back.</p>",
    ),
}


def settings(base: str) -> dict[str, object]:
    return {"url": base}


def answers(base: str, world: str = "whole") -> Callable[[PreparedRequest], Answer]:
    """`shrunk` lacks course 3, of `dented` it cannot be opened."""
    numbers = [n for n in _COURSES if not (world == "shrunk" and n == 3)]

    def answer(request: PreparedRequest) -> Answer:
        path = urlsplit(str(request.url)).path
        form = {name: values[0] for name, values in parse_qs(str(request.body)).items()}
        if "/pluginfile.php/" in path:
            known = form.get("token") == CANARY
            return _file(path) if known else Answer({"error": "no", "errorcode": "invalidtoken"})
        if form.get("wstoken") != CANARY:
            return _refusal("invalidtoken", "Invalid token - token not found")
        if world == "dented" and form.get("courseid") == "3":
            return _refusal("requireloginerror", "Course or activity not accessible.")
        return Answer(_said(base, form, numbers))

    return answer


def _said(base: str, form: dict[str, str], numbers: list[int]) -> Any:
    name, course = form["wsfunction"], int(form.get("courseid") or form.get("id") or 0)
    said: dict[str, Callable[[], Any]] = {
        "core_webservice_get_site_info": lambda: {"functions": [{"name": n} for n in FUNCTIONS]},
        "core_course_get_courses": lambda: [_front_page(), *map(_course, numbers), _hidden()],
        "core_course_get_categories": lambda: _CATEGORIES,
        "core_course_get_contents": lambda: _contents(base, course),
        "core_competency_list_course_competencies": lambda: _competencies(course == 3),
        "core_competency_list_course_module_competencies": lambda: _competencies(
            form["cmid"] == "32"
        ),
    }
    return said[name]()


_CATEGORIES = [
    {"id": 1, "name": "Workplace", "parent": 0, "path": "/1"},
    {"id": 2, "name": "Everyday skills", "parent": 1, "path": "/1/2"},
]


def _refusal(code: str, message: str) -> Answer:
    return Answer({"exception": "moodle_exception", "errorcode": code, "message": message})


def _front_page() -> dict[str, Any]:
    return {"id": 1, "fullname": "Campus", "visible": 1, "categoryid": 0}


def _hidden() -> dict[str, Any]:
    return {"id": 9, "fullname": "Not open yet", "visible": 0, "categoryid": 2}


def _course(number: int) -> dict[str, Any]:
    return {
        "id": number,
        "fullname": _COURSES[number][0],
        "summary": f"<p>{_COURSES[number][0]}, for everybody in the company.</p>",
        "categoryid": 2,
        "visible": 1,
        "lang": "de" if number == 5 else "en",
        "timecreated": 1700000000,
        "timemodified": 1700000001,
    }


def _competencies(attached: bool) -> list[dict[str, Any]]:
    about = {"id": 7, "shortname": "Work in teams", "idnumber": TEAMWORK, "description": ""}
    return [{"competency": about, "coursecompetency": {"id": 1}}] if attached else []


def _contents(base: str, course: int) -> list[dict[str, Any]]:
    number = course * 10
    label = _module(base, number + 1, "label", "Please read...", description=_COURSES[course][1])
    index, sheet = _about(base, number, "index.html"), _about(base, number, "sheet.pdf")
    page = _module(base, number + 2, "page", "Read", contents=[index])
    manual = _module(base, number + 3, "resource", "Sheet to print", contents=[sheet])
    solutions = _module(base, number + 4, "page", "Solutions", visible=0)
    group = '{"op":"&","c":[{"type":"group","id":3}],"showc":[true]}'
    some = _module(base, number + 5, "page", "For night shift only", availability=group)
    opens = {"label": "Opens:", "timestamp": 1775030400, "dataid": "timeopen"}
    closes = {"label": "Closes:", "timestamp": 1775034000, "dataid": "timeclose"}
    meeting = _module(base, number + 6, "bigbluebuttonbn", "Questions live", dates=[opens, closes])
    news = _module(base, number + 7, "forum", "News", description="<p>chatter</p>")
    with_files = [None, page, manual] if course in (2, 3) else []
    shown = [label, *with_files, solutions, some, news]
    return [
        {"id": 1, "section": 0, "name": "General", "summary": "", "visible": 1, "modules": []},
        {
            "id": 2,
            "section": 1,
            "name": "The essentials",
            "summary": "<p>What everybody has to know.</p>",
            "visible": 1,
            "modules": [*shown, meeting] if course == 3 else shown,
        },
    ]


def _module(base: str, number: int, kind: str, name: str, **more: Any) -> dict[str, Any]:
    url = {} if kind == "label" else {"url": f"{base}/mod/{kind}/view.php?id={number}"}
    return {"id": number, "modname": kind, "name": name, "visible": 1, **url, **more}


def _about(base: str, number: int, name: str) -> dict[str, Any]:
    url = f"{base}/webservice/pluginfile.php/{number}/mod_x/content/1/{name}?forcedownload=1"
    return {"type": "file", "filename": name, "fileurl": url, "timemodified": 1, "filepath": "/"}


def _file(path: str) -> Answer:
    course = int(path.partition("pluginfile.php/")[2].split("/")[0]) // 10
    title, text = _COURSES[course]
    if path.endswith(".html"):
        return Answer(f"<html><head><title>{title}</title></head><body>{text}</body></html>")
    return Answer(make.pdf([f"Read and understood: {title}", "Name and date"]))
