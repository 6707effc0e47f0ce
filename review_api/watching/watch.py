"""What one serving process shows of itself and of the house: its registry, and the text of a scrape."""

from collections.abc import Iterable

from prometheus_client import CollectorRegistry, Metric, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from prometheus_client.process_collector import ProcessCollector

from core.errors import ClearholdError
from review_api.services import Services
from review_api.watching import exposition
from review_api.watching.house import HouseWatch
from review_api.watching.requests import RequestMeter

MEDIA_TYPE = CONTENT_TYPE_PLAIN_0_0_4


class Watch:
    """Made once for each application."""

    def __init__(self, services: Services) -> None:
        self.registry = CollectorRegistry()
        self.meter = RequestMeter(self.registry)
        self.house = HouseWatch(services)
        ProcessCollector(registry=self.registry)
        self.registry.register(self)

    def text(self) -> bytes:
        """Everything there is to know now, as Prometheus reads it."""
        return generate_latest(self.registry)

    def describe(self) -> Iterable[Metric]:
        """Nothing before it is asked for: names are known when the house is read."""
        return ()

    def collect(self) -> Iterable[Metric]:
        """The figures of the house; without its database, that there is none."""
        try:
            house = self.house.house()
        except ClearholdError:
            yield _up(0)
            return
        yield _up(1)
        yield GaugeMetricFamily(
            exposition.PREFIX + "house_reading_seconds",
            "How long reading the house's figures took the last time.",
            value=self.house.reading_seconds,
        )
        yield from exposition.metrics(house)


def _up(value: int) -> Metric:
    return GaugeMetricFamily(exposition.PREFIX + "database_up", "1 where the database answers.", value=value)
