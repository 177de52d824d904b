"""The sample's Moodle site: answers of its web services, in the shapes of Moodle 4.5."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from markdown import markdown

from config.sample.build_modules import CHANGED, module
from config.sample.texts import Text, sections

_FUNCTIONS = (
    "core_webservice_get_site_info",
    "core_course_get_categories",
    "core_course_get_courses",
    "core_course_get_contents",
)


def write(texts: Sequence[Text], folder: Path, address: str) -> None:
    """Writes `answers/` by web service function and `files/` as pluginfile.php names them."""
    root = f"{address}/moodle"
    names = sorted({text.fields["category"] for text in texts})
    courses = [_course(n, text, names) for n, text in enumerate(texts, 2)]
    _answer(folder, "core_webservice_get_site_info", _site(root))
    _answer(folder, "core_course_get_categories", [_category(n, names) for n in names])
    _answer(folder, "core_course_get_courses", [_front_page(), *courses])
    _answer(folder, "core_course_get_contents/1", [])
    for number, text in enumerate(texts, 2):
        contents = _contents(number, text, folder / "files", root)
        if number == 2:
            contents[0]["modules"].append(None)  # seen in recorded answers of a real site
        _answer(folder, f"core_course_get_contents/{number}", contents)


def _answer(folder: Path, name: str, value: Any) -> None:
    path = folder / "answers" / f"{name}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value).replace("/", "\\/"), encoding="utf-8")


def _site(root: str) -> dict[str, Any]:
    return {
        "sitename": "Merrow Sound Campus",
        "username": "skillshelf",
        "firstname": "Skillshelf",
        "lastname": "Reader",
        "fullname": "Skillshelf Reader",
        "lang": "en",
        "userid": 5,
        "siteurl": root,
        "userpictureurl": f"{root}/pluginfile.php/33/user/icon/boost/f1",
        "functions": [{"name": name, "version": "2024100700"} for name in _FUNCTIONS],
        "downloadfiles": 1,
        "uploadfiles": 0,
        "release": "4.5 (Build: 20241007)",
        "version": "2024100700",
        "mobilecssurl": "",
        "usercanmanageownfiles": False,
        "userquota": 104857600,
        "usermaxuploadfilesize": 104857600,
        "userhomepage": 0,
        "siteid": 1,
        "sitecalendartype": "gregorian",
        "theme": "boost",
    }


def _category(name: str, names: Sequence[str]) -> dict[str, Any]:
    number = names.index(name) + 1
    return {
        "id": number,
        "name": name,
        "idnumber": "",
        "description": "",
        "descriptionformat": 1,
        "parent": 0,
        "sortorder": number * 10_000,
        "coursecount": 0,
        "visible": 1,
        "visibleold": 1,
        "timemodified": CHANGED,
        "depth": 1,
        "path": f"/{number}",
        "theme": None,
    }


def _front_page() -> dict[str, Any]:
    return {
        "id": 1,
        "shortname": "campus",
        "categoryid": 0,
        "categorysortorder": 1,
        "fullname": "Merrow Sound Campus",
        "displayname": "Merrow Sound Campus",
        "idnumber": "",
        "summary": "",
        "summaryformat": 0,
        "format": "site",
        "startdate": 0,
        "enddate": 0,
        "numsections": 1,
        "visible": 1,
        "timecreated": CHANGED,
        "timemodified": CHANGED,
        "lang": "",
    }


def _course(number: int, text: Text, names: Sequence[str]) -> dict[str, Any]:
    category = names.index(text.fields["category"]) + 1
    return {
        "id": number,
        "shortname": text.slug,
        "categoryid": category,
        "categorysortorder": category * 10_000 + number,
        "fullname": text.title,
        "displayname": text.title,
        "idnumber": "",
        "summary": markdown(text.body.partition("\n## ")[0]),
        "summaryformat": 1,
        "format": "topics",
        "showgrades": 1,
        "newsitems": 0,
        "startdate": 1_767_225_600,
        "enddate": 0,
        "numsections": len(text.sections),
        "maxbytes": 0,
        "showreports": 0,
        "visible": 1,
        "groupmode": 0,
        "groupmodeforce": 0,
        "defaultgroupingid": 0,
        "timecreated": 1_767_225_600,
        "timemodified": CHANGED + number * 3600,
        "enablecompletion": 1,
        "completionnotify": 0,
        "lang": text.fields["lang"],
        "forcetheme": "",
        "courseformatoptions": [{"name": "hiddensections", "value": 1}],
        "showactivitydates": True,
        "showcompletionconditions": True,
    }


def _contents(course: int, text: Text, files: Path, root: str) -> list[dict[str, Any]]:
    number_of_module = course * 100
    found = []
    for number, section in enumerate(text.sections):
        modules = []
        for part in sections(section.body, "### "):
            modules.append(module(number_of_module, part, files, root))
            number_of_module += 10
        found.append(
            {
                "id": course * 50 + number,
                "name": section.heading,
                "visible": 1,
                "summary": "",
                "summaryformat": 1,
                "section": number,
                "hiddenbynumsections": 0,
                "uservisible": True,
                "component": None,
                "itemid": None,
                "modules": modules,
            }
        )
    return found
