import json
from typing import Any
from urllib.parse import parse_qs, quote, unquote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ops.local.gateway import vtl
from ops.local.gateway.velocity import Template, TemplateFailedError

PARAMETERS = {"path": {"id": "7"}, "querystring": {"id": "8", "q": "a b"}, "header": {"origin": "http://x"}}
FORWARD = Template(
    "Action=SendMessage&MessageBody=$util.urlEncode($input.json('$'))&Text=$util.urlEncode($input.path('$.text'))"
)
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda children: st.lists(children, max_size=4) | st.dictionaries(st.text(), children, max_size=4),
    max_leaves=20,
)


def render(source: str | Template, document: Any = None, context: dict[str, Any] | None = None) -> str:
    template = source if isinstance(source, Template) else Template(source)
    payload = json.dumps({} if document is None else document).encode()
    return vtl.render(template, payload, PARAMETERS, context or {}, {"colour": "blue"}).decode()


@given(st.text(), st.dictionaries(st.text(), JSON, max_size=4))
def test_any_document_reaches_the_queue_unchanged(text: str, rest: dict[str, Any]) -> None:
    document = {**rest, "text": text}
    sent = parse_qs(render(FORWARD, document), keep_blank_values=True, strict_parsing=True)
    assert sent.keys() == {"Action", "MessageBody", "Text"}
    assert json.loads(sent["MessageBody"][0]) == document
    assert sent["Text"] == [text]


@given(st.text(), st.characters(categories=["Cs"]), st.text())
def test_a_lone_surrogate_fails_the_template_and_is_never_changed(before: str, half: str, after: str) -> None:
    with pytest.raises(TemplateFailedError) as failed:
        render(FORWARD, {"text": before + half + after})
    assert str(failed.value) in {"TemplateExecutionError", "UnicodeEncodeError"}


@given(st.text())
def test_url_encoding_is_javas_and_has_an_inverse(text: str) -> None:
    encoded = render("$util.urlEncode($input.path('$'))", text)
    assert unquote_plus(encoded) == text
    assert set(encoded) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.-*_+%")
    assert render("$util.urlDecode($input.path('$'))", quote(text)) == text


@given(st.text())
def test_base64_has_an_inverse(text: str) -> None:
    assert render("$util.base64Decode($util.base64Encode($input.path('$')))", text) == text


@given(st.text())
def test_escaped_text_is_a_json_string_once_its_single_quotes_are_plain_again(text: str) -> None:
    escaped = render("$util.escapeJavaScript($input.path('$')).replaceAll(\"\\\\'\", \"'\")", text)
    assert json.loads(f'"{escaped}"', strict=False) == text


@pytest.mark.parametrize(
    "text", ["__FORMAL_REFERENCE__REPLACE_TEXT__", "$input.body", "#set($a = 1)", "$!{a}", "##"]
)
def test_text_that_looks_like_velocity_is_only_text(text: str) -> None:
    assert render("$input.path('$.text')", {"text": text}) == text


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("$input.params('id')", "7"),
        ("$input.params('q')", "a b"),
        ("$input.params('Origin')", "http://x"),
        ("[$input.params('absent')]", "[]"),
        ("$input.params().path.id$input.params().querystring.id", "78"),
        ("$stageVariables.colour", "blue"),
        ("$context.identity.sourceIp", "192.0.2.1"),
        ("[$context.absent][$context.identity.absent]", "[][]"),
        ("$input.body", '{"a": {"b": [1, {"c": "x"}]}, "t": true, "n": null, "f": 1.5}'),
        ("$input.json('$.a')", '{"b":[1,{"c":"x"}]}'),
        ("$input.path('$.a.b[1].c')$input.path(\"$['a']['b'][0]\")", "x1"),
        ("$input.path('$.a')", '{b=[1,{"c":"x"}]}'),
        ("$input.path('$.a.b').size()", "2"),
        ("$input.path('$.a').containsKey('b')$input.path('$.a').size()", "true1"),
        ("#foreach($k in $input.path('$.a').keySet())$k#end", "b"),
        ("$input.path('$.t')$input.path('$.f')", "true1.5"),
        ("[$input.path('$.absent')][$input.path('$.a.b[9]')]", "[][]"),
        ("$input.json('$.absent')", '""'),
        ("#if($input.path('$.absent') == '')none#end", "none"),
        ("#if($input.path('$.a').absent)there#{else}none#end", "none"),
        ("#if(!$input.path('$.a').absent)none#end", "none"),
        ("#if($input.path('$.n'))there#{else}none#end", "none"),
        ("#if($input.params('id').matches('[A-Za-z0-9-]{1,80}'))legal#end", "legal"),
        ('$util.parseJson(\'{"size":1,"get":2}\').size()', "2"),
        ("$util.parseJson('{\"get\":2}').get('get')", "2"),
        ("$util.parseJson('{\"a\":[1,2]}').a", "[1,2]"),
        ("$util.urlEncode('~*-._ é€😀')", "%7E*-._+%C3%A9%E2%82%AC%F0%9F%98%80"),
        ("$util.urlEncode(true)", "true"),
        ("$util.escapeJavaScript('é/\"😀')", '\\u00E9\\/\\"\\uD83D\\uDE00'),
    ],
)
def test_the_variables_mean_what_the_reference_says(source: str, expected: str) -> None:
    document = {"a": {"b": [1, {"c": "x"}]}, "t": True, "n": None, "f": 1.5}
    assert render(source, document, {"identity": {"sourceIp": "192.0.2.1"}}) == expected


@pytest.mark.parametrize(
    "source",
    [
        "$input.path('$..a')",
        "$input.path('$.a[*]')",
        "$input.path('a')",
        "$util.parseJson('{')",
        "$util.base64Decode('*')",
    ],
)
def test_what_is_not_emulated_or_not_possible_fails_the_template(source: str) -> None:
    with pytest.raises(TemplateFailedError):
        render(source, {"a": [1]})


def test_an_override_is_left_in_the_context_for_the_response_template() -> None:
    context: dict[str, Any] = {"requestOverride": {"path": {}}, "responseOverride": {"header": {}}}
    render("#set($context.requestOverride.path.messageId = $input.path('$.id'))", {"id": "m-1"}, context)
    render("#set($context.responseOverride.status = 404)", {}, context)
    assert render("$context.requestOverride.path.messageId", {}, context) == "m-1"
    assert context["responseOverride"]["status"] == 404
