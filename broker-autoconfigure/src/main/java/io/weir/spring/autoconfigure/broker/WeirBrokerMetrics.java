package io.weir.spring.autoconfigure.broker;

import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.BaseUnits;
import io.micrometer.core.instrument.binder.MeterBinder;

import io.weir.broker.Broker;
import io.weir.broker.BrokerStats;
import io.weir.broker.LimitStats;
import io.weir.broker.StorageStats;
import io.weir.broker.store.StorageStatus.State;
import io.weir.wire.BrokerLimit;

/** The broker's figures as meters. */
final class WeirBrokerMetrics implements MeterBinder {

	private final Broker broker;

	WeirBrokerMetrics(Broker broker) {
		this.broker = broker;
	}

	@Override
	public void bindTo(MeterRegistry registry) {
		counter(registry, "messages.in", "Messages stored", BaseUnits.MESSAGES, BrokerStats::messagesIn);
		counter(registry, "messages.out", "Messages delivered", BaseUnits.MESSAGES, BrokerStats::messagesOut);
		counter(registry, "messages.expired", "Messages that subscriptions were not given because they had expired",
				BaseUnits.MESSAGES, BrokerStats::expired);
		counter(registry, "bytes.in", "Bytes of the messages stored", BaseUnits.BYTES, BrokerStats::bytesIn);
		counter(registry, "bytes.out", "Bytes of the messages delivered", BaseUnits.BYTES, BrokerStats::bytesOut);
		counter(registry, "batches.damaged", "Batches of messages refused because their bytes had changed on the way",
				"batches", BrokerStats::damagedBatches);
		gauge(registry, "backlog", "Messages stored and not acknowledged", BaseUnits.MESSAGES, BrokerStats::backlog);
		gauge(registry, "bytes.kept", "Bytes of the messages that topics keep", BaseUnits.BYTES,
				BrokerStats::bytesKept);
		counter(registry, "backlog.refused", "Batches of messages refused because of their topic's backlog quota",
				"batches", BrokerStats::quotaRefusals);
		counter(registry, "backlog.dropped",
				"Messages given up, because of their topic's backlog quota, that somebody had not acknowledged",
				BaseUnits.MESSAGES, BrokerStats::messagesDropped);
		counter(registry, "messages.trimmed", "Messages trimmed that durable subscriptions were never given",
				BaseUnits.MESSAGES, BrokerStats::messagesTrimmed);
		counter(registry, "compaction.removed", "Messages taken out of logs since later ones have their keys",
				BaseUnits.MESSAGES, BrokerStats::messagesCompacted);
		redelivery(registry);
		gauge(registry, "connections", "Clients connected", BaseUnits.CONNECTIONS, BrokerStats::connections);
		storage(registry);
		for (BrokerLimit limit : BrokerLimit.values()) {
			limit(registry, limit);
		}
		refused(registry, "max-message-size", (source) -> source.stats().protocol().tooLarge());
		refused(registry, "protocol", (source) -> source.stats().protocol().others());
	}

	private void redelivery(MeterRegistry registry) {
		counter(registry, "messages.redelivered", "Deliveries of messages that had been delivered before",
				BaseUnits.MESSAGES, (stats) -> stats.redelivery().redelivered());
		counter(registry, "messages.deadlettered", "Messages that became dead letters", BaseUnits.MESSAGES,
				(stats) -> stats.redelivery().deadLetters());
		counter(registry, "messages.replayed", "Dead letters published to where they came from again",
				BaseUnits.MESSAGES, (stats) -> stats.redelivery().replayed());
		gauge(registry, "deadletters.waiting", "Messages that are given up and not stored as dead letters yet",
				BaseUnits.MESSAGES, (stats) -> stats.redelivery().deadLettersWaiting());
		gauge(registry, "keys.parked",
				"Keys of which nothing is delivered until a message that was given back is delivered again", "keys",
				(stats) -> stats.redelivery().parkedKeys());
		gauge(registry, "messages.delayed", "Messages that their senders have delayed and that are not due",
				BaseUnits.MESSAGES, BrokerStats::delayed);
	}

	private void storage(MeterRegistry registry) {
		for (State state : State.values()) {
			Gauge
				.builder("weir.broker.storage.state", this.broker,
						(source) -> storage(source, (storage) -> (storage.status().state() == state) ? 1 : 0))
				.description("1 for the state that the store is in, 0 for the others")
				.tag("state", state.name().toLowerCase(Locale.ROOT))
				.register(registry);
		}
		Gauge
			.builder("weir.broker.storage.free", this.broker,
					(source) -> storage(source, (storage) -> storage.status().freeBytes()))
			.description("Bytes that are free on the volume of the data directory, -1 if unknown")
			.baseUnit(BaseUnits.BYTES)
			.register(registry);
		Gauge
			.builder("weir.broker.storage.waiting", this.broker,
					(source) -> storage(source, StorageStats::waitingBytes))
			.description("Bytes of messages that wait to be stored")
			.baseUnit(BaseUnits.BYTES)
			.register(registry);
		Gauge.builder("weir.broker.storage.damages", this.broker, (source) -> source.damages().size())
			.description("Entries and other things stored that were found to be damaged, and are still there")
			.register(registry);
		FunctionCounter
			.builder("weir.broker.storage.refused", this.broker, (source) -> storage(source, StorageStats::refused))
			.description("Batches of messages refused because they could not be stored at the time")
			.register(registry);
	}

	private static long storage(Broker broker, ToLongFunction<StorageStats> value) {
		return broker.isRunning() ? value.applyAsLong(broker.storage()) : 0;
	}

	private void limit(MeterRegistry registry, BrokerLimit limit) {
		refused(registry, limit.key(), (source) -> stats(source, limit, LimitStats::refused));
		if (limit.scope() == BrokerLimit.Scope.BROKER) {
			gauge(registry, "used", "What is in use of a limit", limit, LimitStats::used);
			gauge(registry, "limit", "The limit", limit, LimitStats::limit);
		}
	}

	private void refused(MeterRegistry registry, String limit, ToDoubleFunction<Broker> value) {
		FunctionCounter.builder("weir.broker.refused", this.broker, value)
			.description("Requests, streams and connections that were refused or ended because of a limit")
			.tag("limit", limit)
			.register(registry);
	}

	private void gauge(MeterRegistry registry, String name, String description, BrokerLimit limit,
			ToLongFunction<LimitStats> value) {
		Gauge.builder("weir.broker." + name, this.broker, (source) -> stats(source, limit, value))
			.description(description)
			.tag("limit", limit.key())
			.register(registry);
	}

	private static long stats(Broker broker, BrokerLimit limit, ToLongFunction<LimitStats> value) {
		LimitStats stats = broker.stats().limits().get(limit);
		return (stats != null) ? value.applyAsLong(stats) : 0;
	}

	private void counter(MeterRegistry registry, String name, String description, String unit,
			ToDoubleFunction<BrokerStats> value) {
		FunctionCounter.builder("weir.broker." + name, this.broker, (source) -> value.applyAsDouble(source.stats()))
			.description(description)
			.baseUnit(unit)
			.register(registry);
	}

	private void gauge(MeterRegistry registry, String name, String description, String unit,
			ToDoubleFunction<BrokerStats> value) {
		Gauge.builder("weir.broker." + name, this.broker, (source) -> value.applyAsDouble(source.stats()))
			.description(description)
			.baseUnit(unit)
			.register(registry);
	}

}
