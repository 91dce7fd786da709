"""Whether the document is OpenAPI 3.1, names only what is there, and its examples are valid."""

import jsonschema_rs
from openapi_spec_validator import OpenAPIV31SpecValidator


def faults(document):
    """What is wrong, in words."""
    found = [f"{list(error.path)}: {error.message}"
             for error in OpenAPIV31SpecValidator(document).iter_errors()]
    if found:
        return found
    found += _unused(document)
    for place, schema, example in _examples(document, document["paths"], []):
        found += _mismatches(document, place, schema, example)
    for name, content in document["components"]["responses"].items():
        for place, schema, example in _examples(document, content, ["components", name]):
            found += _mismatches(document, place, schema, example)
    return found


def resolve(document, value):
    """What a reference stands for."""
    while isinstance(value, dict) and set(value) >= {"$ref"}:
        target = document
        for part in value["$ref"].removeprefix("#/").split("/"):
            target = target[part]
        value = target
    return value


def _examples(document, value, place):
    """Every example beside the schema that it must fit."""
    if isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _examples(document, inner, [*place, index])
    if not isinstance(value, dict):
        return
    if "schema" in value:
        if "example" in value:
            yield place, value["schema"], value["example"]
        for name, example in value.get("examples", {}).items():
            yield [*place, name], value["schema"], resolve(document, example)["value"]
    for name, inner in value.items():
        if name not in ("schema", "example", "examples"):
            yield from _examples(document, inner, [*place, name])


def _mismatches(document, place, schema, example):
    whole = {**schema, "components": document["components"]}
    validator = jsonschema_rs.Draft202012Validator(whole, validate_formats=True)
    for error in validator.iter_errors(example):
        yield f"{'/'.join(map(str, place))}: {error.message}"


def _unused(document):
    used = set(_references(document))
    for kind, members in document["components"].items():
        for name in members:
            if kind != "securitySchemes" and f"#/components/{kind}/{name}" not in used:
                yield f"components/{kind}/{name} is used nowhere"


def _references(value):
    if isinstance(value, dict):
        if isinstance(value.get("$ref"), str):
            yield value["$ref"]
        for inner in value.values():
            yield from _references(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _references(inner)
