"""Before anything is written: refuse bad answers, in Copier's words."""

import json
import os
import sys

CONTEXT = json.loads({{ cookiecutter | tojson | tojson }})  # fmt: skip

# This file runs as a rendered copy in a temporary folder. A template given as a relative path is
# relative to where cookiecutter was started, which only PWD still tells.
sys.path.insert(0, os.path.join(os.environ.get("PWD", ""), CONTEXT["_repo_dir"], "hooks"))
try:
    from handover import hand_over
except ModuleNotFoundError:
    sys.exit("The template is not found from here. Give cookiecutter its absolute path or its URL.")

hand_over(CONTEXT, pretend=True)
