"""docs/openapi.yaml, and what Ingest serves of it.

    .dev/venv/bin/python deploy/dev/openapi generate   writes the Swift file that Ingest serves
    .dev/venv/bin/python deploy/dev/openapi check      fails when that file is out of date, when the
                                                       document is no OpenAPI, or an example wrong
"""

import json
import sys
from pathlib import Path

import yaml

import checks
import page

_PROJECT = Path(__file__).resolve().parents[3]
_SOURCE = _PROJECT / "docs" / "openapi.yaml"
_GENERATED = _PROJECT / "Sources" / "PayoutAPI" / "Documentation" / "OpenAPIDocument.swift"
_SWIFT = '''// swift-format-ignore-file
// Made of docs/openapi.yaml by `make openapi`; do not edit.

/// The API's description as it is served.
enum OpenAPIDocument {{
  /// OpenAPI 3.1.
  static let json = ##"{json}"##

  /// The digest of the page's style, which its Content-Security-Policy allows by it.
  static let styleDigest = "{digest}"

  /// The same for people.
  static let page = ##"""
{page}
"""##
}}
'''


def main(arguments):
    if arguments not in (["generate"], ["check"]):
        print(__doc__, file=sys.stderr)
        return 64
    document = yaml.safe_load(_SOURCE.read_text())
    swift = _swift(document)
    if arguments == ["generate"]:
        _GENERATED.write_text(swift)
        return 0
    faults = checks.faults(document)
    if not _GENERATED.exists() or _GENERATED.read_text() != swift:
        faults.append("the Swift file is out of date: run make openapi")
    for fault in faults:
        print(f"docs/openapi.yaml: {fault}", file=sys.stderr)
    return 1 if faults else 0


def _swift(document):
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    html = page.render(document)
    for part in (text, html):
        if '"##' in part or "\\##" in part:
            raise SystemExit("the document holds what ends a Swift literal")
    return _SWIFT.format(json=text, digest=page.STYLE_DIGEST, page=html)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
