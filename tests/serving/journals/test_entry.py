from afterword_serving.entry import Entry, Origin


def test_an_entry_does_not_show_what_was_written(canary):
    entry = Entry("a1", canary, Origin("plain", "a.txt", "entry 1"), title=canary, prompt=canary, tags=(canary,))
    assert "Zorvexian" not in repr(entry)
    assert "a.txt" in repr(entry)
    assert (entry.text, entry.title, entry.prompt, entry.tags) == (canary, canary, canary, (canary,))
