"""The document as one HTML page that needs neither a network nor a script."""

import base64
import hashlib
import json
import re
from html import escape

from checks import resolve

_STYLE = """
:root { color-scheme: light dark; --line: #8884; --dim: #888; }
body { font: 16px/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 62rem; padding: 1rem; }
code, pre { font: 0.9em/1.45 ui-monospace, monospace; }
pre { overflow-x: auto; padding: 0.7rem; border: 1px solid var(--line); border-radius: 6px; }
h2 { border-bottom: 1px solid var(--line); margin-top: 2.5rem; }
h3 { margin-top: 2rem; }
table { border-collapse: collapse; width: 100%; margin: 0.5rem 0; }
th, td { text-align: left; vertical-align: top; padding: 0.25rem 0.75rem 0.25rem 0;
  border-bottom: 1px solid var(--line); overflow-wrap: anywhere; }
th { color: var(--dim); font-weight: normal; }
.method { font-weight: bold; }
.dim { color: var(--dim); }
nav a { margin-right: 1rem; }
"""

STYLE_DIGEST = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()


def render(document):
    """The whole page."""
    info = document["info"]
    tags = [tag["name"] for tag in document["tags"]]
    operations = list(_operations(document))
    parts = [
        "<!doctype html>", '<html lang="en">', "<head>", '<meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{escape(info['title'])} {escape(info['version'])}</title>",
        f"<style>{_STYLE}</style>", "</head>", "<body>",
        f"<h1>{escape(info['title'])} <span class=dim>{escape(info['version'])}</span></h1>",
        f"<p>{escape(info['summary'])}</p>", _prose(info["description"]),
        f"<p>Every path is below <code>{escape(document['servers'][0]['url'])}</code>. For "
        'programs: <a href="openapi.json">openapi.json</a>.</p>',
        "<nav>" + "".join(
            f'<a href="#{tag}">{tag}</a>' for tag in [*tags, "Authentication", "Schemas"])
        + "</nav>",
    ]
    for tag in tags:
        parts.append(f'<h2 id="{tag}">{tag}</h2>')
        for method, path, operation in operations:
            if tag in operation["tags"]:
                parts += _operation(document, method, path, operation)
    parts.append('<h2 id="Authentication">Authentication</h2>')
    parts.append(_table(["name", "", "meaning"], [
        [_code(name), escape(_scheme(scheme)), _inline(scheme["description"])]
        for name, scheme in document["components"]["securitySchemes"].items()]))
    parts.append('<h2 id="Schemas">Schemas</h2>')
    for name, schema in document["components"]["schemas"].items():
        parts += _schema(name, schema)
    return "\n".join([*parts, "</body>", "</html>"])


def _operations(document):
    for path, item in document["paths"].items():
        for method in ("get", "post", "put", "patch", "delete"):
            if method in item:
                yield method, path, item[method]


def _operation(document, method, path, operation):
    yield (f'<h3 id="{operation["operationId"]}"><span class=method>{method.upper()}</span> '
           f"<code>{escape(path)}</code></h3>")
    yield f"<p>{escape(operation['summary'])}.</p>"
    yield _prose(operation.get("description", ""))
    security = operation.get("security", document["security"])
    yield "<p class=dim>" + ("Public." if not security else "Needs " + ", or ".join(
        " with ".join(escape(name) for name in choice) for choice in security) + ".") + "</p>"
    parameters = [resolve(document, parameter) for parameter in operation.get("parameters", [])]
    if parameters:
        yield _table(["parameter", "in", "type", ""], [
            [_code(p["name"]), p["in"], _type(p["schema"]), _inline(p.get("description", ""))]
            for p in parameters])
    body = operation.get("requestBody")
    if body:
        for content in body["content"].values():
            yield f"<p>Body: {_type(content['schema'])}. {_inline(body['description'])}</p>"
            yield from _shown_examples(document, content)
    rows, shown = [], []
    for status, response in operation["responses"].items():
        response = resolve(document, response)
        kinds = dict.fromkeys(_type(c["schema"]) for c in response.get("content", {}).values())
        rows.append([_code(status), " or ".join(kinds), _inline(response["description"])])
        if status.startswith("2"):
            for content in response.get("content", {}).values():
                shown += _shown_examples(document, content)
    yield _table(["status", "body", ""], rows)
    yield from shown


def _shown_examples(document, content):
    for example in content.get("examples", {}).values():
        text = json.dumps(resolve(document, example)["value"], indent=2, ensure_ascii=False)
        yield f"<pre>{escape(text)}</pre>"


def _schema(name, schema):
    yield f'<h3 id="schema-{name}"><code>{name}</code></h3>'
    yield _prose(schema.get("description", ""))
    if "properties" not in schema:
        yield f"<p>{_type(schema)}</p>"
        return
    required = schema.get("required", [])
    yield _table(["field", "type", ""], [
        [_code(field) + ("" if field in required else ' <span class=dim>optional</span>'),
         _type(inner), _inline(inner.get("description", ""))]
        for field, inner in schema["properties"].items()])


def _type(schema):
    """A schema in a few words."""
    if "$ref" in schema:
        name = schema["$ref"].rsplit("/", 1)[1]
        return f'<a href="#schema-{name}">{name}</a>' + _default(schema)
    for word in ("oneOf", "anyOf"):
        if word in schema:
            return " or ".join(_type(choice) for choice in schema[word])
    if "enum" in schema:
        return ", ".join(_code(json.dumps(value)) for value in schema["enum"]) + _default(schema)
    if "const" in schema:
        return _code(json.dumps(schema["const"]))
    kinds = schema.get("type", "anything")
    text = " or ".join(kinds) if isinstance(kinds, list) else kinds
    if text == "array":
        text = f"array of {_type(schema['items'])}"
    if "format" in schema:
        text += f" ({escape(schema['format'])})"
    bounds = [f"{label} {schema[key]}" for key, label in (
        ("minimum", "from"), ("maximum", "to"), ("minLength", "at least"), ("maxLength", "at most"),
        ("minItems", "at least"), ("maxItems", "at most"), ("multipleOf", "steps of"))
        if key in schema]
    if "pattern" in schema:
        bounds.append(_code(schema["pattern"]))
    return text + (f" <span class=dim>{', '.join(bounds)}</span>" if bounds else "") \
        + _default(schema)


def _default(schema):
    return f", default {_code(str(schema['default']))}" if "default" in schema else ""


def _scheme(scheme):
    if scheme["type"] == "http":
        return f"Authorization: {scheme['scheme'].capitalize()}"
    return f"header {scheme['name']}"


def _table(head, rows):
    cells = lambda tag, row: "".join(f"<{tag}>{cell}</{tag}>" for cell in row)
    return "<table>\n" + f"<tr>{cells('th', head)}</tr>\n" + "\n".join(
        f"<tr>{cells('td', row)}</tr>" for row in rows) + "\n</table>"


def _code(text):
    return f"<code>{escape(text)}</code>"


def _inline(text):
    return re.sub(r"`([^`]*)`", r"<code>\1</code>", escape(text.strip()))


def _prose(text):
    return "\n".join(f"<p>{_inline(part)}</p>" for part in text.split("\n\n") if part.strip())
