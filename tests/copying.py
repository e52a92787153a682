"""Copier's command, which tells of a wrong answer in a line: Copier itself ends with a traceback.

`python -m tests.copying copy …` takes what `copier copy …` takes. It needs what renders.
"""

import sys

from copier.__main__ import CopierApp

if __name__ == "__main__":
    try:
        CopierApp.run()
    except ValueError as error:
        sys.exit(str(error))
