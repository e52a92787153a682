"""Covering arrays: few rows in which every valid combination of a few values occurs."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

import covertable

Row: TypeAlias = dict[str, Any]


def covering_array(
    axes: Mapping[str, Sequence[Any]],
    is_valid: Callable[[Row], bool],
    judged: Sequence[str],
    deep: Sequence[str],
    first: Sequence[Row] = (),
) -> list[Row]:
    """Return valid rows with all valid pairs of values of `axes`, and all triples of `deep` ones.

    `is_valid` looks at the `judged` axes only. The rows of `first` come first, except those with
    values that are not in `axes`. The same arguments give the same rows, on every machine.
    """
    rows: list[Row] = covertable.make(
        {axis: list(values) for axis, values in axes.items()},
        strength=2,
        sub_models=[{"fields": list(deep), "strength": 3}],
        constraints=[{"operator": "fn", "requires": list(judged), "evaluate": is_valid}],
        presets=list(first),
    )
    return rows
