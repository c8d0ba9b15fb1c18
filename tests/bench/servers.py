"""The two sides of a comparison: nginx with a configuration of its own, and our daemons. And the clients that load both."""
import json
import os
import pathlib
import resource
import subprocess

from local_cluster import ClusterError, http_get, wait_until

HERE = pathlib.Path(__file__).resolve().parent
SERVER_CORE, LOADER_CORE = 0, 1

NGINX_CONFIGURATION = """
daemon off; worker_processes 1; pid {folder}/pid; error_log {folder}/error.log error; worker_rlimit_nofile 65536;
thread_pool default threads=32 max_queue=65536;
{user}
events {{ worker_connections 20000; }}
http {{
  access_log off; sendfile on; tcp_nopush on; tcp_nodelay on; keepalive_requests 1000000000; keepalive_timeout 600s;
  open_file_cache max=30000 inactive=600s; open_file_cache_valid 600s; default_type application/octet-stream;
  client_max_body_size 0; client_body_temp_path {folder}/body; client_body_buffer_size 256k;
  proxy_temp_path {folder}/p; fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
  server {{
    listen 127.0.0.1:{port} backlog=4096;
    location /data/ {{ alias {data}/; }}
    location /threads/ {{ alias {data}/; aio threads; }}
    location /redirect/ {{ return 307 http://127.0.0.1:{port}/data/x; }}
    location /put/ {{ alias {folder}/put/; dav_methods PUT; create_full_put_path on; }}
    location /health {{ return 200; }}
  }}
}}
"""


def pin(pids, core):
    for pid in pids:
        for task in os.listdir(f"/proc/{pid}/task"):
            os.sched_setaffinity(int(task), {core})


def cpu_ns(pids):
    """Scheduler run time of all threads of these processes."""
    total = 0
    for pid in pids:
        for task in os.listdir(f"/proc/{pid}/task"):
            with open(f"/proc/{pid}/task/{task}/schedstat") as schedstat:
                total += int(schedstat.read().split()[0])
    return total


class Nginx:
    """One worker over `data`, a folder of files. Its own port, configuration and pid file; nothing of the system's nginx."""

    def __init__(self, folder, data, port):
        self.folder, self.port = pathlib.Path(folder), port
        (self.folder / "put").mkdir(parents=True)
        user = "user root;" if os.geteuid() == 0 else ""
        text = NGINX_CONFIGURATION.format(folder=self.folder, data=data, port=port, user=user)
        (self.folder / "nginx.conf").write_text(text)
        self.popen = subprocess.Popen(["nginx", "-p", str(self.folder), "-e", str(self.folder / "error.log"), "-c",
                                       str(self.folder / "nginx.conf")], stdin=subprocess.DEVNULL)
        wait_until(self._answers, 10, "nginx answers")
        pin(self.pids, SERVER_CORE)

    def _answers(self):
        if self.popen.poll() is not None:
            raise ClusterError("nginx ended: " + (self.folder / "error.log").read_text())
        try:
            return http_get("127.0.0.1", self.port, "/health")[0] == 200
        except OSError:
            return False

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    @property
    def pids(self):
        with open(f"/proc/{self.popen.pid}/task/{self.popen.pid}/children") as children:
            return [self.popen.pid, *map(int, children.read().split())]

    def stop(self):
        self.popen.terminate()
        self.popen.wait(10)


def free_port():
    import socket
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def load(url, *, build, connections=16, seconds=1.0, mode="same", size=0, count=0, prefix="", suffix="", rate=None,
         start_only=False):
    """One run of load_client on the loader's core: its JSON, or the process when it is only to be started."""
    # A stream in the background must not take the processor from the client whose latency is measured.
    background = ["chrt", "--idle", "0"] if start_only else []
    command = [*background, "taskset", "-c", str(LOADER_CORE), pathlib.Path(build) / "bench/load_client", url, str(connections),
               str(seconds), mode, str(size), str(count), prefix, suffix, *([str(rate)] if rate is not None else [])]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    return process if start_only else load_result(process)


def load_result(process):
    output, errors = process.communicate(timeout=300)
    if process.returncode != 0:
        raise ClusterError(f"load_client failed: {output} {errors}")
    result = json.loads(output)
    if result["errors"] or not result["requests"]:
        raise ClusterError(f"load_client: {output}")
    return result


def wrk(url, *, connections=16, seconds=1.0):
    """One run of wrk on the loader's core: its JSON. What an ordinary client costs, for comparison with our loader."""
    command = ["taskset", "-c", str(LOADER_CORE), "wrk", "-t1", f"-c{connections}", f"-d{max(1, round(seconds))}s", "--timeout", "30s",
               "-s", str(HERE / "load.lua"), url]
    before = children_us()
    run = subprocess.run(command, capture_output=True, text=True, timeout=300)
    line = next((line for line in run.stdout.splitlines() if line.startswith("JSON ")), None)
    if run.returncode != 0 or line is None:
        raise ClusterError(f"wrk failed: {run.stdout} {run.stderr}")
    result = json.loads(line[5:])
    if result["errors"] or not result["requests"]:
        raise ClusterError(f"wrk: {result['requests']} requests, {result['errors']} errors: {run.stdout}")
    result["client_us"] = (children_us() - before) / result["requests"]
    return result


def children_us():
    """Processor time of all children that have ended and were waited for."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (usage.ru_utime + usage.ru_stime) * 1e6
