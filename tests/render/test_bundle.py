"""Modules become one script: in order, strict, and with every name once."""

import shutil
import subprocess
from pathlib import Path

import pytest

from feeder.render.frame import asset
from feeder.render.page.bundle import bundle

MODULES = {
    "main.mjs": (
        "// The whole.\n\n"
        'import { double } from "./parts/double.mjs";\n'
        'import { one, two } from "./numbers.mjs";\n\n'
        "console.log(double(one) + two);\n"
    ),
    "parts/double.mjs": (
        'import { two } from "../numbers.mjs";\n\n'
        "export function double(x) {\n  return two * x;\n}\n"
    ),
    "numbers.mjs": "export const { one, second: two } = { one: 1, second: 2 };\n",
}


def test_a_module_comes_once_and_after_those_it_needs() -> None:
    script = bundle("main.mjs", MODULES.__getitem__)
    assert script.startswith('(() => {\n"use strict";\n')
    assert script.index("const { one") < script.index("function double") < script.index("console")
    assert script.count("const { one") == 1
    assert "import" not in script
    assert "export" not in script


def test_the_script_runs_as_the_modules_do(tmp_path: Path) -> None:
    node = shutil.which("node")
    if node is None:
        pytest.skip("node is not installed")
    for path, text in MODULES.items():
        file = tmp_path / path
        file.parent.mkdir(exist_ok=True)
        file.write_text(text, encoding="utf-8")
    (tmp_path / "bundled.js").write_text(bundle("main.mjs", MODULES.__getitem__), "utf-8")
    said = [
        subprocess.run([node, tmp_path / name], check=True, capture_output=True, text=True).stdout
        for name in ("main.mjs", "bundled.js")
    ]
    assert said == ["4\n", "4\n"]


@pytest.mark.parametrize(
    ("path", "text", "told"),
    [
        ("numbers.mjs", "export const one = 1;\n", "does not export two"),
        ("numbers.mjs", 'import { double } from "./parts/double.mjs";\n', "import each other"),
        (
            "numbers.mjs",
            "export const one = 1, two = 2;\nexport const two = 2;\nfunction double() {}\n",
            "double is declared in numbers.mjs and in parts/double.mjs",
        ),
        ("main.mjs", 'import * as all from "./numbers.mjs";\n', "cannot follow 'import "),
        ("main.mjs", "const a = 1;\nexport { a };\n", "cannot follow 'export "),
        ("main.mjs", "export default 1;\n", "cannot follow 'export default"),
    ],
)
def test_what_cannot_be_one_script_is_refused(path: str, text: str, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        bundle("main.mjs", {**MODULES, path: text}.__getitem__)


def test_the_pages_own_modules_are_one_script() -> None:
    script = bundle("main.mjs", lambda path: asset(f"page/{path}"))
    assert "readPage(JSON.parse(" in script
