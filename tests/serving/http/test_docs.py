import re

from afterword_serving.schemas import PREDICT_REQUEST, PredictResponse

FORMS = {"application/json", "text/plain", "text/html"}


def test_the_page_stands_alone(client):
    response = client.get("/docs")
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    page = response.text
    assert set(re.findall(r'(?:href|src|url|action)\s*=?\s*[("]+([^#")][^")]*)', page)) == {"openapi.json"}
    assert "<script" not in page
    assert "script-src" not in response.headers["content-security-policy"]
    for path in client.get("/openapi.json").json()["paths"]:
        assert f"<code>{path}</code>" in page


def test_what_can_be_scrolled_can_be_reached_and_has_a_name(client):
    boxes = re.findall(r'<div class="scroll"[^>]*>|<pre[^>]*>', client.get("/docs").text)
    names = [re.search(r'tabindex="0" role="region" aria-label="([^"]+)"', box) for box in boxes]
    assert boxes
    assert all(names)


def test_what_is_code_is_shown_as_code(client):
    page = client.get("/docs").text
    assert "`" not in page
    assert "<code>afterword classify --report</code>" in page


def test_docs_can_be_switched_off(make_client):
    client = make_client(docs=False)
    assert client.get("/docs").status_code == client.get("/openapi.json").status_code == 404


def test_every_error_is_a_problem_and_nothing_is_fastapis_own(client):
    document = client.get("/openapi.json").json()
    for path in document["paths"].values():
        for operation in path.values():
            for status, answer in operation["responses"].items():
                wanted = {"application/problem+json"} if int(status) >= 400 else FORMS
                assert set(answer["content"]) <= wanted
    assert "HTTPValidationError" not in document["components"]["schemas"]


def test_examples_are_what_the_service_takes_and_gives(client):
    schemas = client.get("/openapi.json").json()["components"]["schemas"]
    for form in ("OneNote", "ManyNotes"):
        for example in schemas[form]["examples"]:
            PREDICT_REQUEST.validate_python(example)
            assert client.post("/predict", json=example).status_code == 200
    for example in schemas["PredictResponse"]["examples"]:
        PredictResponse.model_validate(example)
        note = schemas["OneNote"]["examples"][0]["text"]
        [span] = example["predictions"][0]["evidence"]
        assert note[span["start"] : span["end"]].startswith("On Thursday I will")


def test_limits_and_keys_are_described(make_client):
    document = make_client(max_notes=7, max_characters=70, api_keys=f"a:{'0' * 64}").get("/openapi.json").json()
    schemas = document["components"]["schemas"]
    assert schemas["ManyNotes"]["properties"]["notes"]["maxItems"] == 7
    assert schemas["Note"]["properties"]["text"]["maxLength"] == 70
    assert document["paths"]["/predict"]["post"]["security"] == [{"key": []}]
    assert "security" not in document["paths"]["/health/live"]["get"]
