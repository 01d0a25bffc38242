package io.weir.broker;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongFunction;

import org.junit.jupiter.api.Test;

import io.weir.message.AccessMode;
import io.weir.message.InitialPosition;
import io.weir.message.MessageId;
import io.weir.message.SubscriptionType;
import io.weir.wire.BrokerLimit;
import io.weir.wire.ErrorCode;
import io.weir.wire.Frame;
import io.weir.wire.ProtocolException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/** What one connection may have of a broker. */
class ConnectionLimitsTest extends BrokerFixture {

	private final Broker broker = start(Broker.builder()
		.port(0)
		.limits(BrokerLimits.defaults()
			.with(BrokerLimit.PRODUCERS_PER_CONNECTION, 2)
			.with(BrokerLimit.CONSUMERS_PER_CONNECTION, 2)
			.with(BrokerLimit.NEW_TOPICS_PER_ADDRESS, 3)));

	private final RawClient client = connect(this.broker);

	@Test
	void producersOfAConnectionMustBeBounded() {
		this.client.ask(producer(1, "a"));
		this.client.ask(producer(2, "b"));
		assertRefused(producer(3, "c"), BrokerLimit.PRODUCERS_PER_CONNECTION);
		this.client.ask(new Frame.CloseProducer(1));
		this.client.ask(producer(3, "c"));
	}

	@Test
	void consumersOfAConnectionMustBeBounded() {
		this.client.ask(consumer(1, "a"));
		this.client.ask(consumer(2, "b"));
		assertRefused(consumer(3, "c"), BrokerLimit.CONSUMERS_PER_CONNECTION);
		this.client.ask(new Frame.CloseConsumer(1));
		this.client.ask(consumer(3, "c"));
	}

	@Test
	void consumersOfAllConnectionsMustBeBounded() throws Exception {
		try (Broker small = Broker.builder()
			.port(0)
			.limits(BrokerLimits.defaults().with(BrokerLimit.CONSUMERS, 3))
			.build()
			.start(); RawClient other = RawClient.connect(small)) {
			RawClient one = RawClient.connect(small);
			one.ask(consumer(1, "a"));
			one.ask(consumer(2, "b"));
			other.ask(consumer(1, "c"));
			assertThatExceptionOfType(ProtocolException.class).isThrownBy(() -> other.ask(consumer(2, "d")))
				.withMessageContaining("weir.broker.limits.consumers")
				.extracting(ProtocolException::code)
				.isEqualTo(ErrorCode.LIMIT_EXCEEDED);
			one.close();
			await().until(() -> small.stats().limits().get(BrokerLimit.CONSUMERS).used() == 1);
			other.ask(consumer(2, "d"));
			other.ask(consumer(3, "e"));
		}
	}

	/** Beyond its share a consumer gets nothing until it acknowledges something. */
	@Test
	void entriesThatAreNotAcknowledgedMustBeBounded() throws Exception {
		try (Broker small = Broker.builder()
			.port(0)
			.limits(BrokerLimits.defaults().with(BrokerLimit.PENDING_ENTRIES, 160))
			.build()
			.start(); RawClient publishing = RawClient.connect(small); RawClient hoarding = RawClient.connect(small)) {
			publishing.ask(producer(1, "p"));
			for (int message = 0; message < 50; message++) {
				publishing.publish(1, message, "m" + message);
			}
			hoarding.subscribe(1, "t", "hoard", Integer.MAX_VALUE);
			List<MessageId> share = new ArrayList<>();
			while (share.size() < 160 / 8) {
				share.add(hoarding.receive().id());
			}
			await().untilAsserted(() -> {
				LimitStats stats = small.stats().limits().get(BrokerLimit.PENDING_ENTRIES);
				assertThat(stats.used()).isEqualTo(share.size());
				assertThat(stats.refused()).isPositive();
			});
			assertThat(hoarding.hasReceivedMore()).isFalse();
			hoarding.acknowledge(1, share.toArray(MessageId[]::new));
			for (int message = share.size(); message < 50; message++) {
				RawClient.Received next = hoarding.receive();
				assertThat(next.text()).isEqualTo("m" + message);
				hoarding.acknowledge(1, next.id());
			}
			await().until(() -> small.stats().limits().get(BrokerLimit.PENDING_ENTRIES).used() == 0);
		}
	}

	@Test
	void refusedOnesMustNotCount() {
		this.client.ask(producer(1, "taken"));
		this.client.ask(consumer(1, "taken"));
		for (long id = 2; id < 20; id++) {
			long next = id;
			assertThatExceptionOfType(ProtocolException.class)
				.isThrownBy(() -> this.client.ask(producer(next, "taken")))
				.extracting(ProtocolException::code)
				.isEqualTo(ErrorCode.PRODUCER_BUSY);
			assertThatExceptionOfType(ProtocolException.class)
				.isThrownBy(() -> this.client.ask(consumer(next, "taken")))
				.extracting(ProtocolException::code)
				.isEqualTo(ErrorCode.SUBSCRIPTION_BUSY);
		}
		this.client.ask(producer(20, "free"));
		this.client.ask(consumer(20, "free"));
	}

	@Test
	void newTopicsOfAConnectionMustBeBoundedAndTheOthersUsable() {
		LongFunction<Frame> open = (topic) -> new Frame.OpenProducer(1, "t" + topic, "p", -1, AccessMode.SHARED);
		for (int topic = 0; topic < 3; topic++) {
			this.client.ask(open.apply(topic));
			this.client.ask(new Frame.CloseProducer(1));
		}
		assertRefused(open.apply(3), BrokerLimit.NEW_TOPICS_PER_ADDRESS);
		this.client.ask(open.apply(2));
		assertThat(this.client.publish(1, 0, "goes on").duplicate()).isFalse();
		assertThat(this.broker.topics("", "", 10)).extracting(TopicStats::name).containsExactly("t0", "t1", "t2");
		assertThat(this.broker.topic("t2")).get().extracting(TopicStats::messagesIn).isEqualTo(1L);
		assertThat(this.broker.topic("t3")).isEmpty();
	}

	private void assertRefused(Frame request, BrokerLimit limit) {
		assertThatExceptionOfType(ProtocolException.class).isThrownBy(() -> this.client.ask(request))
			.withMessageContaining("weir.broker.limits." + limit.key())
			.extracting(ProtocolException::code)
			.isEqualTo(ErrorCode.LIMIT_EXCEEDED);
		assertThat(this.broker.stats().limits().get(limit)).extracting(LimitStats::refused).isEqualTo(1L);
	}

	private static Frame producer(long id, String name) {
		return new Frame.OpenProducer(id, "t", name, -1, AccessMode.SHARED);
	}

	private static Frame consumer(long id, String subscription) {
		return new Frame.Subscribe(id, "t", subscription, SubscriptionType.EXCLUSIVE, InitialPosition.EARLIEST, "raw",
				true);
	}

}
