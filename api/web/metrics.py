"""Counters of one process for Prometheus; no label carries an id, an address or a path."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)


class Metrics:
    """The service's own registry, so that several services can live in one test process."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._requests = Counter(
            "zheng_http_requests", "Requests answered", ("method", "route", "status"), registry=self._registry
        )
        self._seconds = Histogram(
            "zheng_http_seconds", "Time to answer", ("route",), buckets=_BUCKETS, registry=self._registry
        )
        self._events = Counter("zheng_events_deposited", "Events newly deposited", registry=self._registry)
        self._size = Gauge("zheng_log_size", "Leaves under the newest signed head", registry=self._registry)
        self._pending = Gauge(
            "zheng_log_unanchored", "Leaves that no anchored checkpoint covers yet", registry=self._registry
        )

    def observe_request(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count one request; ``route`` is the template, empty where nothing matched."""
        self._requests.labels(method, route or "none", str(status)).inc()
        self._seconds.labels(route or "none").observe(seconds)

    def count_events(self, number: int) -> None:
        """Count events that were newly deposited."""
        self._events.inc(number)

    def set_log(self, *, size: int, anchored: int) -> None:
        """Note the sizes of the signed and of the anchored log."""
        self._size.set(size)
        self._pending.set(max(0, size - anchored))

    def text(self) -> bytes:
        """Give everything in Prometheus' text format."""
        return generate_latest(self._registry)
