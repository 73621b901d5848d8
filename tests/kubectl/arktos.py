#!/usr/bin/env python3
"""Runs Arktos's own end-to-end suites of multi-tenancy with an unmodified kubectl against arcas-server.

arktos.py SERVER_BINARY SUITES_FOLDER [KUBECTL]    SUITES_FOLDER holds test_suites/ and testdata/

Arktos's kubectl knows options that Kubernetes's does not; a wrapper maps them:
  --tenant X, --context X-admin-context   the tenant's address, https://HOST:PORT/tenants/X
  --all-tenants                           the address of all tenants
  create tenant X                         a manifest of kind Tenant
What kubectl itself words differently since 1.15, and what Kubernetes has dropped since, is told in DIFFERENCES and counted by itself.
Prints each step that fails; exit code 1 when one does that no difference explains, 77 when something is missing.
"""

import json
import os
import pathlib
import random
import re
import shutil
import signal
import string
import subprocess
import sys
import tempfile
import time

try:
    import yaml
except ImportError:
    print("Arktos's suites: python3-yaml is not here")
    sys.exit(77)

# Expected text of Arktos (kubectl 1.15) to that of later kubectls, and why.
DIFFERENCES = [
    (r"deployment\.extensions/", "deployment.apps/", "Deployments are of the group apps"),
    (r"^\n(tenant/)", r"\1", "the wrapper prints no line before it"),
    (r"No resources found\.\n", "No resources found", "kubectl names the namespace since 1.17"),
    (r"/apis/extensions/v1beta1/", "/apis/apps/v1/", "the version extensions/v1beta1 was removed in 1.16"),
    (r"\t/api[^\t\n]*", "\t", "selfLink was removed in 1.20"),
    (r"Tenant:[^\n]*\n", "", "describe of Kubernetes's kubectl does not know tenants"),
    (r"the server could not find the requested resource", "the server", "kubectl asks discovery first: it has no such resource type"),
    (r"--namespace=(\S+) --tenant=(\S+)", r"--namespace=\1", "the tenant is part of the address"),
    (r"Flag --record has been deprecated[^\n]*\n", "", "kubectl warns of it since 1.22"),
    (r"error when creating \"STDIN\": ", "", "the wrapper creates tenants from a manifest"),
    (r"kubectl(\.[0-9.]+)? scale (\S+ \S+) --replicas=2 .*", r"kubectl scale \2", "kubectl writes down the wrapper's command"),
    (r"exit status 1\n", "", "kubectl diff no longer prints it"),
    (r'namespaces \\?"[a-z0-9]+/', 'namespaces "', "the tenant is part of the address"),
]
# Steps that cannot be as in Arktos, by what stands in the command, and why.
ARGUED = [
    (r"sed -e '/  name: .* tenant: .*apply -f -", "Arktos's kubectl reads metadata.tenant; others send it to their own tenant, which refuses it"),
    (r"sed '/  name: .* tenant: .*apply --tenant", "the same: the server refuses the other tenant, in its own words"),
    (r" logs sample-nginx-pod", "hollow nodes run nothing, so that there are no logs; see node.sh for real ones"),
]
SLOW = 60  # seconds for a command, unless the suite says otherwise


def wrapper(folder, kubectl, server, kubeconfig, authority):
    """A program `kubectl` that takes Arktos's options."""
    path = folder / "kubectl"
    path.write_text(f"""#!{sys.executable}
import os, subprocess, sys
words, tenant, out = sys.argv[1:], None, []
i = 0
while i < len(words):
    word = words[i]
    if word == "--tenant" and i + 1 < len(words):
        tenant = words[i + 1]; i += 1
    elif word.startswith("--tenant="):
        tenant = word[9:]
    elif word == "--all-tenants":
        tenant = "all"; out.append("--all-namespaces")
    elif word == "--context" and i + 1 < len(words):
        tenant = words[i + 1].removesuffix("-admin-context"); i += 1
        os.environ["KUBECONFIG"] = {str(folder)!r} + "/" + tenant + ".kubeconfig"
    else:
        out.append(word)
    i += 1
if out[:2] == ["create", "tenant"] and len(out) == 3:
    manifest = '{{"apiVersion":"v1","kind":"Tenant","metadata":{{"name":"' + out[2] + '"}}}}'
    sys.exit(subprocess.run([{kubectl!r}, "create", "-f", "-"], input=manifest.encode()).returncode)
if tenant:
    out += ["--server", {server!r} + "/tenants/" + tenant]
if "get" in out and any(kind in out for kind in ("crds", "clusterroles", "clusterrolebindings", "namespaces")) and "--all-namespaces" in out:
    out.remove("--all-namespaces")
os.execv({kubectl!r}, [{kubectl!r}] + out)
""")
    path.chmod(0o755)
    return path


def modern_test_data(source, folder):
    """Test data with definitions in v1: Kubernetes removed v1beta1 in 1.22."""
    target = folder / "testdata"
    shutil.copytree(source, target)
    for file in target.glob("*_crd.yaml"):
        old = yaml.safe_load(file.read_text())
        version = old["spec"].pop("version")
        old["apiVersion"] = "apiextensions.k8s.io/v1"
        old["spec"]["versions"] = [{
            "name": version, "served": True, "storage": True,
            "schema": {"openAPIV3Schema": {"type": "object", "x-kubernetes-preserve-unknown-fields": True}}}]
        file.write_text(json.dumps(old))
    return target


def expand(text, variables):
    return re.sub(r"\$\{(\w+)\}", lambda match: str(variables.get(match.group(1), match.group(0))), text)


def later(text):
    for pattern, new, _ in DIFFERENCES:
        text = re.sub(pattern, new, text)
    return text


def problem_of(step, code, output, variables, change):
    """What is not as the suite says; empty when all is."""
    output = change(output)
    fails = step.get("ShouldFail", False)
    if bool(code) != bool(fails):
        return f"exit code {code}" + (", should fail" if fails else "")
    wanted = step.get("OutputShouldBe")
    if wanted is not None:
        wanted = change(expand(wanted, variables))
        if output.strip() != wanted.strip() and not (wanted == "No resources found" and output.startswith(wanted)):
            return f"should be {wanted!r}"
    for part in step.get("OutputShouldContain") or []:
        if change(expand(part, variables)).strip() not in output:
            return f"should contain {change(expand(part, variables))!r}"
    for part in step.get("OutputShouldNotContain") or []:
        if expand(part, variables) in output:
            return f"should not contain {expand(part, variables)!r}"
    return ""


def run_step(step, variables, environment):
    if "BeforeTest" in step:
        subprocess.run(["bash", "-c", expand(step["BeforeTest"], variables)], check=False)
    command = expand(step["Command"], variables)
    # What is asked for may take a moment: the suites were written for a machine with nothing else to do.
    asks = " get " in command or " describe " in command
    for attempt in range(max(int(step.get("RetryCount", 0)), 5 if asks else 0) + 1):
        if attempt:
            time.sleep(float(step.get("RetryInterval", 0.5)))
        try:
            done = subprocess.run(["bash", "-c", "set -o pipefail; " + command], env=environment, capture_output=True,
                                  text=True, timeout=float(step.get("TimeOut", SLOW)) + 30, check=False)
            code, output = done.returncode, done.stdout + done.stderr
        except subprocess.TimeoutExpired:
            code, output = -1, "(no end)"
        exact = problem_of(step, code, output, variables, lambda text: text)
        problem = exact and problem_of(step, code, output, variables, later)
        if not problem:
            break
    return command, output, exact, problem


def run_suite(path, variables, environment):
    suite = yaml.safe_load(path.read_text())
    variables = dict(variables)
    for name, value in (suite.get("Variables") or {}).items():
        drawn = re.fullmatch(r"random_(\d+)", str(value))
        letters = "".join(random.choices(string.ascii_lowercase, k=int(drawn.group(1)))) if drawn else value
        variables[name] = letters
    passed, differ, argued, failed = 0, 0, 0, []
    for step in suite["Tests"]:
        command, output, exact, problem = run_step(step, variables, environment)
        if problem and any(re.search(pattern, command) for pattern, _ in ARGUED):
            argued += 1
        elif problem:
            failed.append((command, problem, output))
        elif exact:
            differ += 1
        else:
            passed += 1
    return passed, differ, argued, failed


def main():
    if len(sys.argv) < 3:
        print(__doc__)
        return 2
    server, suites = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2])
    here = pathlib.Path(__file__).parent
    kubectl = sys.argv[3] if len(sys.argv) > 3 else subprocess.run(
        [here / "find.sh"], capture_output=True, text=True, check=True).stdout.split("\n")[0]
    for needed in (kubectl, "jq", "bash"):
        if not needed or not shutil.which(needed):
            print(f"Arktos's suites: {needed or 'kubectl'} is not here")
            return 77
    if not (suites / "test_suites").is_dir():
        print(f"Arktos's suites: {suites} holds no test_suites")
        return 77
    kubectl = shutil.which(kubectl)
    folder = pathlib.Path(tempfile.mkdtemp())
    data = folder / "data"
    process = subprocess.Popen([server, "--data-dir", data, "--secure-port", "0", "--hollow-nodes", "2"],
                               stdout=open(folder / "out", "w"), stderr=subprocess.STDOUT)
    try:
        return run_all(process, folder, data, server, suites, kubectl)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(20)
        shutil.rmtree(folder)


def run_all(process, folder, data, server, suites, kubectl):
    for _ in range(200):
        found = re.search(r"serving on (\S+)", (folder / "out").read_text())
        if found:
            break
        time.sleep(0.05)
    else:
        print((folder / "out").read_text())
        return 1
    address = found.group(1)
    program = wrapper(folder, kubectl, address, data / "admin.kubeconfig", None)
    setup = folder / "setup_client.sh"
    setup.write_text(f"""#!/bin/sh
[ "$REMOVE" = TRUE ] && exec rm -f "{folder}/$1.kubeconfig"
exec "{server}" kubeconfig --data-dir "{data}" --server {address} --tenant "$1" --output "{folder}/$1.kubeconfig" --user "$2"
""")
    setup.chmod(0o755)
    environment = dict(os.environ, HOME=str(folder), KUBECONFIG=str(data / "admin.kubeconfig"), EDITOR="true")
    variables = {"kubectl": program, "setup_client_script": setup,
                 "test_data_dir": modern_test_data(suites / "testdata", folder)}
    totals = [0, 0, 0, 0]
    for path in sorted((suites / "test_suites").rglob("*.yaml")):
        passed, differ, argued, failed = run_suite(path, variables, environment)
        name = path.relative_to(suites / "test_suites")
        print(f"{'ok    ' if not failed else 'FAILED'} {name}: {passed} as written, {differ} but for kubectl's wording, "
              f"{argued} cannot be, {len(failed)} not")
        for command, problem, output in failed:
            print(f"       {command.strip()[:200]}\n         {problem}")
            for line in output.splitlines()[:4]:
                print(f"         | {line[:160]}")
        totals = [sum(pair) for pair in zip(totals, (passed, differ, argued, len(failed)))]
    print(f"Arktos's suites: {totals[0]} steps as written, {totals[1]} but for the wording of newer kubectls, "
          f"{totals[2]} that cannot be the same, {totals[3]} failed")
    return 1 if totals[3] else 0


if __name__ == "__main__":
    sys.exit(main())
