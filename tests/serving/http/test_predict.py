import pytest
from starlette.testclient import TestClient

from afterword_model import Classifier
from afterword_serving.entry import Entry, Origin
from afterword_serving.units import By, Part, split

STEP = "I talked over her silence. On Thursday I will count to ten before I say anything."
LOOP = "Why did I say that to him? I keep going back to it. A good therapist would have known."


def test_one_note_gets_the_classifiers_answer(client: TestClient, classifier: Classifier):
    answer = client.post("/predict", json={"text": STEP}).json()
    expected = classifier.predict([STEP])[0]
    assert answer["model"] == {"name": "afterword-tiny", "version": "0.0.1"}
    [prediction] = answer["predictions"]
    assert prediction["id"] is None
    assert prediction["label"] == expected.label
    assert prediction["probabilities"] == pytest.approx(expected.probabilities)
    assert prediction["lean"] == pytest.approx(expected.lean)
    assert prediction["sure"] is expected.sure


def test_several_notes_keep_ids_and_order(client: TestClient, classifier: Classifier):
    notes = [{"id": name, "text": text} for name, text in [("b", LOOP), ("a", STEP), ("b", "Room 4 at ten.")]]
    answer = client.post("/predict", json={"notes": notes}).json()
    assert [each["id"] for each in answer["predictions"]] == ["b", "a", "b"]
    labels = [each.label for each in classifier.predict([note["text"] for note in notes])]
    assert [each["label"] for each in answer["predictions"]] == labels


def test_evidence_counts_code_points_of_the_text_as_sent(client: TestClient):
    text = f"😀 “e\u0301”  {LOOP}"
    [prediction] = client.post("/predict", json={"text": text}).json()["predictions"]
    spans = {text[span["start"] : span["end"]]: span["kind"] for span in prediction["evidence"]}
    assert any(span.startswith("Why did I") and kind == "over_analysis" for span, kind in spans.items())


@pytest.mark.parametrize("by", ["passage", "sentence"])
def test_parts_get_the_answers_that_a_batch_gives_them(client: TestClient, classifier: Classifier, by: By):
    texts = {"a": f"😀 “e\u0301” <b>{LOOP}</b>\n\n{STEP}" * 3, "b": "– – –"}
    notes = [{"id": name, "text": text} for name, text in texts.items()]
    got = client.post("/predict", json={"notes": notes, "by": by}).json()["predictions"]
    parts = [part for name, text in texts.items() for part in split(Entry(name, text, Origin("http", "")), by)]
    assert [(each["id"], each["start"], each["end"]) for each in got] == [
        (part.entry_id, part.start, part.end) for part in parts if isinstance(part, Part)
    ]
    assert len(got) > len(texts)
    assert [each["lean"] for each in got] == pytest.approx(
        [each.lean for each in classifier.predict([part.text for part in parts])]
    )


def test_a_whole_note_has_no_place(client: TestClient):
    [prediction] = client.post("/predict", json={"text": STEP, "by": "entry"}).json()["predictions"]
    assert "start" not in prediction


def test_a_note_with_more_parts_than_can_wait_is_refused(make_client):
    client = make_client(queue_notes=2, max_notes=2)
    response = client.post("/predict", json={"text": LOOP, "by": "sentence"})
    assert response.status_code == 422
    assert response.json()["errors"] == [{"where": "by", "problem": "makes more than 2 sentences of the notes"}]
    response = client.post("/predict", json={"text": LOOP, "by": "word"})
    assert response.json()["errors"] == [{"where": "by", "problem": "is none of entry, passage and sentence"}]


@pytest.mark.parametrize(
    ("text", "warning"),
    [("", "empty"), (" … ", "empty"), ("Ich weiß nicht, warum ich das gestern gesagt habe.", "not_english")],
)
def test_cautions_are_passed_on(client: TestClient, text: str, warning: str):
    [prediction] = client.post("/predict", json={"text": text}).json()["predictions"]
    assert prediction["warnings"] == [warning]
    assert prediction["sure"] is False


def test_more_notes_than_a_batch_holds(make_client, classifier: Classifier):
    texts = [f"{LOOP} {number}" for number in range(11)]
    client = make_client(batch_notes=4)
    notes = [{"id": str(number), "text": text} for number, text in enumerate(texts)]
    got = client.post("/predict", json={"notes": notes}).json()["predictions"]
    assert [each["lean"] for each in got] == pytest.approx([each.lean for each in classifier.predict(texts)])


def test_model_tells_the_public_part_of_the_manifest(client: TestClient):
    card = client.get("/model").json()
    assert card["name"] == "afterword-tiny"
    assert card["metrics"]["accuracy"] == {"value": 0.7, "low": 0.6, "high": 0.8}
    assert "libraries" not in card


def test_metrics_count_without_words(client: TestClient, canary: str):
    client.post(f"/predict?{canary}", json={"text": canary})
    client.get(f"/{canary}")
    text = client.get("/metrics").text
    assert 'afterword_requests_total{method="POST",route="/predict",status="200"} 1.0' in text
    assert "afterword_batch_notes_count 1.0" in text
    counted = [float(line.split()[-1]) for line in text.splitlines() if line.startswith("afterword_predictions_total")]
    assert len(counted) == 6
    assert sum(counted) == 1
    assert "xylocanary" not in text


def test_health(make_app):
    app = make_app()
    before = TestClient(app, base_url="http://localhost")
    assert before.get("/health/live").json() == {"status": "live"}
    assert before.get("/health/ready").status_code == 503
    assert before.post("/predict", json={"text": "x"}).status_code == 503
    with TestClient(app, base_url="http://localhost") as client:
        assert client.get("/health/ready").json() == {"status": "ready"}
