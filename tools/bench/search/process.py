"""Processes that are measured: builders of an index, and programs that answer queries."""

import os
import subprocess
import threading
import time


class Builder:
    """Runs a command to its end and tells its wall time, processor time and peak memory."""

    def __init__(self, command, environment=None):
        self.command = command
        self.environment = dict(os.environ, **(environment or {}))
        self.anonymous = 0

    def watch(self, child, done):
        """Notes the greatest RssAnon, in kB, that /proc shows, ten times a second."""
        while not done.wait(0.1):
            try:
                with open(f"/proc/{child.pid}/status", encoding="ascii") as file:
                    for line in file:
                        if line.startswith("RssAnon:"):
                            self.anonymous = max(self.anonymous, int(line.split()[1]))
            except OSError:
                return

    def run(self, log):
        done = threading.Event()
        start = time.monotonic()
        with open(log, "wb") as out:
            child = subprocess.Popen(self.command, env=self.environment, stdout=out, stderr=out,
                                     stdin=subprocess.DEVNULL)
            watcher = threading.Thread(target=self.watch, args=(child, done))
            watcher.start()
            _, status, usage = os.wait4(child.pid, 0)
            child.returncode = os.waitstatus_to_exitcode(status)
        seconds = time.monotonic() - start
        done.set()
        watcher.join()
        if child.returncode:
            raise SystemExit(f"run: '{' '.join(self.command)}' ended with {child.returncode}:"
                             f" see '{log}'")
        return {"seconds": seconds, "processor": usage.ru_utime + usage.ru_stime,
                "peak_rss": usage.ru_maxrss * 1024, "peak_anonymous": self.anonymous * 1024}


class Server:
    """A program that answers a line on its standard output for each one on its standard input."""

    def __init__(self, name, command, environment=None):
        self.name = name
        self.child = subprocess.Popen(command, env=dict(os.environ, **(environment or {})),
                                      stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0)
        self.input = self.child.stdin.fileno()
        self.output = self.child.stdout.fileno()

    def ask(self, command, query):
        """(answer, nanoseconds by the program's own clock, nanoseconds as seen from here)"""
        line = f"{command}\t{query}\n".encode()
        start = time.perf_counter_ns()
        os.write(self.input, line)
        answer = os.read(self.output, 1 << 16)
        while answer and not answer.endswith(b"\n"):
            answer += os.read(self.output, 1 << 16)
        outside = time.perf_counter_ns() - start
        text, _, inside = answer.decode().rstrip("\n").rpartition("\t")
        if not inside:
            raise SystemExit(f"run: {self.name} ended at '{command} {query}'")
        return text, int(inside), outside

    def close(self):
        self.child.stdin.close()
        self.child.wait()
        self.child.stdout.close()
