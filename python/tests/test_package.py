"""What is written in two places, or promised to tools."""

import inspect
import re
import tomllib
from pathlib import Path

import vidclass
from vidclass import _core

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())


def test_openvino_is_the_version_that_the_library_is_built_with():
    (pinned,) = re.findall(
        r"^openvino==\S+", (ROOT / "scripts/openvino-requirements.txt").read_text(), re.MULTILINE
    )
    assert pinned in PROJECT["project"]["dependencies"]


def test_what_builds_the_package_is_what_it_is_tested_with():
    tested = (ROOT / "python/tests/requirements.txt").read_text().splitlines()
    assert set(PROJECT["build-system"]["requires"]) <= set(tested)


def test_the_version_is_that_of_the_library():
    assert f"VERSION {vidclass.__version__} " in (ROOT / "CMakeLists.txt").read_text()


def test_all_public_names_are_documented():
    undocumented = [
        name
        for name in vidclass.__all__
        if callable(each := getattr(vidclass, name)) and name != "version" and not each.__doc__
    ]
    assert not undocumented


def test_the_stub_has_what_is_bound_and_nothing_else():
    stub = (ROOT / "python/vidclass/_core.pyi").read_text()
    bound = {name for name in dir(_core) if not name.startswith("_")}
    stubbed = set(re.findall(r"^(?:def|class) ([A-Za-z]\w*)", stub, re.MULTILINE))
    assert bound == stubbed
    for name in sorted(bound):
        each = getattr(_core, name)
        if not inspect.isclass(each):
            continue
        (body,) = re.findall(rf"^class {name}:\n((?:    .*\n|\n)+)", stub, re.MULTILINE)
        methods = set(re.findall(r"def ([a-z]\w*)", body))
        assert methods == {member for member in vars(each) if not member.startswith("_")}, name
