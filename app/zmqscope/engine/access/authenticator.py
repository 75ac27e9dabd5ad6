"""The ZAP handler's thread: a ROUTER where libzmq asks, and nothing that blocks (RFC 27)."""

from __future__ import annotations

import contextlib
import logging
import os
import socket
import threading
import time
from collections import deque
from collections.abc import Callable

import zmq

from zmqscope.core.endpoints import ZAP_ADDRESS
from zmqscope.core.types import Problem
from zmqscope.engine.access.doorman import Doorman
from zmqscope.engine.access.prompt_socket import PlainSocket, PromptSocket, prompt_socket
from zmqscope.engine.access.waiting_room import WaitingRoom
from zmqscope.engine.access.zap import (
    ReturnTo,
    ZapStatus,
    parse_request,
    reply_frames,
)

log = logging.getLogger(__name__)

# Of taking requests in, of dealing with them (in time of this thread), and of rest after both:
# however many knock, Python's lock is free for the rest of the app again and again.
_TAKING_S = 0.006
_TURN_S = 0.002
_NAP_S = 0.004
# Requests until whoever else waits for the lock may have it.
_AT_A_TIME = 16
_START_S = 2.0
_END_S = 1.0

ZmqContext = zmq.Context[zmq.Socket[bytes]]


class Authenticator:
    """Made and ended by the engine's thread; what is asked of it runs on its own.

    Args:
        context: The app's: libzmq asks within a context only.
        make_doorman: Makes the doorman, given what sends replies.
    """

    def __init__(
        self,
        context: ZmqContext,
        make_doorman: Callable[[Callable[[ReturnTo, ZapStatus, str, str], bool]], Doorman],
    ) -> None:
        self._context = context
        self._doorman = make_doorman(self._reply)
        self._asked: deque[Callable[[Doorman], None]] = deque()
        self._wake_end, self._woken_end = socket.socketpair()
        for end in (self._wake_end, self._woken_end):
            end.setblocking(False)
        self._waiting = WaitingRoom()
        self._requests: PromptSocket | PlainSocket | None = None
        self._is_bound = threading.Event()
        self._failure: zmq.ZMQError | None = None
        self._is_stopping = False
        self._thread = threading.Thread(target=self._run, name="zmqscope-zap", daemon=True)

    # ---- asked by other threads -------------------------------------------------------------

    def start(self) -> Problem | None:
        """Begin; returns once libzmq can ask, or why it never will."""
        self._thread.start()
        if not self._is_bound.wait(_START_S):
            return Problem("The authenticator does not start.", "Start the app again.")
        if self._failure is not None:
            return Problem(
                f"Nobody can be asked who may come in: {ZAP_ADDRESS} is not to be had "
                f"({self._failure}).",
                "Close the socket that is bound there, and open this one again.",
            )
        return None

    def ask(self, what: Callable[[Doorman], None]) -> None:
        """Have something done by the doorman, on the authenticator's thread."""
        self._asked.append(what)
        with contextlib.suppress(BlockingIOError, OSError):
            self._wake_end.send(b"w")

    def close(self) -> None:
        """End the thread and its socket; requests that are held stay unanswered."""
        self._is_stopping = True
        with contextlib.suppress(BlockingIOError, OSError):
            self._wake_end.send(b"w")
        if self._thread.ident is not None:
            self._thread.join(_END_S)
        for end in (self._wake_end, self._woken_end):
            end.close()

    # ---- the thread -------------------------------------------------------------------------

    def _run(self) -> None:
        try:
            with self._context.socket(zmq.ROUTER) as router:
                router.set(zmq.LINGER, 0)
                # So that it is known when a peer has left in the meantime.
                router.set(zmq.ROUTER_MANDATORY, 1)
                router.bind(ZAP_ADDRESS)
                self._requests = requests = prompt_socket(router)
                self._is_bound.set()
                self._serve(router, requests)
        except zmq.ZMQError as error:
            # There is no room for it, the address is taken, or the context goes.
            self._failure = error
        finally:
            self._requests = None
            self._is_bound.set()

    def _serve(self, router: zmq.Socket[bytes], requests: PromptSocket | PlainSocket) -> None:
        poller = zmq.Poller()
        poller.register(router, zmq.POLLIN)
        poller.register(self._woken_end, zmq.POLLIN)
        while not self._is_stopping:
            if not self._waiting and not self._asked:
                poller.poll()
            try:
                self._run_asked()
                self._take_in(requests)
                self._deal()
            except zmq.ZMQError:
                raise
            # The thread's outermost handler: one surprise must not lock everybody out.
            except Exception:
                log.exception("access")
            if self._waiting:
                time.sleep(_NAP_S)

    def _run_asked(self) -> None:
        with contextlib.suppress(BlockingIOError):
            self._woken_end.recv(4096)
        while self._asked and not self._is_stopping:
            self._asked.popleft()(self._doorman)

    def _take_in(self, requests: PromptSocket | PlainSocket) -> None:
        """Take all that has come, to the last, for a few turns at most.

        Until then libzmq keeps the pipes of those that have gone, 32 KiB each, and there may be
        thousands a second; yet those who have come must not wait for ever for those who come.
        """
        end_s = time.thread_time() + _TAKING_S
        with contextlib.suppress(zmq.Again):
            while not self._is_stopping and time.thread_time() < end_s:
                for _ in range(_AT_A_TIME):
                    self._waiting.put(requests.receive())
                time.sleep(0)

    def _deal(self) -> None:
        """Deal with what waits, for a turn at most."""
        own_pid = os.getpid()
        end_s = time.thread_time() + _TURN_S
        while self._waiting and time.thread_time() < end_s:
            for _ in range(min(_AT_A_TIME, len(self._waiting))):
                self._doorman.on_request(parse_request(self._waiting.take(), own_pid))
            time.sleep(0)

    def _reply(self, return_to: ReturnTo, status: ZapStatus, text: str, user_id: str) -> bool:
        if self._requests is None:
            return False
        try:
            self._requests.send(reply_frames(return_to, status, text, user_id))
        except zmq.ZMQError:
            # Its connection has gone, or an asker that is not libzmq does not read.
            return False
        return True
