"""Propose the newest release of the template as a pull request, or as a merge request on GitLab.

`make template-pull-request` runs it for a scheduled job, in a whole checkout of the default branch. The branch is
written anew each time, until somebody has committed to it: then it is theirs. What is left to decide makes the
request a draft.

It exits with 0 if a request is open or nothing is newer, and with another status if something failed.
"""

import argparse
import json
import os
import shlex
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

BRANCH: Final = "template-update"
EMAIL: Final = "template-update@localhost"
UPDATE: Final = Path(__file__).with_name("template_update.py")
DECIDED, UNDECIDED = 0, 1
# Parts of names. The others are how GitLab's job hands its token to git.
SECRETS: Final = ("TOKEN", "GIT_CONFIG_COUNT", "GIT_CONFIG_VALUE")


@dataclass(frozen=True)
class Proposal:
    title: str
    report: str
    is_draft: bool


def main(arguments: Sequence[str] | None = None) -> int:
    options = parse(arguments)
    release = newer_release(options.copier)
    if release is None:
        print("The template has no newer release.")
        return 0
    pushed = fetch()
    if pushed and not written_here(pushed):
        print(f"Somebody has committed to {BRANCH}: it is left alone. Merge it or delete it to get {release}.")
        return 0
    git("switch", "--quiet", "--force-create", BRANCH)
    proposal = update(release, options.copier, options.lock)
    if proposal is None:
        return 2
    commit(proposal)
    lease = f"--force-with-lease=refs/heads/{BRANCH}:{pushed}"
    if options.gitlab:
        git("push", lease, *merge_request(proposal), "origin", BRANCH)
    else:
        git("push", lease, "origin", BRANCH)
        pull_request(proposal)
    return 0


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Propose the newest release of the template.")
    parser.add_argument("--copier", type=shlex.split, default=["copier"], help="the command of Copier")
    parser.add_argument("--lock", default="", help="the command that locks the dependencies again")
    parser.add_argument("--gitlab", action="store_true", help="open a merge request on GitLab")
    return parser.parse_args(arguments)


def newer_release(copier: Sequence[str]) -> str | None:
    """Return the template's newest release, unless the service is at it."""
    # Not by its exit status: what runs Copier has one of its own when it fails.
    found = json.loads(output_of(*copier, "check-update", "--output-format=json", env=without_tokens()))
    return str(found["latest_version"]) if found["update_available"] else None


def fetch() -> str:
    """Fetch the branch if there is one already, and return the commit that it is at."""
    listed = git("ls-remote", "origin", f"refs/heads/{BRANCH}")
    if not listed:
        return ""
    git("fetch", "--quiet", "origin", f"refs/heads/{BRANCH}")
    return git("rev-parse", "FETCH_HEAD")


def written_here(commit: str) -> bool:
    """Whether all that is not merged up to `commit` was committed by this."""
    return set(git("log", "--format=%ce", f"HEAD..{commit}").splitlines()) <= {EMAIL}


def update(release: str, copier: Sequence[str], lock: str) -> Proposal | None:
    """Update the work tree; None if that failed."""
    command = [sys.executable, str(UPDATE), "--copier", shlex.join(copier), "--lock", lock]
    done = subprocess.run(command, check=False, stdout=subprocess.PIPE, text=True, env=without_tokens())
    print(done.stdout)
    # One that breaks off has a status too, but nothing to tell.
    if done.returncode not in {DECIDED, UNDECIDED} or not done.stdout:
        return None
    return Proposal(f"Update the template to {release}", done.stdout.strip(), done.returncode == UNDECIDED)


def without_tokens() -> dict[str, str]:
    """Return the environment for what comes from elsewhere: Copier, and what locking may build."""
    return {name: value for name, value in os.environ.items() if not any(secret in name for secret in SECRETS)}


def commit(proposal: Proposal) -> None:
    git("add", "--all")
    for person in ("AUTHOR", "COMMITTER"):
        os.environ |= {f"GIT_{person}_NAME": "Template update", f"GIT_{person}_EMAIL": EMAIL}
    # The hooks refuse conflict markers: here they are what there is to decide.
    git("commit", "--quiet", "--no-verify", "--message", proposal.title, "--message", proposal.report)


def merge_request(proposal: Proposal) -> list[str]:
    """Return the options of `git push` by which GitLab opens a merge request, or changes the one that is open."""
    title = f"Draft: {proposal.title}" if proposal.is_draft else proposal.title
    # An option is one line; GitLab makes new lines of these.
    description = proposal.report.replace("\n", "\\n")
    options = ("create", f"title={title}", f"description={description}")
    return [f"--push-option=merge_request.{option}" for option in options]


def pull_request(proposal: Proposal) -> None:
    """Open a pull request on GitHub, or change the one that is open."""
    number = open_request()
    if number is not None:
        fields = ("-f", f"title={proposal.title}", "-f", f"body={proposal.report}")
        gh("api", "--silent", "--method", "PATCH", f"repos/{{owner}}/{{repo}}/pulls/{number}", *fields)
        gh_can("pr", "ready", number, *(["--undo"] if proposal.is_draft else []))
        return
    create = ("pr", "create", "--head", BRANCH, "--title", proposal.title, "--body", proposal.report)
    # Not every plan has drafts: without them the report and a red CI have to do.
    if not (proposal.is_draft and gh_can(*create, "--draft")):
        gh(*create)


def open_request() -> str | None:
    """Return the number of the request that is open, unless it is a fork's: its branch may have the same name."""
    of_branch = ("--head", BRANCH, "--state", "open", "--limit", "1000")
    found = json.loads(gh("pr", "list", *of_branch, "--json", "number,isCrossRepository"))
    return next((str(request["number"]) for request in found if not request["isCrossRepository"]), None)


def git(*arguments: str) -> str:
    return output_of("git", *arguments)


def gh(*arguments: str) -> str:
    return output_of("gh", *arguments)


def gh_can(*arguments: str) -> bool:
    """Try it, and return whether it was done."""
    return subprocess.run(["gh", *arguments], check=False).returncode == 0


def output_of(*command: str, env: Mapping[str, str] | None = None) -> str:
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, env=env).stdout.strip()


if __name__ == "__main__":
    sys.exit(main())
