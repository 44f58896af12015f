from afterword_model.baseline import count_features


def fitted(**settings):
    return count_features(**{"min_df": 1, "word_ngrams": 2, "char_ngrams": 3, **settings}).fit(
        ["I don't know! Why?", "I know why."]
    )


def test_questions_and_contractions_are_words():
    names = set(fitted().get_feature_names_out())
    assert {"words__don't", "words__?", "words__!", "words__i don't", "words__why ?"} <= names


def test_characters_stay_within_words():
    names = [name.removeprefix("chars__") for name in fitted().get_feature_names_out() if name.startswith("chars__")]
    assert {len(name) for name in names} == {2, 3}
    assert not any(" " in name.strip() for name in names)


def test_rare_features_are_left_out():
    assert len(fitted(min_df=2).get_feature_names_out()) < len(fitted().get_feature_names_out())
    assert "words__don't" not in fitted(min_df=2).get_feature_names_out()
