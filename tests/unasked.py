"""Names among the arguments of `copier copy` that no question has: Copier drops them in silence.

`python -m tests.unasked --data framework=flask` says which there are, or that a file holds no
answers. It needs what renders.
"""

import sys
from argparse import ArgumentParser
from collections.abc import Iterable, Sequence
from pathlib import Path

from yaml import YAMLError

from tests.space import answers_in, questions


def unasked(arguments: Sequence[str]) -> list[str]:
    """Return the names that are answered, and of no question."""
    copier = ArgumentParser(add_help=False, allow_abbrev=False)
    copier.add_argument("-d", "--data", action="append", default=[])
    copier.add_argument("--data-file", type=Path)
    given, _ = copier.parse_known_args(arguments)
    names = [answer.partition("=")[0] for answer in given.data]
    # Of a file that is not there Copier tells.
    if given.data_file and given.data_file.is_file():
        names += names_in(given.data_file)
    # What begins with an underscore is what Copier itself notes in a service's answers.
    return [name for name in names if name not in questions() and not name.startswith("_")]


def names_in(file: Path) -> Iterable[str]:
    try:
        return [str(name) for name in answers_in(file)]
    except (OSError, TypeError, ValueError, YAMLError) as error:
        sys.exit(f"{file} can't be read as answers: {error}\nNothing was rendered.")


if __name__ == "__main__":
    if names := unasked(sys.argv[1:]):
        sys.exit(f"No question has these names: {', '.join(names)}. Nothing was rendered.")
