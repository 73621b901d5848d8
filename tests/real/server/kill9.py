#!/usr/bin/env python3
"""kill -9 under load: no acknowledged write is lost, none is doubled, whatever a client was told is there.

kill9.py SERVER_BINARY [--rounds N] [--pods N]

Each round, eight clients create and replace ConfigMaps over HTTPS until the server is killed in the middle
of it; then it starts again on the same store, and everything that a client was ever told is compared with
what it has. A request under way at the kill may have happened or not, but nothing in between. With --pods
a Deployment of so many pods on hollow nodes is there from the first round on, and at the end exactly so
many pods run. Prints how long starts took; exit code 1 and what differs when something does.
"""

import argparse
import base64
import http.client
import json
import os
import random
import re
import signal
import ssl
import subprocess
import sys
import tempfile
import threading
import time

CLIENTS = 8
FOLDER = "/api/v1/namespaces/default/configmaps"


class Server:
    def __init__(self, binary, folder, hollow):
        self.command = [binary, "--data-dir", folder, "--secure-port", "0", "--hollow-nodes", str(hollow)]
        self.folder = folder
        self.process = None

    def start(self):
        """Starts it and gives the seconds until /readyz says ok."""
        began = time.monotonic()
        log_path = os.path.join(os.path.dirname(self.folder), "server.log")
        with open(log_path, "w") as log:
            self.process = subprocess.Popen(self.command, stdout=log, stderr=subprocess.STDOUT)
        while True:
            if self.process.poll() is not None or time.monotonic() - began > 60:
                sys.exit(f"kill -9: the server does not start: {open(log_path).read()}")
            said = re.search(r"serving on https://([^:]+):(\d+)", open(log_path).read())
            if said and self._ready(said[1], int(said[2])):
                return time.monotonic() - began
            time.sleep(0.02)

    def _ready(self, host, port):
        self.address = (host, port)
        if not hasattr(self, "context"):
            self.context = self._credentials()
        try:
            return self.ask("GET", "/readyz")[0] == 200
        except OSError:
            return False

    def _credentials(self):
        text = open(os.path.join(self.folder, "admin.kubeconfig")).read()
        parts = {}
        for name in ("certificate-authority-data", "client-certificate-data", "client-key-data"):
            parts[name] = base64.b64decode(re.search(name + r": *\"?([A-Za-z0-9+/=]+)", text)[1])
        context = ssl.create_default_context(cadata=parts["certificate-authority-data"].decode())
        with tempfile.NamedTemporaryFile(dir=os.path.dirname(self.folder)) as both:
            both.write(parts["client-certificate-data"] + b"\n" + parts["client-key-data"])
            both.flush()
            context.load_cert_chain(both.name)
        return context

    def connect(self):
        return http.client.HTTPSConnection(*self.address, context=self.context, timeout=20)

    def ask(self, verb, path, body=None, link=None):
        link = link or self.connect()
        link.request(verb, path, None if body is None else json.dumps(body), {"Content-Type": "application/json"})
        answer = link.getresponse()
        text = answer.read()
        try:
            return answer.status, json.loads(text)
        except ValueError:
            return answer.status, text.decode()

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()


class Client(threading.Thread):
    """Writes until the server is gone. `told`: name -> (uid, revision, value); `open`: what is not known."""

    def __init__(self, server, name):
        super().__init__()
        self.server, self.prefix = server, name
        self.told, self.open, self.wrong = {}, None, []

    def run(self):
        number = 0
        try:
            link = self.server.connect()
            while True:
                replaced = random.choice(list(self.told)) if self.told and number % 3 == 2 else None
                name = replaced or f"{self.prefix}-{number}"
                number += 1
                value = f"{random.getrandbits(64):x}" * 20
                body = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name}, "data": {"v": value}}
                if replaced:
                    body["metadata"]["resourceVersion"] = self.told[name][1]
                self.open = (name, value)
                status, answer = self.server.ask("PUT" if replaced else "POST",
                                                 FOLDER + ("/" + name if replaced else ""), body, link)
                if status not in (200, 201):
                    self.wrong.append(f"{name}: status {status}: {str(answer)[:200]}")
                    return
                self.told[name] = (answer["metadata"]["uid"], answer["metadata"]["resourceVersion"], value)
                self.open = None
        except (OSError, http.client.HTTPException, ValueError):
            pass  # it was killed


def compare(server, told, clients, wrong):
    """What the server has now against what all clients of all rounds were told."""
    for client in clients:
        told.update(client.told)
        wrong += client.wrong
    status, answer = server.ask("GET", FOLDER)
    if status != 200:
        wrong.append(f"list: status {status}")
        return
    there = {item["metadata"]["name"]: item for item in answer["items"]}
    if len(there) != len(answer["items"]):
        wrong.append("a name stands twice in the list")
    maybe = {client.open[0]: client.open[1] for client in clients if client.open}
    for name, (uid, revision, value) in told.items():
        item = there.get(name)
        if item is None:
            wrong.append(f"{name}: was acknowledged and is lost")
        elif item["metadata"]["uid"] != uid:
            wrong.append(f"{name}: is another object now")
        elif item["data"]["v"] != value and item["data"]["v"] != maybe.get(name):
            wrong.append(f"{name}: has a value that was never acknowledged last")
        elif item["data"]["v"] == value and item["metadata"]["resourceVersion"] != revision:
            wrong.append(f"{name}: has revision {item['metadata']['resourceVersion']}, not {revision}")
    for name, item in there.items():
        if name == "kube-root-ca.crt" or name in told:
            continue
        if item["data"]["v"] != maybe.get(name):
            wrong.append(f"{name}: nobody was told of it, and nobody asked for it")
        # From now on it is known.
    for name, item in there.items():
        if name != "kube-root-ca.crt":
            told[name] = (item["metadata"]["uid"], item["metadata"]["resourceVersion"], item["data"]["v"])
    newest = max((int(revision) for _, revision, _ in told.values()), default=0)
    if int(answer["metadata"]["resourceVersion"]) < newest:
        wrong.append("the store's revision went backwards")


def deployment(pods):
    labels = {"app": "kept"}
    requests = {"requests": {"cpu": "10m", "memory": "8Mi"}}
    template = {"metadata": {"labels": labels},
                "spec": {"containers": [{"name": "c", "image": "registry.example/app:1", "resources": requests}]}}
    return {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "kept"},
            "spec": {"replicas": pods, "selector": {"matchLabels": labels}, "template": template}}


def all_run(server, pods, patience):
    end = time.monotonic() + patience
    while time.monotonic() < end:
        _, answer = server.ask("GET", "/api/v1/namespaces/default/pods?labelSelector=app%3Dkept")
        running = [pod for pod in answer["items"] if pod["status"].get("phase") == "Running"]
        if len(running) == pods == len(answer["items"]):
            return []
        time.sleep(0.5)
    return [f"{len(answer['items'])} pods, {len(running)} of them running, not {pods}"]


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("server")
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--pods", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    random.seed(options.seed)
    with tempfile.TemporaryDirectory() as place:
        server = Server(options.server, os.path.join(place, "data"), 5)
        starts, told, wrong = [server.start()], {}, []
        if options.pods:
            status, _ = server.ask("POST", "/apis/apps/v1/namespaces/default/deployments", deployment(options.pods))
            wrong += [] if status == 201 else [f"the deployment: status {status}"]
        for turn in range(options.rounds):
            clients = [Client(server, f"r{turn}-c{number}") for number in range(CLIENTS)]
            for client in clients:
                client.start()
            time.sleep(random.uniform(0.05, 0.8))
            server.kill()
            for client in clients:
                client.join()
            starts.append(server.start())
            compare(server, told, clients, wrong)
            if wrong:
                break
        if options.pods and not wrong:
            wrong += all_run(server, options.pods, 60)
        server.kill()
        for line in wrong[:20]:
            print(f"kill -9: {line}")
        starts.sort()
        print(f"kill -9: {turn + 1} times, {len(told)} documents, {len(wrong)} wrong; start to ready "
              f"{starts[len(starts) // 2]:.2f} s in the middle, {starts[-1]:.2f} s at most")
        return 1 if wrong else 0


sys.exit(main())
