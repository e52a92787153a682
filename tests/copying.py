"""Copier's command, which tells of a wrong answer in a line: Copier itself ends with a traceback.

`python -m tests.copying copy …` takes what `copier copy …` takes. It needs what renders.
"""

import sys

from copier.__main__ import CopierApp

if __name__ == "__main__":
    sys.argv[0] = "copier"
    try:
        CopierApp.run()
    except (ValueError, TypeError) as error:
        # Errors derived of these are about the template, for those who mend it.
        if type(error) not in {ValueError, TypeError}:
            raise
        sys.exit(str(error))
