import inspect

import pytest

from afterword_model import errors

CLASSES = [item for _, item in inspect.getmembers(errors, inspect.isclass)]


@pytest.mark.parametrize("error", CLASSES)
def test_each_error_is_in_the_tree_that_the_docstring_draws(error):
    assert issubclass(error, errors.AfterwordError)
    assert error.__name__ in errors.__doc__
    assert error.__doc__
