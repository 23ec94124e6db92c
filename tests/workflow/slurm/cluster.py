"""A real Slurm of one node on loopback: controller, node and munge, all their files in one folder.

    python tests/workflow/slurm/cluster.py snakemake --profile profiles/slurm report

starts one, runs the command in it, and stops it.
"""

from __future__ import annotations

import getpass
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType

PROGRAMS = ("munged", "slurmctld", "slurmd", "sbatch", "srun", "squeue", "scontrol", "scancel")
PACKAGES = "slurmctld slurmd slurm-client munge"
# Where Debian puts daemons; not on every user's PATH.
PLACES = os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/sbin"])
PATIENCE = 180
"""Seconds that anything here may take to start or to stop."""

CONFIGURATION = """\
ClusterName=loopback
SlurmctldHost=localhost
SlurmctldPort={controller_port}
SlurmdPort={node_port}
# The daemons listen on 127.0.0.1 alone.
CommunicationParameters=NoAddrCache,NoCtldInAddrAny,NoInAddrAny
AuthType=auth/munge
AuthInfo=socket={folder}/run/munge.socket,cred_expire=5
CredType=cred/munge
SlurmUser={user}
SlurmdUser={user}
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool
SlurmctldPidFile={folder}/run/slurmctld.pid
SlurmdPidFile={folder}/run/slurmd.pid
SlurmctldLogFile={folder}/log/slurmctld.log
SlurmdLogFile={folder}/log/slurmd.log
MpiDefault=none
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SwitchType=switch/none
# Memory limits without cgroups: a look a second.
JobAcctGatherType=jobacct_gather/linux
JobAcctGatherFrequency=task=1
JobAcctGatherParams=OverMemoryKill
AccountingStorageType=accounting_storage/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core_Memory
SchedulerType=sched/backfill
SchedulerParameters=sched_interval=1,sched_min_interval=0,bf_interval=1,batch_sched_delay=0
# The node may have more cores than the machine.
SlurmdParameters=config_overrides
ReturnToService=2
# Otherwise a job that asks for too much waits for ever.
EnforcePartLimits=ALL
MinJobAge=3600
KillWait=1
SlurmctldTimeout=10
SlurmdTimeout=10
GresTypes=gpu
NodeName=n1 NodeHostname=localhost NodeAddr=127.0.0.1 {node}
PartitionName=main Nodes=n1 Default=YES MaxTime=INFINITE DefaultTime=10 DefMemPerCPU=200 State=UP
"""
# Two GPUs that are none: Slurm counts them and numbers them, and torch sees nothing.
GPUS = "NodeName=n1 Name=gpu File=/dev/null\nNodeName=n1 Name=gpu File=/dev/zero\n"
# The plugin takes SLURM_CONF out of the environment of the steps that it starts in a job. A cluster
# has its configuration in /etc/slurm, where no variable is needed.
SHIM = "#!/bin/sh\nSLURM_CONF='{configuration}' exec '{srun}' \"$@\"\n"


def missing() -> list[str]:
    """Return the programs of Slurm that this machine lacks."""
    return [name for name in PROGRAMS if shutil.which(name, path=PLACES) is None]


class Cluster:
    """A Slurm that runs while the context is open.

    Parameters
    ----------
    folder
        For everything it writes; a new one. Its path must not be long: a socket lies in it.
    cpus, memory_mb
        What its node claims to have.
    """

    def __init__(self, folder: Path, cpus: int = 4, memory_mb: int = 16000) -> None:
        self.folder = folder
        self.cpus = cpus
        self.memory_mb = memory_mb

    @property
    def environment(self) -> dict[str, str]:
        """The environment in which commands find this Slurm and no other."""
        return {
            **{key: value for key, value in os.environ.items() if not key.startswith("SLURM_")},
            "SLURM_CONF": str(self.folder / "etc" / "slurm.conf"),
            "PATH": os.pathsep.join([str(self.folder / "bin"), PLACES]),
        }

    def __enter__(self) -> Cluster:
        try:
            self._start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.stop()

    def call(self, *command: str, check: bool = True) -> str:
        """Run one of Slurm's commands and return what it prints."""
        done = subprocess.run(
            command,
            env=self.environment,
            check=check,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
        )
        return done.stdout

    def jobs(self, *states: str) -> list[str]:
        """Return the ids of the jobs in some states; without any, of those that are not over."""
        wanted = [f"--states={','.join(states)}"] if states else []
        return self.call("squeue", "--noheader", "--format=%A", *wanted).split()

    def told(self, job: str) -> str:
        """Return all that Slurm knows of a job."""
        return self.call("scontrol", "show", "job", job)

    def until(self, met: Callable[[], bool], what: str, seconds: float = PATIENCE) -> None:
        """Wait until `met()`; a test fails that waits in vain."""
        end = time.monotonic() + seconds
        while not met():
            if time.monotonic() > end:
                logs = "\n".join(self._last_lines(path) for path in self.folder.glob("log/*.log"))
                raise TimeoutError(f"{what} did not come true in {seconds} s\n{logs}")
            time.sleep(0.1)

    def resume(self) -> None:
        """Give a node that is down back to the jobs."""

        def up() -> bool:
            # A node that has reported to the controller meanwhile is up again, and no state to
            # resume from.
            self.call("scontrol", "update", "nodename=n1", "state=resume", check=False)
            return "down" not in self._state()

        self.until(up, "the node's return")

    def stop(self) -> None:
        """Cancel what runs and end the daemons; those that are gone are no matter."""
        if self._process("slurmctld") is not None:
            for job in set(self._waiting()):
                self.call("scancel", job, check=False)
            with suppress(TimeoutError):
                self.until(lambda: not self._waiting(), "the end of all jobs", 20)
        for name in ("slurmd", "slurmctld", "munged"):
            self._end(name)

    def _start(self) -> None:
        for name in ("etc", "run", "log", "state", "spool", "bin"):
            (self.folder / name).mkdir(parents=True)
        key = self.folder / "etc" / "munge.key"
        key.touch(mode=0o600)
        key.write_bytes(secrets.token_bytes(128))
        controller, node = free_ports(2)
        configuration = self.folder / "etc" / "slurm.conf"
        configuration.write_text(
            CONFIGURATION.format(
                folder=self.folder,
                user=getpass.getuser(),
                controller_port=controller,
                node_port=node,
                node=f"CPUs={self.cpus} RealMemory={self.memory_mb} Gres=gpu:2",
            )
        )
        (self.folder / "etc" / "gres.conf").write_text(GPUS)
        shim = self.folder / "bin" / "srun"
        shim.write_text(
            SHIM.format(configuration=configuration, srun=shutil.which("srun", path=PLACES))
        )
        shim.chmod(0o755)
        run = self.folder / "run"
        self._daemon(
            "munged",
            f"--key-file={key}",
            f"--socket={run}/munge.socket",
            f"--pid-file={run}/munged.pid",
            f"--log-file={self.folder}/log/munged.log",
            f"--seed-file={run}/munged.seed",
        )
        self._daemon("slurmctld")
        self._daemon("slurmd", "-N", "n1")
        self.until(lambda: self._state() == "idle", "an idle node")

    def _daemon(self, *command: str) -> None:
        # They go into the background by themselves, and keep what they were given as output open.
        path = self.folder / "log" / "start.log"
        with path.open("ab") as log:
            done = subprocess.run(
                command,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                timeout=PATIENCE,
                umask=0o022,
            )
        if done.returncode:
            raise RuntimeError(f"{command[0]} did not start\n{self._last_lines(path)}")

    def _state(self) -> str:
        return self.call("sinfo", "--noheader", "--format=%T", check=False).strip()

    def _waiting(self) -> list[str]:
        try:
            return self.call("squeue", "--noheader", "--format=%A", check=False).split()
        except (subprocess.TimeoutExpired, FileNotFoundError):
            return []

    def _process(self, name: str) -> int | None:
        try:
            return int((self.folder / "run" / f"{name}.pid").read_text())
        except (FileNotFoundError, ValueError):
            return None

    def _end(self, name: str) -> None:
        process = self._process(name)
        if process is None:
            return
        for sent in (signal.SIGTERM, signal.SIGKILL):
            try:
                os.kill(process, sent)
                self.until(lambda: not alive(process), f"the end of {name}", 15)
            except ProcessLookupError:
                return
            except TimeoutError:
                continue

    @staticmethod
    def _last_lines(path: Path) -> str:
        return "\n".join([f"{path}:", *path.read_text(errors="replace").splitlines()[-10:]])


def alive(process: int) -> bool:
    """Tell whether a process is there and has not ended."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def free_ports(number: int) -> list[int]:
    """Return ports of 127.0.0.1 that nobody listens on."""
    held = [socket.socket() for _ in range(number)]
    try:
        for one in held:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in held]
    finally:
        for one in held:
            one.close()


@contextmanager
def loopback(cpus: int = 4, memory_mb: int = 16000) -> Iterator[Cluster]:
    """Give a Slurm in a new folder, which is removed afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="slurm-"))
    # munge wants a way to its socket that everybody may go.
    folder.chmod(0o755)
    try:
        with Cluster(folder, cpus, memory_mb) as cluster:
            yield cluster
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def main() -> int:
    """Run the command of the arguments inside a Slurm of this machine's size."""
    if len(sys.argv) < 2:
        print(__doc__, file=sys.stderr)
        return 2
    if lacking := missing():
        print(
            f"{', '.join(lacking)} not found; on Debian: apt-get install {PACKAGES}",
            file=sys.stderr,
        )
        return 1
    with loopback(cpus=os.cpu_count() or 1) as cluster:
        return subprocess.run(sys.argv[1:], env=cluster.environment).returncode


if __name__ == "__main__":
    sys.exit(main())
