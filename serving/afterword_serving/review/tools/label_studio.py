"""Label Studio: a JSON list of tasks with predictions, https://labelstud.io/guide/predictions ."""

import json
from collections.abc import Sequence
from typing import Any

from afterword_serving.review.task import Task

LABELLING_CONFIG = """\
<View>
  <Header value="Does the thought produce a learnable next step, or not?"/>
  <Text name="text" value="$text"/>
  <Choices name="label" toName="text" choice="single" required="true" showInline="true">
    <Choice value="reflection" hint="It produces a usable next step, or an insight that specific"/>
    <Choice value="rumination" hint="It dwells on what is over and produces no usable next step"/>
    <Choice value="neither" hint="No appraisal of one's own work of either kind"/>
  </Choices>
</View>
"""
"""What to paste under Settings > Labeling Interface > Code; the tasks fit its names."""


def render(tasks: Sequence[Task], *, model: str) -> str:
    """Return the list as JSON, in ASCII so that no reader can take it for another encoding."""
    return json.dumps([_task(task, model) for task in tasks], indent=1) + "\n"


def _task(task: Task, model: str) -> dict[str, Any]:
    result = {"from_name": "label", "to_name": "text", "type": "choices", "value": {"choices": [task.suggestion]}}
    prediction = {"model_version": model, "score": task.score, "result": [{"id": "suggestion", **result}]}
    return {"data": {"text": task.note.text, "entry_id": task.id, **task.about}, "predictions": [prediction]}
